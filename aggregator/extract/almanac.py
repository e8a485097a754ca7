"""How dates are written on a page: which part comes first, what its months are called, what its URL says."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from aggregator.extract.plain import key

_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?([01]\d)[/_-]?([0-3]\d)(?!\d)")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}))?\b", re.IGNORECASE)
# English is written in both orders, so its pages are told by their country alone.
_TWO_ORDERS = "en"
_SAME_COUNTRY = {"UK": "GB"}
_SHORTEST_MONTH_CHARS = 3


@dataclass(frozen=True, slots=True)
class Almanac:
    """What helps to read a date of a page.

    ``latest`` is the last moment that is plausible, ``language`` and ``country`` are codes in lower and upper
    case or empty, and ``day`` is the day in the page's URL.
    """

    latest: datetime
    language: str = ""
    country: str = ""
    day: date | None = None

    @classmethod
    def of(cls, url: str, declared: str | None, latest: datetime) -> "Almanac":
        """The almanac of a page with this URL that declares a language (``en-GB``, ``de_AT``)."""
        language, country = _parts(declared)
        tld = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
        if len(tld) == 2 and (not country or language == _TWO_ORDERS):  # noqa: PLR2004 - a country's domain
            country = _SAME_COUNTRY.get(tld, tld)
        return cls(latest, language, country, _day_of(url))

    @property
    def day_first(self) -> bool | None:
        """Whether 06/05 is in May here, by CLDR's short date; None where nobody can know."""
        return _day_first(self.language, self.country)

    def month(self, name: str) -> int | None:
        """The number of the month with this name, wide or short, in the page's language or in English."""
        return _months(self.language).get(key(name))


@cache
def date_words() -> frozenset[str]:
    """The names of months and weekdays in many languages, as ``key`` folds them."""
    tables = tomllib.loads(Path(__file__).with_name("calendar.toml").read_text(encoding="utf-8"))
    return frozenset(word for words in tables.values() for word in words.split())


def _parts(declared: str | None) -> tuple[str, str]:
    found = _TAG.match(declared or "")
    return (found[1].lower(), (found[2] or "").upper()) if found else ("", "")


def _day_of(url: str) -> date | None:
    found = _URL_DAY.search(urlsplit(url).path)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@cache
def _day_first(language: str, country: str) -> bool | None:
    if not language or (language == _TWO_ORDERS and not country):
        return None
    locale = _locale(language, country) or _locale(language)
    if locale is None:
        return None
    pattern = str(locale.date_formats["short"].pattern)
    return pattern.find("d") < pattern.find("M")


@cache
def _months(language: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for locale in filter(None, (_locale("en"), _locale(language))):
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                named = {key(name): number for number, name in locale.months[use][width].items()}
                found |= {name: one for name, one in named.items() if len(name) >= _SHORTEST_MONTH_CHARS}
    return found


def _locale(language: str, country: str = "") -> Locale | None:
    try:
        return Locale(language, country or None)
    except (UnknownLocaleError, ValueError):
        return None
