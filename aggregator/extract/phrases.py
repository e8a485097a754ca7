"""Phrases of page furniture in many languages, from the TOML files in ``phrases/``.

An operator may add a file or a phrase: each table is a kind of furniture, with up to six lists.

- ``is``: the whole line, case, accents and punctuation aside.
- ``opens``: the line starts so, then comes a colon, bar or dash, or a line that is wholly a link.
- ``starts``: a line of at most 60 characters starts so (headings such as 'More from ...').
- ``has``: a line of at most 250 characters holds it.
- ``alone``: for ``source_link`` only, a link's text that counts where the link stands alone.
- ``rest``: for ``paywall`` only, as ``has``, and behind an article it says that the rest is withheld: not an
  offer ("Cancel anytime"), not the label of another article ("For subscribers").
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aggregator.extract.plain import key

KINDS = (
    "source_link", "related", "read_also", "newsletter", "paywall", "share", "comments", "copyright",
    "advertisement",
    "caption", "media",
)  # fmt: skip
FOLDER = Path(__file__).with_name("phrases")
_LISTS = frozenset({"is", "opens", "starts", "has", "alone", "rest"})
LONGEST_STARTS_CHARS = 60
LONGEST_HAS_CHARS = 250
_MOST_WORDS = 6
_AFTER_OPENING = re.compile(r"[:：|｜→>»›–—]| - ")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
_LONGEST_COPYRIGHT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Book:
    """All phrases, folded; each maps to its kind.

    ``has`` is sorted by first word, so that a line is searched word by word (one pattern of all phrases
    took 16 ms a page); phrases of scripts that write no spaces are searched anywhere.
    """

    is_: Mapping[str, str]
    opens: Mapping[str, str]
    starts: Mapping[str, str]
    has: Mapping[str, tuple[tuple[str, str], ...]]
    has_unspaced: tuple[tuple[str, str], ...]
    alone: frozenset[str]
    rest: frozenset[str]


@cache
def book() -> Book:
    """The phrases of all files, read once a process."""
    lists: dict[str, dict[str, str]] = {name: {} for name in _LISTS}
    for path in sorted(FOLDER.glob("*.toml")):
        for kind, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for name, phrases in table.items():
                lists[name].update((key(phrase), kind) for phrase in phrases)
    by_word: dict[str, list[tuple[str, str]]] = defaultdict(list)
    unspaced = []
    for phrase, kind in (lists["has"] | lists["rest"]).items():
        if _CJK.search(phrase):
            unspaced.append((phrase, kind))
        else:
            by_word[phrase.split(" ", 1)[0]].append((f"{phrase} ", kind))
    has = {word: tuple(phrases) for word, phrases in by_word.items()}
    alone, rest = frozenset(lists["alone"]), frozenset(lists["rest"])
    return Book(lists["is"], lists["opens"], lists["starts"], has, tuple(unspaced), alone, rest)


def kind_of(line: str, *, is_link: bool = False) -> str | None:
    """The kind of furniture that a line of the body is, or None for the article's own text.

    ``is_link`` says that the whole line is one link.
    """
    if len(line) > LONGEST_HAS_CHARS:
        return None
    folded = key(line)
    by_head = _by_whole(line, folded) or _by_opening(line, folded, is_link=is_link)
    return by_head or next((kind for _, kind in _held(folded)), None)


def _by_whole(line: str, folded: str) -> str | None:
    if folded in book().alone:
        return "source_link"
    if _COPYRIGHT.match(line) and len(line) <= _LONGEST_COPYRIGHT_CHARS:
        return "copyright"
    return book().is_.get(folded)


def _by_opening(line: str, folded: str, *, is_link: bool) -> str | None:
    mark = _AFTER_OPENING.search(line)
    if mark and (kind := book().opens.get(key(line[: mark.start()]))):
        return kind
    if is_link and (kind := _by_start(folded, book().opens)):
        return kind
    return _by_start(folded, book().starts) if len(line) <= LONGEST_STARTS_CHARS else None


def _by_start(folded: str, phrases: Mapping[str, str]) -> str | None:
    words = folded.split(" ", _MOST_WORDS)
    heads = (" ".join(words[:count]) for count in range(1, min(len(words), _MOST_WORDS) + 1))
    return next((phrases[head] for head in heads if head in phrases), None)


def _held(folded: str) -> Iterator[tuple[str, str]]:
    """The phrases that a folded text holds, each with its kind."""
    padded, start = f"{folded} ", 0
    for word in folded.split(" "):
        for phrase, kind in book().has.get(word, ()):
            if padded.startswith(phrase, start):
                yield phrase[:-1], kind
        start += len(word) + 1
    if _CJK.search(folded):
        yield from (found for found in book().has_unspaced if found[0] in folded)


def source_phrase(link_text: str) -> str | None:
    """``always`` if a link of this text leads to the source, ``alone`` if it does where it stands alone."""
    folded = key(link_text)
    if book().is_.get(folded) == "source_link":
        return "always"
    return "alone" if folded in book().alone else None


def paywall_words(text: str) -> str | None:
    """What a text says of a paywall: ``rest`` if reading on needs an account or a payment, else ``offer``.

    An offer is anything that stands in walls and in advertisements below whole articles alike.
    """
    folded = key(text)
    held = [phrase for phrase, kind in _held(folded) if kind == "paywall"]
    if not book().rest.isdisjoint(held):
        return "rest"
    return "offer" if held or book().is_.get(folded) == "paywall" else None
