"""An article's page: source, credit, licence, and what it tells search engines."""

from collections.abc import Iterator

from aggregator.checking import linkeddata, rights
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Owed
from aggregator.checking.parsed import Tree, page, text_of
from aggregator.checking.words import bare
from aggregator.model.outlet import CreditPosition

_OPEN_GRAPH = ("og:type", "og:title", "og:url", "og:site_name")
_SIDES = {
    CreditPosition.TOP: ("above",),
    CreditPosition.BOTTOM: ("below",),
    CreditPosition.BOTH: ("above", "below"),
}
_HAS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"


def check(document: Document, owed: Owed | None) -> Iterator[Finding]:
    """Everything that the page of an article owes; ``owed`` is None where the article is not known.

    Without it, the page is held to what it says of itself: the original in its JSON-LD, its microformats.
    """
    view = _View(document, owed)
    if view.entry is None:
        message = "there is no element of the class h-entry"
        yield Finding(Fault.PAGE_ENTRY, document.url, "body", message)
        return
    yield from _sources(view)
    yield from _credits(view)
    yield from _head(view)
    yield from _search_engines(view)
    yield from _entry(view)
    yield from linkeddata.check(view.tree, document.url, owed)
    if owed is not None:
        text = text_of(view.body) if view.body is not None else ""
        yield from rights.shown(document, ".text", text, owed)


class _View:
    """The page's parts that the checks look at."""

    def __init__(self, document: Document, owed: Owed | None) -> None:
        self.url, self.headers, self.owed = document.url, document.headers, owed
        self.tree: Tree = page(document.body)
        entries = self._of("h-entry", self.tree)
        self.entry: Tree | None = entries[0] if entries else None
        bodies = [] if self.entry is None else self._of("e-content", self.entry)
        self.is_full = bool(bodies)
        if self.entry is not None and not bodies:
            bodies = self._of("e-summary", self.entry)
        self.body: Tree | None = bodies[0] if bodies else None

    def _of(self, name: str, tree: Tree) -> list[Tree]:
        return list(tree.xpath(f".//*[{_HAS.format(name)}]"))

    def has(self, name: str) -> bool:
        """Whether the entry has an element of this class."""
        return self.entry is not None and bool(self._of(name, self.entry))

    def meta(self, name: str) -> str:
        """The content of the head's meta element of this name or property; empty if there is none."""
        found = self.tree.xpath("//meta[@name=$name or @property=$name]/@content", name=name)
        return str(found[0]).strip() if found else ""

    def links(self, rel: str) -> list[str]:
        """Where the head's links of this relation lead."""
        query = "//head/link[contains(concat(' ', normalize-space(@rel), ' '), concat(' ', $rel, ' '))]/@href"
        return [str(href) for href in self.tree.xpath(query, rel=rel)]

    @property
    def source(self) -> str | None:
        """The original's address: the stored one, else the one that the page cites."""
        if self.owed is not None:
            return self.owed.source
        cited = [] if self.entry is None else [*self._of("u-repost-of", self.entry)]
        cited += [] if self.entry is None else [*self._of("u-bookmark-of", self.entry)]
        hrefs = [href for each in cited for href in each.xpath("self::a/@href | .//a/@href")]
        return str(hrefs[0]) if hrefs else None

    @property
    def authors(self) -> set[str]:
        """Who is marked up as an author (p-author)."""
        marked = [] if self.entry is None else self._of("p-author", self.entry)
        return {" ".join("".join(each.itertext()).split()) for each in marked}

    def beside(self, side: str) -> str:
        """The entry's words above or below its text."""
        if self.entry is None or self.body is None:
            return ""
        axis = "preceding" if side == "above" else "following"
        inside = "ancestor::*[contains(concat(' ', normalize-space(@class), ' '), ' h-entry ')]"
        return "".join(map(str, self.body.xpath(f"{axis}::text()[{inside}]")))

    def says(self, text: str) -> bool:
        """Whether the entry shows these words."""
        shown = [] if self.entry is None else [*self.entry.itertext()]
        return bare(text) in bare("".join(shown))


def _sources(view: _View) -> Iterator[Finding]:
    """The original is linked above and below the text."""
    source = view.source
    if source is None:
        if view.owed is None:
            yield Finding(Fault.PAGE_SOURCE_TOP, view.url, ".h-entry", "it names no original at all")
        return
    order = list(view.tree.iter())
    places = {id(element): index for index, element in enumerate(order)}
    links = [element for element in order if element.tag == "a" and element.get("href") == source]
    # A headline alone has no text to stand above or below: one link is enough.
    text = view.body if view.body is not None else view.tree.find(".//h1")
    start = places.get(id(text), 0)
    end = start + (sum(1 for _ in text.iter()) if text is not None else 0)
    at = [places[id(link)] for link in links]
    if view.body is not None and not any(place < start for place in at):
        yield Finding(
            Fault.PAGE_SOURCE_TOP, view.url, ".h-entry", f"no link to {source} stands above the text"
        )
    if not any(place >= end for place in at):
        message = f"no link to {source} stands below the text"
        yield Finding(Fault.PAGE_SOURCE_BOTTOM, view.url, ".h-entry", message)


