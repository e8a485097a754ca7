"""Languages of foreign text: the tag, the direction and the name of each."""

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

from aggregator.site import wording

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,5}")
_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "rohg"})
_SCRIPT_CHARS = 4


@lru_cache(maxsize=1_000)
def tag(language: str | None) -> str:
    """A language tag fit for ``lang``: as given if it looks like BCP 47, else empty (unknown)."""
    return language if language and _TAG.fullmatch(language) else ""


@lru_cache(maxsize=1_000)
def direction(language: str | None) -> str:
    """``rtl`` or ``ltr`` by the tag (its script first), ``auto`` for an unknown language."""
    known = tag(language).lower().split("-")
    if known == [""]:
        return "auto"
    scripts = [part for part in known[1:] if len(part) == _SCRIPT_CHARS and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if known[0] in _RIGHT_TO_LEFT else "ltr"


def list_of(tags: Iterable[str]) -> list[str]:
    """The languages of these tags without their regions, each once, by name; no undetermined one."""
    return sorted({each.split("-")[0].lower() for each in tags if tag(each)} - {"und"}, key=name)


def name(language: str) -> str:
    """The language's name in the reader's, such as ``French``; the tag itself if it has none."""
    return _name(language, wording.spoken())


@lru_cache(maxsize=1_000)  # readers ask for any tag
def _name(language: str, spoken: str) -> str:
    if language.lower().split("-")[0] == "und":
        return language  # the library would guess one
    try:
        return Locale.parse(language, sep="-").get_display_name(spoken) or language
    except (UnknownLocaleError, ValueError):
        return language


def is_known(language: str) -> bool:
    """Whether there is a language of this tag that has a name."""
    return _name(language, wording.SOURCE) != language


def is_among(language: str | None, chosen: Collection[str]) -> bool:
    """Whether a language is one of those chosen, whatever its region; every one is among none chosen."""
    primary = tag(language).split("-")[0].lower()
    return not chosen or primary in {tag(each).split("-")[0].lower() for each in chosen}


@cache
def own_name(language: str) -> str:
    """The language's name in that language, such as ``français``; the tag itself if it has none."""
    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


def country(code: str) -> str:
    """The country's name by its ISO 3166-1 alpha-2 code; the code itself if it has none."""
    return str(wording.babel_locale().territories.get(code.upper(), code))
