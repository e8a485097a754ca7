"""What a page says beside its text, read before its body is looked for: that may use up its tree."""

from dataclasses import dataclass

from aggregator.extract import layouts, licence, metadata, metatags, nosnippet, pictures, source
from aggregator.extract.claims import Claims, Found
from aggregator.extract.errors import NotArticleError
from aggregator.extract.links import Links
from aggregator.extract.metadata import Metadata
from aggregator.extract.outlet_page import OutletPage
from aggregator.extract.parse import parse
from aggregator.model.article import Image
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as its outlet has it (``own``), and what it says of itself.

    ``original`` is the address of what it republishes, ``withheld`` the parts that it keeps out of excerpts.
    """

    own: OutletPage
    meta: metatags.Tags
    links: Links
    found: Metadata
    headline: str
    canonical: Found[str]
    original: Found[str] | None
    images: tuple[Image, ...]
    licence: Found[str] | None
    withheld: tuple[str, ...]

    @property
    def page(self) -> FetchedPage:
        """The page as it was fetched."""
        return self.own.page

    @property
    def claims(self) -> Claims:
        """The metadata that were taken."""
        return self.found.claims

    def authors(self) -> tuple[str, ...]:
        """All names that any source gives for the byline."""
        taken = self.claims.byline.value if self.claims.byline else ()
        return (*taken, *(one.value for one in self.found.losers if one.field == "byline"))


def read(page: FetchedPage, rules: Rules) -> Sheet:
    """The sheet of a page, by the rules or the class of its day.

    Raises:
        NotHtmlError, NoTextError: as ``parse``.
        NotArticleError: nobody gave a headline.
        CardError, PageClassError: as ``metadata.read`` and ``layouts.pick``.
    """
    tree = parse(page)
    meta, own = metatags.tags(tree), OutletPage(page, tree, rules)
    found = metadata.read(page, tree, meta, own)
    if (other := layouts.pick(own, found.claims.published)) is not own:
        own, found = other, metadata.read(page, tree, meta, other)
    claims = found.claims
    if claims.headline is None or not claims.headline.value:
        raise NotArticleError(f"{page.url}: no headline, so no article")
    links, headline = Links.of(tree), claims.headline.value
    canonical = source.canonical(links, meta, page.url, headline)
    return Sheet(
        own,
        meta,
        links,
        found,
        headline,
        canonical,
        source.original(links, page.url, canonical.value, claims.original),
        pictures.find(tree, page.url, claims.images, headline),
        licence.find(links, claims.licence),
        nosnippet.parts(tree),
    )