def _credits(view: _View) -> Iterator[Finding]:
    """Outlet, authors, credit and licence are named in words that readers see."""
    owed = view.owed
    if owed is None:
        return
    if not view.says(owed.outlet):
        yield Finding(Fault.PAGE_OUTLET, view.url, ".h-entry", f"it does not name {owed.outlet}")
    named = view.authors
    for name in owed.authors:
        if name not in named:
            yield Finding(Fault.PAGE_AUTHOR, view.url, ".p-author", f"it does not name {name} as an author")
    yield from _credit(view, owed)
    if owed.licence and not view.says(owed.licence):
        yield Finding(Fault.PAGE_LICENCE, view.url, ".h-entry", f"the licence is missing: {owed.licence}")
    if owed.licence_url:
        hrefs = view.tree.xpath("//a[contains(concat(' ', @rel, ' '), ' license ')]/@href")
        if owed.licence_url not in hrefs:
            message = f"no rel=license link leads to {owed.licence_url}"
            yield Finding(Fault.PAGE_LICENCE_LINK, view.url, ".h-entry", message)
        if owed.licence_url not in view.links("license"):
            message = f"no <link rel=license> leads to {owed.licence_url}"
            yield Finding(Fault.PAGE_LICENCE_LINK, view.url, "head", message)


def _credit(view: _View, owed: Owed) -> Iterator[Finding]:
    """The credit line stands where the outlet wants it; a headline alone has no text to stand above."""
    if not owed.credit:
        return
    wanted = () if view.body is None else _SIDES[owed.credit_position]
    for side in wanted:
        if bare(owed.credit) not in bare(view.beside(side)):
            message = f"the credit does not stand {side} the text: {owed.credit}"
            yield Finding(Fault.PAGE_CREDIT, view.url, ".h-entry", message)
    if not wanted and not view.says(owed.credit):
        yield Finding(Fault.PAGE_CREDIT, view.url, ".h-entry", f"the credit is missing: {owed.credit}")


def _head(view: _View) -> Iterator[Finding]:
    for name in _OPEN_GRAPH:
        if not view.meta(name):
            yield Finding(Fault.PAGE_OPEN_GRAPH, view.url, "head", f"there is no {name}")
    owed = view.owed
    if owed is not None and bare(owed.outlet) not in bare(view.meta("og:site_name")):
        message = f"og:site_name does not name {owed.outlet}"
        yield Finding(Fault.PAGE_OPEN_GRAPH, view.url, "head", message)
    if owed is not None and owed.is_reserved:
        if view.meta("tdm-reservation") != "1":
            message = "the outlet reserves text and data mining, and this page does not say so"
            yield Finding(Fault.PAGE_RESERVATION, view.url, "head", message)
        if view.headers and view.headers.get("tdm-reservation") != "1":
            message = "the outlet reserves text and data mining, and this answer does not say so"
            yield Finding(Fault.PAGE_RESERVATION, view.url, "HTTP header", message)


def _search_engines(view: _View) -> Iterator[Finding]:
    canonical = view.links("canonical")
    words = {word.strip().lower() for word in view.meta("robots").split(",")}
    words |= {word.strip().lower() for word in view.headers.get("x-robots-tag", "").split(",")}
    is_hidden = bool(words & {"noindex", "none"})
    if view.owed is None:
        if not canonical:
            yield Finding(Fault.PAGE_CANONICAL, view.url, "head", "there is no canonical link")
        if view.is_full and not is_hidden:
            yield Finding(Fault.PAGE_NOINDEX, view.url, "head", "a full copy without noindex")
        return
    if canonical != [view.owed.canonical]:
        said = ", ".join(canonical) or "nothing"
        message = f"the canonical link says {said}; expected {view.owed.canonical}"
        yield Finding(Fault.PAGE_CANONICAL, view.url, "head", message)
    if not view.owed.may_index and not is_hidden:
        yield Finding(Fault.PAGE_NOINDEX, view.url, "head", "search engines may not list this page")
    if view.owed.may_index and is_hidden:
        yield Finding(Fault.PAGE_HIDDEN, view.url, "head", "the rights let search engines list this page")


def _entry(view: _View) -> Iterator[Finding]:
    """The h-entry has a name, our address, and a citation of the original (h-cite)."""
    for name in ("p-name", "u-url"):
        if not view.has(name):
            yield Finding(Fault.PAGE_ENTRY, view.url, ".h-entry", f"there is no {name}")
    if view.source and not view.has("h-cite"):
        message = "the original is not cited (u-repost-of or u-bookmark-of, with h-cite)"
        yield Finding(Fault.PAGE_ENTRY, view.url, ".h-entry", message)
