"""Wording: our own words in the reader's language, from catalogs that translators edit (gettext PO)."""

import io
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup

SOURCE: Final = "en"
"""The language that messages are written in, and readers get if none of theirs is here."""

_locale: ContextVar[str] = ContextVar("locale", default=SOURCE)


@cache
def locales() -> tuple[str, ...]:
    """The languages that the interface speaks: our own, and one for each catalog."""
    folder = resources.files("aggregator.site") / "locale"
    found = sorted(file.name.removesuffix(".po") for file in folder.iterdir() if file.name.endswith(".po"))
    return (SOURCE, *found)


@cache
def catalog(locale: str) -> NullTranslations:
    """The messages of a locale, compiled when first asked for; one without translation stays English."""
    if locale == SOURCE:
        return NullTranslations()
    file = resources.files("aggregator.site") / "locale" / f"{locale}.po"
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def speak(locale: str) -> None:
    """Speak a locale from here on in this request; one of ``locales``."""
    _locale.set(locale)


def spoken() -> str:
    """The locale of this request."""
    return _locale.get()


def babel_locale() -> Locale:
    """The same for dates and numbers; English as the British write it, the day first."""
    return _babel_locale(spoken())


@cache
def _babel_locale(locale: str) -> Locale:
    return Locale.parse("en_GB" if locale == SOURCE else locale)


def say(message: str, **values: object) -> str:
    """A message in the reader's language, with values for its ``%(name)s``."""
    said = catalog(spoken()).gettext(message)
    return said % values if values else said


def gettext(message: str, /, **values: object) -> Markup:
    """A message in the reader's language, for templates; values that are no markup are escaped.

    A function like any other: jinja2's own, which looks itself up in the page's context at each call, takes
    a tenth of the time of a page.
    """
    said = _marked(spoken(), message)
    return said % values if "%" in said else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> Markup:
    """A message in the form that the number asks for, for templates; it may name the number ``num``."""
    said = Markup(catalog(spoken()).ngettext(one, many, number))  # noqa: S704 - our translators'
    return said % {"num": number, **values}


@cache  # some hundred messages in each language
def _marked(locale: str, message: str) -> Markup:
    return Markup(catalog(locale).gettext(message))  # noqa: S704 - ours, or our translators'


def later(message: str) -> str:
    """Mark a message that ``say`` translates when it is needed."""
    return message


def thousands(number: int) -> str:
    """A whole number as the reader's language groups it."""
    return format_decimal(number, locale=babel_locale())
