"""Feeds: one of three formats, its entries, and whether a feed reader reads the same."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import feedparser
from lxml import etree

from aggregator.checking import atom, entries, jsonfeed, rights, rss
from aggregator.checking.entries import Entry
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Register
from aggregator.checking.parsed import json_words, xml, xml_words


@dataclass(frozen=True, slots=True)
class Read:
    """A feed read: its entries, the ids of its tombstones, where its older part is, all of its words."""

    entries: tuple[Entry, ...]
    gone: tuple[str, ...]
    older: str | None
    words: str
    findings: tuple[Finding, ...]


def check(document: Document, register: Register) -> Iterator[Finding]:
    """Everything that is wrong with a feed."""
    yield from checked(document, read(document), register)


def checked(document: Document, found: Read, register: Register) -> Iterator[Finding]:
    """The same of a feed that was read already."""
    yield from found.findings
    yield from entries.check(document, found.entries, found.gone, register)
    met = (register.at(entry.id) for entry in found.entries)
    yield from rights.beyond(document, found.words, [owed for owed in met if owed is not None])


def read(document: Document) -> Read:
    """A feed and what its format finds wrong with it; one that cannot be read has no entries."""
    if document.body.lstrip()[:1] == b"{":
        return _read_json(document)
    try:
        root = xml(document.body)
    except etree.XMLSyntaxError as error:
        return _unreadable(document, f"it is not well-formed: {error}")
    if atom.is_atom(root):
        return _read_xml(document, root, atom.entries(root), list(atom.check(root, document)))
    if rss.is_rss(root):
        return _read_xml(document, root, rss.entries(root), list(rss.check(root, document)))
    return _unreadable(document, f"<{root.tag}> is neither Atom nor RSS")


def _read_xml(document: Document, root: Any, made: Sequence[Entry], findings: list[Finding]) -> Read:
    findings += _read_back(document, made)
    return Read(tuple(made), tuple(atom.gone(root)), atom.older(root), xml_words(root), tuple(findings))


def _read_json(document: Document) -> Read:
    try:
        value = json.loads(document.body)
    except ValueError as error:
        return _unreadable(document, f"it is no JSON: {error}")
    if not jsonfeed.is_json_feed(value):
        return _unreadable(document, "it is no JSON Feed: it has no version of one")
    findings = tuple(jsonfeed.check(value, document))
    if findings and not isinstance(value.get("items"), list):
        return Read((), (), None, json_words(value), findings)
    older = value.get("next_url")
    words = json_words(value)
    return Read(tuple(jsonfeed.entries(value)), tuple(jsonfeed.gone(value)), older, words, findings)


def _unreadable(document: Document, message: str) -> Read:
    return Read((), (), None, "", (Finding(Fault.FEED_BROKEN, document.url, "document", message),))


def _read_back(document: Document, made: Sequence[Entry]) -> Iterator[Finding]:
    """Whether feedparser finds the same entries with the same link, authors, licence and source."""
    parsed = feedparser.parse(document.body, response_headers={"content-type": "application/xml"})
    if parsed.bozo:
        message = f"feedparser stumbles: {parsed.get('bozo_exception')}"
        yield Finding(Fault.FEED_UNREAD, document.url, "document", message)
    if len(parsed.entries) != len(made):
        message = f"feedparser finds {len(parsed.entries)} entries of {len(made)}"
        yield Finding(Fault.FEED_UNREAD, document.url, "document", message)
        return
    for entry, found in zip(made, parsed.entries, strict=True):
        for name, said, meant in _compared(entry, found):
            if said != meant:
                message = f"feedparser reads {name} as {said!r}; written is {meant!r}"
                yield Finding(Fault.FEED_UNREAD, document.url, entry.place, message)


def _compared(entry: Entry, found: Any) -> Iterator[tuple[str, object, object]]:
    yield "id", found.get("id", ""), entry.id
    yield "link", found.get("link", ""), entry.link
    yield "source", " ".join(found.get("source", {}).get("title", "").split()), entry.source_name
    authors = [each.get("name", "") for each in found.get("authors", [])]
    yield "authors", set(authors), set(entry.authors)
    licences = [each.get("href", "") for each in found.get("links", []) if each.get("rel") == "license"]
    yield "licence", (licences or [""])[0], entry.licence
