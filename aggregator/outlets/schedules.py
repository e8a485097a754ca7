"""A schedule from a form's few words, and in words again."""

from typing import Final

from pydantic import ValidationError

from aggregator.errors import CardError
from aggregator.model.outlet import Adaptive, Cron, Interval, Schedule
from aggregator.outlets.card import SchedulePart
from aggregator.outlets.complaints import complaints

KINDS: Final = ("adaptive", "every", "cron")


def from_words(kind: str, value: str, timezone: str = "") -> Schedule:
    """The schedule of a kind: two bounds in minutes such as ``10-720``, minutes, or a cron expression.

    Without a value an adaptive one has the usual bounds.

    Raises:
        CardError: what is wrong with it.
    """
    match kind:
        case "adaptive":
            bounds = [part.strip() for part in value.split("-")] if value.strip() else []
            names = ("fastest_minutes", "slowest_minutes")
            if len(bounds) not in {0, len(names)}:
                raise CardError(f"schedule: expected two bounds in minutes such as 10-720; got {value!r}")
            keys: dict[str, object] = {key: _minutes(part) for key, part in zip(names, bounds, strict=False)}
        case "every":
            keys = {"every_minutes": _minutes(value)}
        case "cron":
            keys = {"cron": value.strip(), "timezone": timezone.strip() or "UTC"}
        case _:
            raise CardError(f"schedule: expected one of {', '.join(KINDS)}; got {kind!r}")
    try:
        return SchedulePart.model_validate(keys).schedule()
    except ValidationError as error:
        raise CardError("; ".join(complaints(error, "schedule"))) from error


def _minutes(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise CardError(f"schedule: expected a number of minutes; got {text.strip()!r}") from None


def in_words(schedule: Schedule) -> str:
    """A schedule in words, such as ``every 60 min``."""
    match schedule:
        case Cron(expression, timezone):
            return f"cron {expression} ({timezone})"
        case Interval(minutes, _):
            return f"every {minutes:g} min"
        case Adaptive(fastest, slowest):
            return f"adaptive, {fastest:g} to {slowest:g} min"
