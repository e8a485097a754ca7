"""Where the reader is sent: the original if the page republishes one, else the page itself."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator import urls
from aggregator.extract import credit_line, phrases
from aggregator.extract.claims import Found
from aggregator.extract.links import Link, Links
from aggregator.extract.metatags import Tags
from aggregator.extract.plain import key, plain
from aggregator.model.article import CutBlock

_STARTS = ("http://", "https://", "//")
_LONGEST_ANCHOR_CHARS = 80
_SHORTEST_WORD_CHARS = 4
_SHORTEST_ID_DIGITS = 6
_SAME_STORY_SHARE = 0.5
_TELLING_WORDS = 3
_MOST_PIECES_ALONE = 50
_LONGEST_ALONE_CHARS = 1000
_MOST_MARKUP = 3
_HOME_PATH = re.compile(
    r"/*(?:[a-z]{2}(?:[-_][a-z]{2})?/*)?(?:(?:index|default|home)(?:\.\w{2,5})?/*)?", re.IGNORECASE
)
_APPEARED_FIRST = re.compile(
    r"appeared first on|first appeared on|est apparu en premier sur|erschien zuerst auf|apareció primero en|"
    r"è apparso prima su|verscheen eerst op|apareceu primeiro em",
    re.IGNORECASE,
)


def canonical(links: Links, meta: Tags, url: str, headline: str) -> Found[str]:
    """The page's canonical URL: ``rel=canonical``, else ``og:url``, else its own.

    A canonical is ignored that points to a home page, to the section that the page lies in, to another site's
    page about something else, or to another article of the same site: one whose words are not this page's,
    while ``og:url``, ``rel=amphtml`` or the page's own words stand for its own address.
    """
    linked, amp = (urls.absolute(url, links.related(rel) or "") for rel in ("canonical", "amphtml"))
    stated = urls.absolute(url, meta["og:url"][0]) if meta.get("og:url") else None
    own = urls.url_key(url)
    for claimed, source, witness in (
        (linked, "link:canonical", stated),
        (stated, "meta:og:url", linked),
    ):
        if claimed is None:
            continue
        witnesses = [urls.url_key(one) for one in (witness, amp) if one]
        if urls.url_key(claimed) == own or _may_stand(
            claimed, url, headline, is_own_confirmed=own in witnesses
        ):
            return Found(urls.canonical_url(claimed), source)
    return Found(urls.canonical_url(url), "url")


def stated(links: Links, meta: Tags, url: str) -> Iterator[Found[str]]:
    """The addresses that the page claims for itself, whether or not they can be believed."""
    addresses = (
        (links.related("canonical"), "link:canonical"),
        (next(iter(meta.get("og:url", ())), None), "meta:og:url"),
    )
    for address, source in addresses:
        if address and (claimed := urls.absolute(url, address)):
            yield Found(urls.canonical_url(claimed), source)


def _may_stand(claimed: str, url: str, headline: str, *, is_own_confirmed: bool) -> bool:
    """Whether a claimed address, other than the page's own, can be that of the same article."""
    if _is_home(claimed) and not _is_home(url):
        return False
    if not urls.is_same_domain(claimed, url):
        return _is_same_story(claimed, url, headline)
    if _is_section_of(claimed, url, headline):
        return False
    if _is_same_story(claimed, url, headline):
        return True
    # Numbers and single words (/node/88999) say nothing about the article; a slug does.
    names_another = len(_slug(claimed)) >= _TELLING_WORDS
    return not (names_another and (is_own_confirmed or bool(_slug(url) & _words(headline))))


def _is_section_of(claimed: str, url: str, headline: str) -> bool:
    """Whether the claimed address is a folder above the page's, and the page's own slug is cut off."""
    folder, path = (urlsplit(one).path.rstrip("/") + "/" for one in (claimed, url))
    if folder == path or not path.startswith(folder):
        return False
    about = _words(headline)
    return bool(_words(unquote(path[len(folder) :])) & about) and not _slug(claimed) & about


def _slug(url: str) -> set[str]:
    """The words of an address's last segment."""
    return _words(unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1])


def original(links: Links, url: str, canonical_url: str, claimed: Found[str] | None) -> Found[str] | None:
    """The original's URL, on another site, if the page says that it republishes one; None if it does not.

    Told by a link whose text is a source phrase, by 'appeared first on', by metadata (``original-source``,
    ``isBasedOn``), or by a canonical URL on another site. Links that name two originals name none.
    """
    linked = {found.value: found for found in _linked(links.anchors, url)}
    if len(linked) == 1:
        return next(iter(linked.values()))
    stated = urls.absolute(url, claimed.value) if claimed else None
    if claimed and stated and not urls.is_same_domain(stated, url) and not _is_home(stated):
        return Found(stated, claimed.source)
    return None if urls.is_same_domain(canonical_url, url) else Found(canonical_url, "link:canonical")


