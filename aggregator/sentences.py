"""Sentences: where they end, in scripts with and without spaces."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# Stops that need white space after them, and stops that end a sentence wherever they stand: ideographic,
# Arabic, Urdu, Devanagari (danda and double danda), Ethiopic, Armenian, Khmer, Burmese, Tibetan.
_SENTENCE_END = re.compile(
    r"""(?P<stop>[.!?…‽]+)(?:["'”’›)\]]|[ \u00a0\u202f]?»)*(?=\s|$)"""
    r"""|[。！？｡؟۔।॥።፧።៖។៕།]+["'”’»›)\]」』】》〉）]*""",
)
_WORD_BEFORE = re.compile(r"[\w’'.-]*$")
_LONGEST_WORD_CHARS = 40
# Days and short ranks ("am 3. Mai", "21. Jahrhundert"); a year before a full stop ends its sentence.
_ORDINAL_DIGITS = 2
_INITIALISM = re.compile(r"\w(?:\.\w){0,2}")


def ends(text: str, language: str | None) -> Iterator[int]:
    """The place behind each sentence's end, closing quotes and brackets included, in order.

    ``language`` (BCP 47) tells which full stops belong to abbreviations and ordinals. What follows the last
    end is no whole sentence.
    """
    for match in _SENTENCE_END.finditer(text):
        if match["stop"] != "." or not _is_abbreviation(text, match.start(), language):
            yield match.end()


def split(text: str, language: str | None) -> list[str]:
    """The sentences of a text, stripped, none empty; a line feed ends one, too."""
    found = []
    for line in text.split("\n"):
        start = 0
        for end in (*ends(line, language), len(line)):
            if sentence := line[start:end].strip():
                found.append(sentence)
            start = end
    return found


def _is_abbreviation(text: str, stop: int, language: str | None) -> bool:
    """Whether the full stop at index ``stop`` belongs to its word: an initial, a short form, an ordinal."""
    match = _WORD_BEFORE.search(text, max(0, stop - _LONGEST_WORD_CHARS), stop)
    word = match[0].lower() if match else ""
    if not word or "\n" in text[stop + 1 : stop + 2]:
        return False
    primary = (language or "").split("-")[0].lower()
    if word.isdigit():
        return len(word) <= _ORDINAL_DIGITS and primary in _ordinals()
    if _INITIALISM.fullmatch(word):
        return word[-1].isalpha()
    if word in _abbreviations(primary):
        return True
    following = text[stop + 1 : stop + 1 + _LONGEST_WORD_CHARS].lstrip()
    return following[:1].islower()


@cache
def _data() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name("abbreviations.toml").read_text(encoding="utf-8"))


@cache
def _ordinals() -> frozenset[str]:
    listed = _data()["ordinals"]
    assert isinstance(listed, list)  # noqa: S101 - narrows our own data file's type
    return frozenset(str(tag) for tag in listed)


@cache
def _abbreviations(primary: str) -> frozenset[str]:
    words = _data()["words"]
    assert isinstance(words, dict)  # noqa: S101 - narrows our own data file's type
    return frozenset(words["any"]) | frozenset(words.get(primary, ()))
