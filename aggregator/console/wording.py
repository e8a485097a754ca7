"""How the desk writes times, numbers and sizes: in English, in UTC."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from markupsafe import Markup, escape

from aggregator.clock import now, to_utc

_NONE: Final = Markup("–")
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))
_BYTES: Final = ("B", "kB", "MB", "GB", "TB")
_THOUSAND: Final = 1000


def minute(moment: datetime | None) -> Markup:
    """A moment to the minute, as ``time``; a dash for none."""
    if moment is None:
        return _NONE
    stamp = to_utc(moment).isoformat(timespec="seconds")
    return Markup(  # noqa: S704 - digits of ours alone
        f'<time datetime="{stamp}">{stamp[:10]} {stamp[11:16]}</time>'
    )


def ago(moment: datetime | None) -> Markup:
    """How long ago a moment was, or how far ahead it lies."""
    if moment is None:
        return _NONE
    utc, at = to_utc(moment), now()
    words = f"{span(at - utc)} ago" if utc <= at else f"in {span(utc - at)}"
    stamp = utc.isoformat(timespec="seconds")
    return Markup(  # noqa: S704 - digits of ours alone
        f'<time datetime="{stamp}" title="{stamp[:10]} {stamp[11:16]} UTC">{words}</time>'
    )


def span(length: timedelta) -> str:
    """A length of time in its largest unit, such as ``3 h``."""
    seconds = max(length.total_seconds(), 0)
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def number(value: float | None) -> str:
    """A number with its thousands apart; a dash for none."""
    return "–" if value is None else f"{value:,.0f}"


def percent(share: float | None) -> str:
    """A share of 0 to 1 in percent; a dash for none."""
    return "–" if share is None else f"{share:.0%}"


def size(count: float) -> str:
    """So many bytes in their unit."""
    for unit in _BYTES[:-1]:
        if count < _THOUSAND:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= _THOUSAND
    return f"{count:.1f} {_BYTES[-1]}"


def lines(text: str) -> Markup:
    """A text with its line ends as breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "minute": minute,
    "ago": ago,
    "span": span,
    "number": number,
    "percent": percent,
    "size": size,
    "lines": lines,
}
