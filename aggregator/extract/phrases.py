"""Phrases of page furniture in many languages, from the TOML files in ``phrases/``.

An operator may add a file or a phrase: each table is a kind of furniture, with up to five lists.

- ``is``: the whole line, case, accents and punctuation aside.
- ``opens``: the line starts so, then comes a colon, bar or dash, or a line that is wholly a link.
- ``starts``: a line of at most 60 characters starts so (headings such as 'More from ...').
- ``has``: a line of at most 250 characters holds it.
- ``alone``: for ``source_link`` only, a link's text that counts where the link stands alone.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
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
_LISTS = frozenset({"is", "opens", "starts", "has", "alone"})
LONGEST_STARTS_CHARS = 60
LONGEST_HAS_CHARS = 250
_MOST_WORDS = 6
_AFTER_OPENING = re.compile(r"[:：|｜→>»›–—]| - ")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
_LONGEST_COPYRIGHT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Book:
    """All phrases, folded; each maps to its kind."""

    is_: Mapping[str, str]
    opens: Mapping[str, str]
    starts: Mapping[str, str]
    has: Mapping[str, str]
    has_pattern: re.Pattern[str]
    alone: frozenset[str]


@cache
def book() -> Book:
    """The phrases of all files, read once a process."""
    lists: dict[str, dict[str, str]] = {name: {} for name in _LISTS}
    for path in sorted(FOLDER.glob("*.toml")):
        for kind, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for name, phrases in table.items():
                lists[name].update((key(phrase), kind) for phrase in phrases)
    return Book(
        lists["is"],
        lists["opens"],
        lists["starts"],
        lists["has"],
        _any_of(lists["has"]),
        frozenset(lists["alone"]),
    )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases between word borders; Chinese and Japanese have none."""
    parts = (
        re.escape(one) if _CJK.search(one) else rf"(?<!\w){re.escape(one)}(?!\w)" for one in phrases if one
    )
    return re.compile("|".join(sorted(parts, key=len, reverse=True)) or r"(?!)")


def kind_of(line: str, *, is_link: bool = False) -> str | None:
    """The kind of furniture that a line of the body is, or None for the article's own text.

    ``is_link`` says that the whole line is one link.
    """
    if len(line) > LONGEST_HAS_CHARS:
        return None
    known, folded = book(), key(line)
    if kind := known.is_.get(folded):
        return kind
    if folded in known.alone:
        return "source_link"
    if _COPYRIGHT.match(line) and len(line) <= _LONGEST_COPYRIGHT_CHARS:
        return "copyright"
    if (mark := _AFTER_OPENING.search(line)) and (kind := known.opens.get(key(line[: mark.start()]))):
        return kind
    if (is_link and (kind := _by_start(folded, known.opens))) or (
        len(line) <= LONGEST_STARTS_CHARS and (kind := _by_start(folded, known.starts))
    ):
        return kind
    held = known.has_pattern.search(folded)
    return known.has[held.group()] if held else None


def _by_start(folded: str, phrases: Mapping[str, str]) -> str | None:
    words = folded.split(" ", _MOST_WORDS)
    heads = (" ".join(words[:count]) for count in range(1, min(len(words), _MOST_WORDS) + 1))
    return next((phrases[head] for head in heads if head in phrases), None)


def source_phrase(link_text: str) -> str | None:
    """``always`` if a link of this text leads to the source, ``alone`` if it does where it stands alone."""
    known, folded = book(), key(link_text)
    if known.is_.get(folded) == "source_link":
        return "always"
    return "alone" if folded in known.alone else None


def speaks_of_paywall(text: str) -> bool:
    """Whether the text says that the rest is for subscribers."""
    folded = key(text)
    return any(book().has[found.group()] == "paywall" for found in book().has_pattern.finditer(folded))
