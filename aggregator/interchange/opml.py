"""OPML, in and out: outlines with the feeds of outlets (OPML 2.0, "Subscription lists")."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from lxml import etree

from aggregator.errors import FeedError, ListError
from aggregator.interchange.listed import End, Entry, Listed, Refused
from aggregator.model.outlet import Outlet, Seed, SeedKind
from aggregator.seeds.charset import decode
from aggregator.seeds.xml import elements, mended, without_doctype

CARD: Final = "https://github.com/aggregator-news/aggregator/blob/main/docs/cards.md#lists-of-outlets"
"""The namespace of what a card says beyond OPML's own attributes (OPML 2.0, "Extending OPML")."""

_DEEPEST: Final = 64
_KINDS: Final = {kind.value: kind for kind in SeedKind}


def read(data: bytes, name: str) -> Iterator[Entry]:
    """The outlines of a list that have an address, and what cannot be read of it.

    Folders are walked through. A list that breaks off, or is not well-formed, is read as far as it goes.

    Raises:
        ListError: its DOCTYPE has no end or declares entities as an XML bomb does, or it is no OPML.
    """
    text = decode(data, None)
    try:
        body = mended(without_doctype(text, name))
    except FeedError:
        raise ListError(
            f"{name}: refused: its DOCTYPE has no end, or declares entities as an XML bomb does; "
            "remove it from the file"
        ) from None
    before = text.count("\n") - body.count("\n")
    broken: Refused | None = None
    try:
        for _ in elements(body):
            pass
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 1) + before
        words = f"not well-formed ({error.msg}); what follows may be missing"
        broken = Refused(line, End.XML, words)
    yield from _outlines(body, name, before)
    if broken is not None:
        yield broken


def _outlines(body: str, name: str, before: int) -> Iterator[Entry]:
    depth, root = 0, ""
    for event, element in elements(body, recover=True):
        depth += 1 if event == "start" else -1
        if event == "end":
            continue
        root = root or element.tag.lower()
        if root != "opml":
            raise ListError(f"{name}: expected a list of feeds (OPML); got a document of <{root[:80]}>")
        if element.tag.lower() == "outline" and depth <= _DEEPEST:
            yield from _entry(element, (element.sourceline or 1) + before)
    if not root:
        raise ListError(f"{name}: expected a list of feeds (OPML); got nothing that is XML")


def _entry(outline: Any, line: int) -> Iterator[Entry]:
    # Programs write attributes in any case: xmlUrl, xmlurl, XMLURL.
    said = {key.lower(): value for key, value in outline.attrib.items()}
    ours = {key: said.get(f"{{{CARD.lower()}}}{key}", "") for key in ("slug", "country", "kind")}
    kind = said.get("type", "").lower()
    seed = said.get("xmlurl", "") or (said.get("url", "") if kind in {"rss", "atom", "feed"} else "")
    is_ours = ours["kind"] in _KINDS and "url" in said
    homepage = said.get("htmlurl", "")
    if not seed and not is_ours and not homepage:
        if kind == "rss":
            yield Refused(line, End.NO_ADDRESS, said.get("text", said.get("title", ""))[:200] or "no xmlUrl")
        return  # a folder
    yield Listed(
        line,
        said["url"] if is_ours else seed,
        _KINDS[ours["kind"]] if is_ours else SeedKind.FEED,
        homepage,
        said.get("title") or said.get("text", ""),
        said.get("language", ""),
        ours["country"],
        ours["slug"],
        said.get(f"{{{CARD.lower()}}}licence", ""),
        said.get(f"{{{CARD.lower()}}}licenceurl", ""),
    )


def write(title: str, outlets: Iterable[Outlet]) -> bytes:
    """The seeds of outlets as a list, each with what its card says of the outlet."""
    root = etree.Element("opml", nsmap={"card": CARD}, version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for outlet, seed in chain.from_iterable(((one, seed) for seed in one.seeds) for one in outlets):
        outline = etree.SubElement(body, "outline")
        for key, value in _facts(outlet, seed).items():
            if value:
                outline.set(key, value)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8")) + b"\n"


def _facts(outlet: Outlet, seed: Seed) -> dict[str, str]:
    is_feed = seed.kind is SeedKind.FEED
    return {
        "text": outlet.name,
        "title": outlet.name,
        # Other programs take what is no feed for a link, and leave it alone.
        "type": "rss" if is_feed else "link",
        "xmlUrl" if is_feed else "url": seed.url,
        "htmlUrl": outlet.homepage,
        "language": outlet.language,
        f"{{{CARD}}}slug": outlet.slug,
        f"{{{CARD}}}country": outlet.country,
        f"{{{CARD}}}kind": "" if is_feed else seed.kind.value,
        f"{{{CARD}}}licence": outlet.rights.licence or "",
        f"{{{CARD}}}licenceUrl": outlet.rights.licence_url or "",
    }
