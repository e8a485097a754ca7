"""A finding: what is wrong with a document that we emit, where, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong; the value is the name that people and programs see."""

    STATUS = "status"
    LINK_DEAD = "link/dead"
    LINK_WITHDRAWN = "link/withdrawn"
    PAGE_SOURCE_TOP = "page/no-source-link-above"
    PAGE_SOURCE_BOTTOM = "page/no-source-link-below"
    PAGE_OUTLET = "page/no-outlet"
    PAGE_AUTHOR = "page/no-author"
    PAGE_CREDIT = "page/no-credit"
    PAGE_LICENCE = "page/no-licence"
    PAGE_LICENCE_LINK = "page/no-licence-link"
    PAGE_CANONICAL = "page/canonical"
    PAGE_NOINDEX = "page/no-noindex"
    PAGE_HIDDEN = "page/noindex-unasked"
    PAGE_OPEN_GRAPH = "page/open-graph"
    PAGE_ENTRY = "page/microformat"
    PAGE_RESERVATION = "page/no-tdm-reservation"
    DATA_MISSING = "linked-data/none"
    DATA_BROKEN = "linked-data/not-json"
    DATA_PROPERTY = "linked-data/no-property"
    DATA_TYPE = "linked-data/wrong-type"
    DATA_VALUE = "linked-data/wrong-value"
    FEED_BROKEN = "feed/not-well-formed"
    FEED_ELEMENT = "feed/no-element"
    FEED_DATE = "feed/wrong-date"
    FEED_ADDRESS = "feed/wrong-address"
    FEED_ID = "feed/id-twice"
    FEED_VALUE = "feed/wrong-value"
    FEED_UNREAD = "feed/read-differently"
    FEED_SOURCE = "feed/no-source"
    FEED_AUTHOR = "feed/no-author"
    FEED_LICENCE = "feed/no-licence"
    FEED_CREDIT = "feed/no-credit"
    FEED_WITHDRAWN = "feed/lists-withdrawn"
    FEED_TOMBSTONE = "feed/no-tombstone"
    API_BROKEN = "api/not-json"
    API_WITHDRAWN = "api/lists-withdrawn"
    API_CREDIT = "api/wrong-credit"
    SITEMAP_BROKEN = "sitemap/not-well-formed"
    SITEMAP_NOINDEX = "sitemap/lists-noindex"
    SITEMAP_WITHDRAWN = "sitemap/lists-withdrawn"
    SITEMAP_ADDRESS = "sitemap/wrong-address"
    GONE_STATUS = "gone/not-410"
    GONE_NOINDEX = "gone/no-noindex"
    RIGHTS_REFUSED = "rights/refused"
    RIGHTS_TEXT = "rights/text-beyond"
    RIGHTS_ALTERED = "rights/text-altered"
    RIGHTS_PICTURE = "rights/picture"


REMEDIES = {
    Fault.STATUS: "see the site's log for why it does not answer with 200",
    Fault.LINK_DEAD: "remove the link, or bring back what it leads to",
    Fault.LINK_WITHDRAWN: "no page may lead to what was withdrawn: render it anew, empty the cache before it",
    Fault.PAGE_SOURCE_TOP: "link the original before the text",
    Fault.PAGE_SOURCE_BOTTOM: "link the original behind the text",
    Fault.PAGE_OUTLET: "name the outlet in the article",
    Fault.PAGE_AUTHOR: "name the authors as the outlet does",
    Fault.PAGE_CREDIT: "print the credit line of the outlet's card",
    Fault.PAGE_LICENCE: "print the licence",
    Fault.PAGE_LICENCE_LINK: "add <link rel=license> in the head and rel=license on the licence's link",
    Fault.PAGE_CANONICAL: "set <link rel=canonical> as the card's [syndication] says",
    Fault.PAGE_NOINDEX: "add <meta name=robots content=noindex,follow>, or see the card's [syndication]",
    Fault.PAGE_HIDDEN: "remove noindex: this page may be found",
    Fault.PAGE_OPEN_GRAPH: "add the property to the head",
    Fault.PAGE_ENTRY: "mark the article up as an h-entry that cites its original",
    Fault.PAGE_RESERVATION: "pass the outlet's reservation on: tdm-reservation as header and in the head",
    Fault.DATA_MISSING: "add the article's NewsArticle as JSON-LD",
    Fault.DATA_BROKEN: "write it with a JSON library and escape <, > and & inside the script element",
    Fault.DATA_PROPERTY: "add the property",
    Fault.DATA_TYPE: "give the property a value of the type that schema.org expects",
    Fault.DATA_VALUE: "make it agree with the stored article",
    Fault.FEED_BROKEN: "write it with an XML or JSON library, without characters that XML 1.0 forbids",
    Fault.FEED_ELEMENT: "add the element that the format requires",
    Fault.FEED_DATE: "write dates by RFC 3339 (Atom, JSON Feed) or RFC 822 (RSS)",
    Fault.FEED_ADDRESS: "write an absolute http(s) address",
    Fault.FEED_ID: "give each entry an id of its own",
    Fault.FEED_VALUE: "write a value that the format knows",
    Fault.FEED_UNREAD: "a feed reader must find the same items in it",
    Fault.FEED_SOURCE: "name the outlet and link the original",
    Fault.FEED_AUTHOR: "name the authors as the outlet does",
    Fault.FEED_LICENCE: "link the licence",
    Fault.FEED_CREDIT: "carry the credit line",
    Fault.FEED_WITHDRAWN: "what was withdrawn may only stand as a tombstone: empty the cache before the feed",
    Fault.FEED_TOMBSTONE: "carry at:deleted-entry (JSON Feed: _deleted) for what was withdrawn",
    Fault.API_BROKEN: "answer with JSON that has items",
    Fault.API_WITHDRAWN: "list only what is out: empty the cache before the API",
    Fault.API_CREDIT: "carry outlet, source, authors, licence and credit as they are stored",
    Fault.SITEMAP_BROKEN: "write it with an XML library",
    Fault.SITEMAP_NOINDEX: "list only pages that search engines may list",
    Fault.SITEMAP_WITHDRAWN: "leave out what was withdrawn",
    Fault.SITEMAP_ADDRESS: "list absolute addresses of this site only",
    Fault.GONE_STATUS: "answer 410 with the reason",
    Fault.GONE_NOINDEX: "add <meta name=robots content=noindex>",
    Fault.RIGHTS_REFUSED: "`aggregator takedown` withdraws it; then see why the card changed",
    Fault.RIGHTS_TEXT: "show no more than the card and the page's signals allow",
    Fault.RIGHTS_ALTERED: "show the outlet's own words only, as they were stored",
    Fault.RIGHTS_PICTURE: "show pictures only where the card allows them",
}
"""What to do about each fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one document: ``place`` is where in it, ``message`` what is wrong there, in words."""

    fault: Fault
    url: str
    place: str
    message: str

    @property
    def remedy(self) -> str:
        """What to do."""
        return REMEDIES[self.fault]


@dataclass(frozen=True, slots=True)
class Document:
    """What was answered under a URL; header names are in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type without its parameters; empty if none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
