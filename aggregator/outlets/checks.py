"""Checks of a card's single values; each returns the value or raises ValueError("expected …; got …")."""

import re
import unicodedata
import warnings
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_network

from apscheduler.triggers.cron import CronTrigger
from babel import Locale
from babel.core import parse_locale

from aggregator import licences, wallclock
from aggregator.errors import ConfigError
from aggregator.unseen import without_unseen
from aggregator.urls import is_web

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_WORDS_CHARS = 500
_CRON_FIELDS = 5
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
# Controls, lone surrogates, unassigned characters, line and paragraph separators; joiners stay.
_NO_WORDS = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_PRIVATE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


def slug(text: str) -> str:
    """A name for files and addresses."""
    if not _SLUG.fullmatch(text):
        raise ValueError(f"expected up to 63 of a-z, 0-9 and hyphens, none at the ends; got {text!r}")
    return text


def words(text: str) -> str:
    """One line of text with something in it."""
    is_line = without_unseen(text) == text and not any(
        unicodedata.category(char) in _NO_WORDS for char in text
    )
    if not text.strip() or len(text) > _WORDS_CHARS or not is_line:
        raise ValueError(f"expected one line of 1 to {_WORDS_CHARS} characters; got {text[:60]!r}")
    return text


def licence(text: str) -> str:
    """An SPDX id, or an outlet's own words."""
    if fault := licences.fault_of_id(text):
        raise ValueError(f"expected an SPDX id such as CC-BY-4.0, or words; got {text!r}, which {fault}")
    return text


def digest(text: str) -> str:
    """A SHA-256 in hex, as ``aggregator rights check`` prints it."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(
            f"expected the 64 hex digits that `aggregator rights check` prints; got {text[:80]!r}"
        )
    return text


def web_address(text: str) -> str:
    """An absolute http(s) URL."""
    if not is_web(text) or any(char.isspace() for char in text):
        raise ValueError(f"expected an address that starts with http:// or https://; got {text!r}")
    return text


def pattern(text: str) -> str:
    """A regular expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"expected a regular expression; got {text!r}: {error}") from error
    return text


def private_network(text: str) -> str:
    """A network in CIDR notation, all of it private, loopback or link-local."""
    try:
        network = ip_network(text)
    except ValueError as error:
        raise ValueError(f"expected a network such as 127.0.0.0/8 or 10.1.2.0/24; got {text!r}") from error
    if not any(network.version == ours.version and network.subnet_of(ours) for ours in _PRIVATE):  # type: ignore[arg-type]
        raise ValueError(f"expected a private, loopback or link-local network; got the public {text}")
    return text


def cron(text: str) -> str:
    """A cron expression of five fields, weekdays by name."""
    try:
        trigger = CronTrigger.from_crontab(text, timezone="UTC")
    except ValueError as error:
        raise ValueError(
            f'expected a cron expression of five fields such as "15 6 * * mon-fri"; got {text!r}: {error}'
        ) from error
    # 1 is Monday to cron and Tuesday to APScheduler.
    weekday = text.split()[_CRON_FIELDS - 1]
    if any(char.isdigit() for char in weekday.partition("/")[0]):
        raise ValueError(f"expected weekdays by name (mon, tue-fri); got {weekday!r} in {text!r}")
    if trigger.get_next_fire_time(None, _SOME_DAY) is None:
        raise ValueError(f"expected a day that comes; got {text!r}, which never does")
    return text


def timezone(text: str) -> str:
    """An IANA time zone that is known here."""
    if not wallclock.is_zone(text):
        raise ValueError(f"expected a time zone such as Europe/Paris; got {text!r}")
    return text


def hours(text: str) -> str:
    """Hours of the day, which may go past midnight."""
    try:
        wallclock.hours(text)
    except ConfigError as error:
        raise ValueError(f"expected hours such as 22:00-06:30; got {text!r}") from error
    return text


@cache
def _english() -> Locale:
    return Locale("en")


def language(text: str) -> str:
    """A BCP 47 tag whose parts are registered."""
    try:
        code, region, *_ = parse_locale(text, sep="-")
    except ValueError:
        code, region = "", None
    if code not in _english().languages or code in {"und", "mul", "zxx"}:
        raise ValueError(f"expected a language tag (BCP 47) such as fr, pt-BR or zh-Hans; got {text!r}")
    if region and region not in _english().territories:
        raise ValueError(f"expected a known region after the language; got {text!r}")
    return text


def country(text: str) -> str:
    """An ISO 3166-1 alpha-2 code."""
    known = _english().territories
    if text == "UK":
        raise ValueError("expected a country code (ISO 3166-1); got 'UK', which is 'GB' there")
    if not re.fullmatch("[A-Z]{2}", text) or text not in known or text in {"ZZ", "EU", "EZ", "UN", "QO"}:
        raise ValueError(f"expected a country code of two capitals (ISO 3166-1) such as FR; got {text!r}")
    return text
