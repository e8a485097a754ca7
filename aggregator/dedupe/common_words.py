"""Common words: those of each language that tell nothing of an event, as a new store knows them."""

import tomllib
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

_FILE = Path(__file__).with_suffix(".toml")


@cache
def common_words(language: str) -> tuple[str, ...]:
    """The words of a language (a primary subtag) as they are written; empty for one that has no list.

    Days and months are among them: every article names some.
    """
    return (*_listed().get(language, "").split(), *_calendar(language))


@cache
def _listed() -> dict[str, str]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def _calendar(language: str) -> tuple[str, ...]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return ()
    found = {
        word
        for names in (locale.days, locale.months)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for word in names[context][width].values()
    }
    return tuple(sorted(found))
