"""The news agencies that we know: their names, and the marks by which pages credit them.

They stand in ``agencies.toml``, and in the TOML files of an operator's own folder ``agencies``, which lies in
that of the setting ``phrases``. Each ``[[agency]]`` has a ``name`` as we write it, its site's ``host`` and
lists:

- ``marks``: how it is credited. Case counts in marks of up to five letters ("AP", "dpa"), not in longer ones.
- ``weak``: those of the marks that often mean something else; they count between brackets only.
- ``signs``: two parts with … between them that its texts' last line holds ("reporting by … editing by").

Around them stand lists for all: ``words`` may stand beside a mark (source, staff), ``with`` opens the credit
of an outlet that used an agency's text, ``material`` are phrases of a last line that credits one, ``photo``
opens the credit of a picture, ``kinds`` are words for an agency: before a bracket they make it an explanation
("the news agency (ANI)").
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from aggregator.errors import ConfigError
from aggregator.extract.phrasebook import GAP, UNSPACED, own_folder
from aggregator.extract.plain import key

FOLDER = "agencies"
"""The folder below the operator's phrases that holds agencies of his own."""

_LISTS = ("words", "with", "material", "photo", "kinds")
_OF_AGENCY = ("marks", "weak", "signs")
_LONGEST_CASED_CHARS = 5
_LONGEST_CODE_CHARS = 4
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile("[\u0600-\u06ff]+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """What a line credits: agencies' names, each once; how many of its words are no credit.

    ``is_weak`` says that all marks often mean something else.
    """

    names: Words
    strangers: int
    is_weak: bool


@dataclass(slots=True)
class Agencies:
    """All agencies, by their marks; ``unspaced`` are marks in scripts that write no spaces, longest first."""

    cased: dict[Words, str] = field(default_factory=dict)
    folded: dict[Words, str] = field(default_factory=dict)
    weak: set[Words] = field(default_factory=set)
    hosts: dict[str, str] = field(default_factory=dict)
    signs: list[tuple[str, str, str]] = field(default_factory=list)
    lists: dict[str, set[Words]] = field(default_factory=dict)
    unspaced: tuple[tuple[str, str], ...] = ()
    openings: set[str] = field(default_factory=set)

    def may_credit(self, text: str) -> bool:
        """Whether a text holds a word that a mark begins with: most texts end here."""
        if not (self.openings.isdisjoint(spelt(text)) and self.openings.isdisjoint(spelt(text.casefold()))):
            return True
        return bool(UNSPACED.search(text)) and any(mark in text for mark, _ in self.unspaced)

    def credit(self, text: str) -> Credit:
        """What a line credits, if it is a credit and nothing else.

        In a list beside a sure mark, others count in lower case ("awp/afp"), and so do authors' short codes.
        """
        words = spelt(text)
        found: list[tuple[Words, str]] = []
        rest: list[str] = []
        at = 0
        while at < len(words):
            mark = self._mark(words, at)
            if mark:
                found.append(mark)
                at += len(mark[0])
                continue
            if not self.is_beside(words[at]):
                rest.append(words[at])
            at += 1
        more = [self.cased.get((word.upper(),), "") for word in rest] if found else []
        others = (word for word, name in zip_longest(rest, more) if not name)
        strangers = [word for word in others if not found or not _is_code(word, text)]
        names = dict.fromkeys((*(name for _, name in found), *filter(None, more)))
        is_weak = all(mark in self.weak for mark, _ in found)
        return Credit(tuple(names), len(strangers), is_weak)

    def _mark(self, words: Words, at: int) -> tuple[Words, str] | None:
        """The longest mark that begins at a word, with its agency's name."""
        for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            some = words[at : at + count]
            if name := self.cased.get(some):
                return some, name
            low = tuple(word.casefold() for word in some)
            if name := self.folded.get(low):
                return low, name
        return None

    def mentioned(self, text: str) -> Words:
        """The agencies that a text names anywhere."""
        words = spelt(text)
        marks = (self._mark(words, at) for at in range(len(words)))
        return tuple(dict.fromkeys(mark[1] for mark in marks if mark))

    def is_beside(self, word: str) -> bool:
        """Whether a word may stand beside a mark: a number, a source word."""
        return word.isdigit() or (word.casefold(),) in self.lists["words"]

    def opens(self, name: str, text: str) -> bool:
        """Whether a line opens with a phrase of one of the lists (``photo``)."""
        words = tuple(word.casefold() for word in spelt(text)[:_MOST_WORDS])
        return any(words[:count] in self.lists[name] for count in range(1, len(words) + 1))

    def holds(self, name: str, text: str) -> bool:
        """Whether a line holds a phrase of one of the lists (``material``, ``kinds``)."""
        padded = f" {' '.join(word.casefold() for word in spelt(text))} "
        return any(
            " ".join(phrase) in padded if UNSPACED.search(phrase[0]) else f" {' '.join(phrase)} " in padded
            for phrase in self.lists[name]
        )

    def of_host(self, host: str) -> str | None:
        """The agency whose site this host belongs to."""
        labels = host.removeprefix("www.").split(".")
        return next(
            (name for at in range(len(labels)) if (name := self.hosts.get(".".join(labels[at:])))), None
        )


def spelt(text: str) -> Words:
    """A line's words as marks are compared: NFKC, Arabic without its vowel points and forms of letters."""
    if not text.isascii():
        text = _ARABIC.sub(lambda run: key(run[0]), unicodedata.normalize("NFKC", text))
    return tuple(_WORD.findall(text))


def _is_caseless(word: str) -> bool:
    return word.lower() == word.upper()


def _is_code(word: str, text: str) -> bool:
    """Whether this is an author's short code beside a slash: ``dpa/lin``."""
    is_short = word.isascii() and word.islower() and len(word) <= _LONGEST_CODE_CHARS
    return is_short and (f"/{word}" in text or f"{word}/" in text)


@cache
def agencies() -> Agencies:
    """All agencies, the operator's included, read once a process.

    Raises:
        ConfigError: a file is no TOML, or holds something else.
    """
    own = own_folder() / FOLDER
    return read([Path(__file__).with_name("agencies.toml"), *sorted(own.glob("*.toml"))])


def read(paths: Iterable[Path]) -> Agencies:
    """The agencies of these files; a later file's mark goes before an earlier one's.

    Raises:
        ConfigError: as ``agencies``.
    """
    found = Agencies(lists={name: set() for name in _LISTS})
    for path in paths:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: not a readable TOML file of agencies: {error}") from error
        for name in _LISTS:
            found.lists[name] |= {_low(phrase) for phrase in _strings(path, data, name)}
        for entry in data.get("agency", ()):
            _add(found, path, entry)
    found.openings = {mark[0] for mark in (*found.cased, *found.folded)}
    found.openings |= {sign[0].split(" ", 1)[0] for sign in found.signs}
    found.unspaced = tuple(
        sorted(
            (("".join(mark), name) for mark, name in found.folded.items() if UNSPACED.search("".join(mark))),
            key=lambda pair: -len(pair[0]),
        )
    )
    return found


def _add(found: Agencies, path: Path, entry: Any) -> None:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not name or not isinstance(name, str):
        raise ConfigError(f'{path}: each [[agency]] needs a name, such as name = "AFP"')
    lists = {one: _strings(path, entry, one) for one in _OF_AGENCY}
    for mark in lists["marks"]:
        words = spelt(mark)
        is_cased = len(words) == 1 and len(mark) <= _LONGEST_CASED_CHARS and not _is_caseless(mark)
        (found.cased if is_cased else found.folded)[words if is_cased else _low(mark)] = name
    found.weak |= {form for mark in lists["weak"] for form in (spelt(mark), _low(mark))}
    for sign in lists["signs"]:
        first, _, second = sign.partition(GAP)
        found.signs.append((" ".join(_low(first)), " ".join(_low(second)), name))
    if host := entry.get("host"):
        found.hosts[str(host)] = name


def _strings(path: Path, table: Mapping[str, Any], name: str) -> Sequence[str]:
    listed = table.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(one, str) and spelt(one) for one in listed):
        raise ConfigError(f'{path}: {name}: a list of words is expected, such as ["AFP"]')
    return listed


def _low(text: str) -> Words:
    return tuple(word.casefold() for word in spelt(text))