def lost(cut: Iterable[CutBlock], links: Links, url: str) -> str | None:
    """The words of a line that calls itself a link to the source and leads nowhere; None if none does."""
    lines = [one.text for one in cut if one.rule == "phrase/source_link"]
    said = {key(line): line for line in lines if phrases.source_phrase(line) == "always"}
    if said:
        short = (one for one in links.anchors if one.href and len(one.text) <= _LONGEST_ANCHOR_CHARS)
        leading = {key(one.text) for one in short if urls.absolute(url, one.href or "")}
        return next((line for words, line in said.items() if words not in leading), None)
    return None


def _linked(links: Iterable[Link], url: str) -> list[Found[str]]:
    """Links to other sites that call themselves the source."""
    found = []
    # Most links stay on the site, and need no further look.
    own = tuple(f"{start}{urlsplit(url).netloc}/" for start in _STARTS)
    for link in links:
        href = link.href
        if not href or not href.startswith(_STARTS) or href.startswith(own):
            continue
        if source := _calls_itself_source(link):
            target = urls.absolute(url, href)
            if target and not urls.is_same_domain(target, url) and not _is_home(target):
                found.append(Found(target, source))
    return found


def _calls_itself_source(link: Link) -> str | None:
    anchor, text = link.element, link.text
    if len(text) <= _LONGEST_ANCHOR_CHARS and (kind := phrases.source_phrase(text)):
        if kind == "always" or _is_alone(anchor, text):
            return f"a:{plain(text, 40)}"
        return None
    if credit_line.opens(_before(anchor)):
        return f"a:first published {plain(text, 40)}"
    # WordPress closes copies so: The post (link to the original) appeared first on (link to the site).
    return "a:appeared first" if anchor.tail and _APPEARED_FIRST.search(anchor.tail) else None


def _before(anchor: HtmlElement) -> str:
    """The last words of a link's paragraph before it, whatever marks it or them up."""
    node = anchor
    for _ in range(_MOST_MARKUP):
        previous, parent = node.getprevious(), node.getparent()
        if previous is not None:
            tail = previous.tail or ""
            pieces = [tail] if tail.strip() else islice(previous.itertext(), _MOST_PIECES_ALONE)
            return "".join(pieces)[-_LONGEST_ANCHOR_CHARS:]
        if parent is None or (parent.text or "").strip():
            return "" if parent is None else (parent.text or "")[-_LONGEST_ANCHOR_CHARS:]
        node = parent
    return ""


def _is_alone(anchor: HtmlElement, text: str) -> bool:
    """Whether the link is all that its paragraph says: 'Source' inside a sentence cites, alone it credits."""
    parent = anchor.getparent()
    if parent is None:
        return True
    # No more of a long paragraph than tells: thousands of such links in one took quadratic time.
    pieces = list(islice(parent.itertext(), _MOST_PIECES_ALONE))
    around = "".join(pieces)
    return (
        len(pieces) < _MOST_PIECES_ALONE and len(around) <= _LONGEST_ALONE_CHARS and key(around) == key(text)
    )


def _is_home(url: str) -> bool:
    """Whether this is a site's front page, or that of one of its languages (/en/, /index.php)."""
    parts = urlsplit(url)
    return bool(_HOME_PATH.fullmatch(parts.path)) and not parts.query


def _is_same_story(claimed: str, url: str, headline: str) -> bool:
    """Whether an address on another site speaks of this page's story: a number or words in common."""
    theirs = unquote(urlsplit(claimed).path)
    ours = unquote(urlsplit(url).path)
    if set(_ids(theirs)) & set(_ids(ours)):
        return True
    words = _words(theirs.rstrip("/").rsplit("/", 1)[-1]) or _words(theirs)
    known = _words(ours) | _words(headline)
    return bool(words) and len(words & known) >= _SAME_STORY_SHARE * len(words)


def _ids(path: str) -> list[str]:
    return re.findall(rf"\d{{{_SHORTEST_ID_DIGITS},}}", path)


def _words(text: str) -> set[str]:
    return {
        word
        for word in key(text.replace("_", " ")).split()
        if len(word) >= _SHORTEST_WORD_CHARS and not word.isdigit()
    }
