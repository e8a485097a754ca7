"""Lines that give themselves away by their shape: credits, datelines alone, bylines, doubled teasers."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from aggregator.extract import sentences
from aggregator.extract.byline import names
from aggregator.extract.plain import key

_LONGEST_CAPTION_CHARS = 250
_LONGEST_BYLINE_CHARS = 120
_LONGEST_DATE_CHARS = 60
_LONGEST_DATELINE_CHARS = 80
_MOST_DATELINE_WORDS = 8  # such as: Last updated on Monday, November 23, 2026 at 10:32 AM UTC
_SHORTEST_DOUBLED_WORDS = 4
_NUMBER = re.compile(r"\d{1,4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
# Such as: at the gala Credit: Jane Roe/Getty; (AP Photo/Jane Roe); via Getty Images; © Jane Roe.
_CREDIT = re.compile(
    r"(?:\b(?:credits?|cr[eé]ditos?|cr[eé]dits?|photo(?:graph)?(?: by)?|foto|fot\.|bild|image|imagen|beeld)"
    r"\s?:\s?[^.:!?]{2,60}"
    r"|\([^()]{0,40}\b(?:photo|foto|image)\b[^()]{0,40}\)"
    r"|[/-]\s?(?:getty|afp|reuters|ap|epa|dpa|pa)(?: images| photo| wire)?"
    r"|via getty images|\bgetty images|©\s?[^.:!?]{2,50})\.?$",
    re.IGNORECASE,
)
# How a credit of that pattern may end: agencies, a bracket, or a name behind one of these signs.
_CREDITED = (
    "getty", "afp", "reuters", "ap", "epa", "dpa", "pa", "images", "photo", "wire", ")",
)  # fmt: skip
_BEFORE_NAME = ":©"
_LONGEST_NAME_CHARS = 64
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})\b"
)
_NO_WORD = re.compile(r"[\d\s.:/•|,()+–-]+(?:uhr|h|pm|am|gmt|utc|est|edt|cet|ist)?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def kind_of(line: str, byline: frozenset[str]) -> str | None:
    """``credit``, ``date``, ``byline`` or ``doubled`` for a line that is nothing else, or None.

    ``byline`` holds the keys of the article's own authors.
    """
    if len(line) <= _LONGEST_CAPTION_CHARS and _is_credit(line):
        return "credit"
    if len(line) <= _LONGEST_DATE_CHARS and _is_date(line):
        return "date"
    if byline and len(line) <= _LONGEST_BYLINE_CHARS and _is_byline(line, byline):
        return "byline"
    return "doubled" if _is_doubled(line) else None


def _is_credit(line: str) -> bool:
    # Most lines fall by their ends; the search tries every letter of the line.
    end = line[-_LONGEST_NAME_CHARS:]
    may_be = any(mark in end for mark in _BEFORE_NAME) or end.lower().removesuffix(".").endswith(_CREDITED)
    return may_be and _CREDIT.search(line) is not None


def _is_date(line: str) -> bool:
    return bool(_NO_WORD.fullmatch(line)) and bool(_DATE.search(line))


def is_dateline(line: str, days: Collection[date]) -> bool:
    """Whether a line says little more than one of these days, in any language and in any script's digits.

    Such as: Mis à jour le 23 novembre 2026 à 10h32; 公開 2026年11月23日 8:47. A line that ends as a sentence
    does is one, and no date line.
    """
    if len(line) > _LONGEST_DATELINE_CHARS or sentences.CLOSED.search(line):
        return False
    numbers = {int(number) for number in _NUMBER.findall(line)}
    if not any(day.year in numbers and day.day in numbers for day in days):
        return False
    return len(_WORD.findall(line)) <= _MOST_DATELINE_WORDS


def _is_byline(line: str, byline: Collection[str]) -> bool:
    words = set(key(line).split())
    if not any(words.issuperset(name.split()) for name in byline):
        return False
    people = names([line])
    return bool(people) and all(key(name) in byline for name in people)


def _is_doubled(line: str) -> bool:
    """Whether a line says the same thing twice, as teasers do whose picture carries the headline, too."""
    first = next(iter(line.split(None, 1)), "")
    if first not in line[len(first) :]:
        return False
    words = line.split()
    half = len(words) // 2
    return half >= _SHORTEST_DOUBLED_WORDS and len(words) == 2 * half and words[:half] == words[half:]
