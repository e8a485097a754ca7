"""Facts in a text: numbers, dates, places and names, and whether one was replaced or only misspelt."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import regex
from babel import Locale, UnknownLocaleError

from aggregator.dedupe.pieces import Edit, Part, has_unspaced
from aggregator.dedupe.wording import Wording, folded

_SLIP_SHARE = 0.34
_SLIP_EDITS = 2
"""A slip changes one or two letters, of a word's third at most: "Smtih", "recieve"; "Weber" is no "Braun"."""

_LONGEST_SLIP_CHARS = 60
_LEAST_STEM_SHARE = 0.6
_LONGEST_SMALL_CHARS = 3
_MOST_UNITS = 3
_SIGNS = frozenset("%‰°")
_DIGITS = regex.compile(r"\p{Nd}+")
_FALLBACK = "en"


def numbers(words: Sequence[Part], known: Wording, language: str | None) -> list[str]:
    """The numbers among words, by value, dates and units included: ``12``, ``1000``, ``month 3``, ``€``."""
    found = []
    for word in words:
        if _DIGITS.search(word.form):
            found.append(number_value(word.form))
        elif (value := known.numbers.get(word.plain)) is not None:
            found.append(f"{value:g}")
        elif (named := calendar(language).get(word.plain)) is not None:
            found.append(named)
        elif word.text in _SIGNS or unicodedata.category(word.text[0]) == "Sc":
            found.append(word.text)
    return found


def number_value(text: str) -> str:
    """A number's digits: separators of thousands do not count, nor does the script of the digits."""
    digits = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    if any(char.isalpha() for char in digits):
        return digits  # 2億3千万
    parts = regex.split(r"[^0-9]+", digits)
    if all(len(part) == 3 for part in parts[1:]) and ":" not in text:  # noqa: PLR2004 - 12.000, 12 000
        return "".join(parts).lstrip("0") or "0"
    return ".".join(part for part in parts if part)


def is_place(word: Part, language: str | None) -> bool:
    """Whether a word is a country's name."""
    return word.plain in _places(language)


@cache
def _locale(language: str | None) -> Locale:
    try:
        return Locale.parse((language or _FALLBACK).replace("-", "_").split("_")[0])
    except (UnknownLocaleError, ValueError):
        return Locale(_FALLBACK)


@cache
def calendar(language: str | None) -> dict[str, str]:
    """Names of months and days, in full and short, folded."""
    found: dict[str, str] = {}
    for kind, tables in (("month", _locale(language).months), ("day", _locale(language).days)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in tables[context][width].items():
                    if " " not in (plain := folded(str(name))):
                        found[plain] = f"{kind} {number}"
    # "May" and "Mar" are words and names, too, but whoever replaces them by another month replaces a date.
    return found


@cache
def _places(language: str | None) -> frozenset[str]:
    return frozenset(
        plain
        for code, name in _locale(language).territories.items()
        if len(code) == 2 and " " not in (plain := folded(name))  # noqa: PLR2004 - countries, not regions
    )


def is_slip(edit: Edit, known: Wording, language: str | None) -> bool:
    """Whether what was replaced was only misspelt: letters changed, words joined, parted or doubled."""
    gone, came = (
        " ".join(part.form for part in side if part.is_word) for side in (edit.deleted, edit.inserted)
    )
    if gone.casefold() == came.casefold():
        return True  # case, or marks between words
    if set(numbers(edit.deleted, known, language)) != set(numbers(edit.inserted, known, language)):
        return False
    if not gone or not came:
        return False
    if all(is_place(side[0], language) for side in (edit.deleted, edit.inserted)):
        return False  # Iran, Iraq
    tight = gone.replace(" ", ""), came.replace(" ", "")
    return tight[0] == tight[1] or is_misspelt(*tight)


def is_misspelt(one: str, other: str) -> bool:
    """Whether two words differ by so few letters, or in accents alone, that one of them is misspelt."""
    if max(len(one), len(other)) > _LONGEST_SLIP_CHARS:
        return False
    plain = [folded(word) for word in (one, other)]
    if plain[0] == plain[1]:
        return True
    changed = _edits(one.casefold(), other.casefold())
    return changed <= _SLIP_EDITS and changed <= _SLIP_SHARE * max(len(one), len(other))


def _edits(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def is_inflected(one: Sequence[Part], other: Sequence[Part]) -> bool:
    """Whether a word was only given another ending, or a small word replaced by another: grammar."""
    a, b = ("".join(part.plain for part in side) for side in (one, other))
    if not a or not b or has_unspaced(a + b):
        return False
    if max(len(a), len(b)) <= _LONGEST_SMALL_CHARS:
        return True
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return same >= _LEAST_STEM_SHARE * max(len(a), len(b))


def is_name(part: Part, place: int, sentence: Sequence[Part], language: str | None) -> bool:
    """Whether a word of a sentence is likely a name: with a capital, not at the start.

    German nouns have capitals, too: there a neighbour with a capital, or a word that places and persons
    follow, must stand beside it.
    """
    if not part.form[:1].isupper() or place == 0 or not sentence[place - 1].is_word:
        return part.form[:1].isupper() and place > 0
    if (language or "").split("-")[0] not in {"de", "lb"}:
        return True
    before = sentence[place - 1]
    after = sentence[place + 1] if place + 1 < len(sentence) else None
    beside = before.form[:1].isupper() or (after is not None and after.form[:1].isupper())
    return beside or before.plain in _BEFORE_GERMAN_NAMES


_BEFORE_GERMAN_NAMES = frozenset(
    {"in", "aus", "nach", "bei", "von", "gegen", "zwischen", "und", "mit", "herr", "frau"}
)
