"""The phrase book: page furniture in many languages, read from the TOML files in ``phrases/``.

Each table of a file is a kind of furniture, with up to nine lists.

- ``is``: the whole line.
- ``opens``: the line starts so, then comes a colon, bar or dash, or the line is wholly a link.
- ``starts``: a line of at most 60 characters starts so (headings such as 'More from ...').
- ``has``: a line of at most 250 characters holds it.
- ``begins``: two parts with … between them; a line of at most 160 characters starts with the first and holds
  the second, whatever stands between ("sign up … newsletter").
- ``ends``: the same the other way round, for languages whose verb comes last: it ends with the second and
  holds the first before.
- ``alone``: for ``source_link`` only, a link's text that counts where the link stands alone.
- ``names``: for ``source_link`` only, a line at the text's edge starts so, and the name of the outlet that
  had the text first follows ("this article was first published by"). Such a line stays where it is.
- ``rest``: for ``paywall`` only, as ``has``, and behind an article it says that the rest is withheld: not an
  offer ("Cancel anytime"), not the label of another article ("For subscribers").

Case, accents, vowel points, punctuation and spacing do not count, and 0 stands for any number. Within a list
a phrase has one kind, in all languages. An operator's own folder of such files (setting ``phrases``) is read
last, so that its word goes.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.config import settings
from aggregator.errors import ConfigError
from aggregator.extract.plain import key

KINDS = (
    "source_link", "related", "read_also", "newsletter", "paywall", "share", "comments", "copyright",
    "advertisement", "caption", "media",
)  # fmt: skip
LISTS = ("is", "opens", "starts", "has", "begins", "ends", "alone", "names", "rest")
GAP = "…"
"""Stands between the two parts of a phrase."""

FOLDER = Path(__file__).with_name("phrases")
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
)
"""A letter of a script that writes no spaces between words, or (Korean) glues endings to them."""

_NUMBER = re.compile(r"\d+")
_ASCII_NUMBER = re.compile(r"[0-9]+")
_PAIRS = frozenset({"begins", "ends"})
Pairs = Mapping[str, tuple[tuple[str, str, str], ...]]
ByStart = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """All phrases, folded; each maps to its kind.

    ``has`` is sorted by first word, so that a line is searched word by word (one pattern of all phrases
    took 16 ms a page). Phrases of scripts that write no spaces are searched by their first two letters,
    anywhere (``has_unspaced``) or at the start (``starts_unspaced``). Of two parts the one at the line's edge
    comes first in ``begins`` and ``ends``, which are looked up by its outermost two letters.
    """

    is_: Mapping[str, str]
    opens: Mapping[str, str]
    starts: Mapping[str, str]
    has: ByStart
    has_unspaced: ByStart
    starts_unspaced: ByStart
    begins: Pairs
    ends: Pairs
    alone: frozenset[str]
    names: frozenset[str]
    rest: frozenset[str]


def fold(text: str) -> str:
    """A line or phrase as it is compared: its key, with each number as 0."""
    folded = key(text)
    return (_ASCII_NUMBER if folded.isascii() else _NUMBER).sub("0", folded)


def own_folder() -> Path:
    """The operator's folder of phrases; there may be none."""
    return settings().path(settings().phrases)


def own_stamp() -> tuple[tuple[str, int, int], ...]:
    """The operator's files with their times and sizes: another stamp means other words."""
    stated = ((str(path), path.stat()) for path in sorted(own_folder().rglob("*.toml")))
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in stated)


@cache
def book() -> Book:
    """The phrases of all files, the operator's included, read once a process.

    Raises:
        ConfigError: a file is no TOML, or has a kind or a list that does not exist.
    """
    return read(FOLDER, own_folder())


def read(*folders: Path) -> Book:
    """The phrases of these folders; where two disagree on a phrase's kind, the later one's word goes.

    Raises:
        ConfigError: as ``book``.
    """
    lists: dict[str, dict[str, str]] = {name: {} for name in LISTS}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            for kind, name, phrase in entries(path):
                lists[name][phrase if name in _PAIRS else fold(phrase)] = kind
    has, starts = lists["has"] | lists["rest"], lists["starts"]
    spaced = {phrase for phrase in (*has, *starts) if not UNSPACED.search(phrase)}
    return Book(
        is_=lists["is"],
        opens=lists["opens"],
        starts={phrase: kind for phrase, kind in starts.items() if phrase in spaced},
        has=_by_start((one.split(" ", 1)[0], f"{one} ", has[one]) for one in has if one in spaced),
        has_unspaced=_by_start((one[:2], one, has[one]) for one in has if one not in spaced),
        starts_unspaced=_by_start((one[:2], one, starts[one]) for one in starts if one not in spaced),
        begins=_pairs((edge[:2], edge, held, kind) for edge, held, kind in _parts(lists["begins"])),
        ends=_pairs((edge[-2:], edge, held, kind) for held, edge, kind in _parts(lists["ends"])),
        alone=frozenset(lists["alone"]),
        names=frozenset(lists["names"]),
        rest=frozenset(lists["rest"]),
    )


def _parts(phrases: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for phrase, kind in phrases.items():
        first, _, second = phrase.partition(GAP)
        yield fold(first), fold(second), kind


def _pairs(parts: Iterator[tuple[str, str, str, str]]) -> Pairs:
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for letters, edge, held, kind in parts:
        found[letters].append((edge, held, kind))
    return {letters: tuple(rest) for letters, rest in found.items()}


def _by_start(phrases: Iterator[tuple[str, str, str]]) -> ByStart:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for start, phrase, kind in phrases:
        found[start].append((phrase, kind))
    return {start: tuple(rest) for start, rest in found.items()}


def entries(path: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, list and phrase of each phrase of a file, as written.

    Raises:
        ConfigError: it cannot be read, or holds something else; the message names file, table and key.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: not a readable TOML file of phrases: {error}") from error
    for kind, table in tables.items():
        if kind not in KINDS or not isinstance(table, dict):
            raise ConfigError(f"{path}: [{kind}] is no kind of furniture; there are {', '.join(KINDS)}")
        for name, phrases in table.items():
            yield from (
                (kind, name, phrase) for phrase in _checked(f"{path}: [{kind}] {name}", name, phrases)
            )


def _checked(place: str, name: str, phrases: Any) -> list[str]:
    if name not in LISTS:
        raise ConfigError(f"{place}: no such list; there are {', '.join(LISTS)}")
    if not isinstance(phrases, list):
        raise ConfigError(f'{place}: a list of phrases is expected, such as ["read also"]')
    for phrase in phrases:
        if not isinstance(phrase, str) or not fold(phrase):
            raise ConfigError(f"{place}: {phrase!r} is no phrase; words in quotation marks are expected")
        if name in _PAIRS and [bool(fold(part)) for part in phrase.split(GAP)] != [True, True]:
            raise ConfigError(f"{place}: {phrase!r}: two parts with {GAP} between them are expected")
    return phrases
