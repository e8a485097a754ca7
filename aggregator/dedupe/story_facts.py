"""The facts of an article that read the same in every language: names by their sound, and numbers.

No dictionary and no model: a name is folded to the Latin consonants that most languages keep of it
("Antwerpen", "Anvers" and "Amberes" stay three, "Kutaisi", "Kutaissi" and "Кутаиси" are one).
"""

import re
import unicodedata
from functools import cache, lru_cache

from aggregator.dedupe.common_words import common_words
from aggregator.dedupe.facts import number_value
from aggregator.dedupe.pieces import parts
from aggregator.dedupe.story_terms import Term, Terms, number
from aggregator.unseen import unstacked

LANGUAGE = "*"
"""What stands for the language of these terms, so that they never meet those of one."""

LEAD_CHARS = 700
"""Who, where and how many stand in the lead; names further behind are of the background."""

_SMALL_NUMBER = 0.3
"""A number of one digit hardly tells anything, and of some languages it is written out."""

_MOST_CONSONANTS = 5
_LEAST_CONSONANTS = 2
_LEAST_CHARS = 3

_LATIN = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфыэіґ", "abvgdeeziiklmnoprstufyeig", strict=True))
    | {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "iu",
        "я": "ia",
    }
    | {"є": "e", "ї": "i", "ў": "u", "ј": "i", "љ": "l", "њ": "n", "ћ": "ch", "ђ": "d", "џ": "zh"}
    | dict(zip("αβγδεζηικλμνξοπρσςτυφω", "abgdezeiklmnxoprsstyfo", strict=True))
    | {"θ": "th", "χ": "kh", "ψ": "ps", "ø": "o", "ł": "l", "đ": "d", "æ": "e", "œ": "e", "þ": "th", "ı": "i"}
)
# What one sound is written as; the longer spellings first.
_SOUNDS = (
    (re.compile(r"tsch|tch|sch|sh|zh|ts|tz|cz|z|ç|c(?=[eiy])"), "s"),
    (re.compile(r"ch|kh|ck|qu|q|c"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"w"), "v"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"(?<=.)[aeiouyjh]+"), ""),
    (re.compile(r"^[aeiouyj]"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def facts(headline: str, text: str, language: str | None) -> Terms:
    """The names and numbers of an article of this language (a BCP 47 tag), in no language."""
    primary = (language or "").partition("-")[0].casefold()
    common = _common(primary)
    found: dict[str, Term] = {}
    lead = unicodedata.normalize("NFKC", unstacked(f"{headline}\n{text[:LEAD_CHARS]}"))
    for part in parts(lead):
        first = part.form[0]
        if first.isdecimal():
            key, share = number_value(part.form), _SMALL_NUMBER if len(part.form) == 1 else 1.0
            found[f"#{key}"] = Term(share, is_name=False, is_number=True, is_common=False)
        elif first.isupper() and part.plain not in common and (key := sound(part.plain)):
            found[key] = Term(1.0, is_name=True, is_number=False, is_common=False)
    return Terms(number(LANGUAGE, ""), {number(LANGUAGE, key): term for key, term in found.items()})


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """What languages keep of a name, folded before: its first consonants; empty if that tells nothing."""
    latin = name.translate(_LATIN)
    if len(latin) < _LEAST_CHARS or not latin.isascii():
        return ""
    short = latin
    for pattern, letter in _SOUNDS:
        short = pattern.sub(letter, short)
    return short[:_MOST_CONSONANTS] if len(short) > _LEAST_CONSONANTS else latin


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(part.plain for word in common_words(language) for part in parts(word))
