"""Entries of a feed, whatever its format: whether each names and links what its article owes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator.checking import rights
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Owed, Register
from aggregator.checking.words import bare
from aggregator.model.outlet import RightsMode


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its document writes it; ``text`` is its content or summary without markup.

    ``pictures`` are the addresses of those that it shows. ``place`` is where it stands.
    """

    place: str
    id: str
    link: str
    source_name: str
    original: str
    authors: tuple[str, ...]
    licence: str
    rights: str
    text: str
    is_whole: bool
    pictures: tuple[str, ...]


def check(
    document: Document, entries: Sequence[Entry], gone: Sequence[str], register: Register
) -> Iterator[Finding]:
    """What is wrong with a feed's entries; ``gone`` are the ids of its tombstones."""
    yield from _ids(document, entries, gone)
    for entry in entries:
        owed = register.at(entry.id)
        if owed is None:
            yield from _unknown(document, entry)
        elif not owed.is_out:
            message = f"article {owed.id} is not out any more"
            yield Finding(Fault.FEED_WITHDRAWN, document.url, entry.place, message)
        else:
            yield from _credits(document, entry, owed)
            yield from _text(document, entry, owed)
    for number in gone:
        owed = register.at(number)
        if owed is not None and owed.is_out:
            message = f"article {owed.id} has a tombstone and is out"
            yield Finding(Fault.FEED_TOMBSTONE, document.url, f"tombstone {number}", message)


def _ids(document: Document, entries: Sequence[Entry], gone: Iterable[str]) -> Iterator[Finding]:
    met: set[str] = set()
    for place, each in [(e.place, e.id) for e in entries] + [(f"tombstone {each}", each) for each in gone]:
        if each in met:
            yield Finding(Fault.FEED_ID, document.url, place, f"the id {each} stands there twice")
        met.add(each)


def _unknown(document: Document, entry: Entry) -> Iterator[Finding]:
    """An article that the store does not know: at least its source and author must be named."""
    if not entry.source_name:
        yield Finding(Fault.FEED_SOURCE, document.url, entry.place, "it names no source")
    if not entry.authors:
        yield Finding(Fault.FEED_AUTHOR, document.url, entry.place, "it names no author")


def _credits(document: Document, entry: Entry, owed: Owed) -> Iterator[Finding]:
    url, place = document.url, entry.place
    if entry.source_name != owed.outlet:
        message = f"its source is {entry.source_name or 'nobody'}; expected {owed.outlet}"
        yield Finding(Fault.FEED_SOURCE, url, place, message)
    if owed.source and entry.original != owed.source:
        message = f"it leads to {entry.original or 'no original'}; expected {owed.source}"
        yield Finding(Fault.FEED_SOURCE, url, place, message)
    if set(entry.authors) != set(owed.authors or (owed.outlet,)):
        message = f"its authors are {', '.join(entry.authors) or 'nobody'}; expected " + (
            ", ".join(owed.authors) or owed.outlet
        )
        yield Finding(Fault.FEED_AUTHOR, url, place, message)
    if owed.licence_url and entry.licence != owed.licence_url:
        message = f"its licence is {entry.licence or 'missing'}; expected {owed.licence_url}"
        yield Finding(Fault.FEED_LICENCE, url, place, message)
    if bare(owed.credit) not in bare(entry.rights):
        yield Finding(Fault.FEED_CREDIT, url, place, f"the credit is missing: {owed.credit}")
    if entry.link != owed.address:
        yield Finding(Fault.FEED_VALUE, url, place, f"it links {entry.link}; expected {owed.address}")


def _text(document: Document, entry: Entry, owed: Owed) -> Iterator[Finding]:
    if owed.refusal:
        yield from rights.shown(document, entry.place, "", owed)
        return
    if not entry.is_whole and owed.allowed:
        yield from rights.shown(document, entry.place, entry.text, owed)
    if entry.is_whole and owed.mode is not RightsMode.FULL:
        message = f"it carries a whole text; the rights allow the mode {owed.mode.value}"
        yield Finding(Fault.RIGHTS_TEXT, document.url, entry.place, message)
    if entry.is_whole and bare(owed.allowed) not in bare(entry.text):
        message = "its text is not the one that was stored"
        yield Finding(Fault.RIGHTS_ALTERED, document.url, entry.place, message)
    if entry.pictures and not owed.has_pictures:
        message = f"it shows {entry.pictures[0]}, and the card allows no pictures"
        yield Finding(Fault.RIGHTS_PICTURE, document.url, entry.place, message)
