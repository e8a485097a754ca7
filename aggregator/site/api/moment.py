"""Moments in the API: RFC 3339 in both directions, a day for its first moment."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from aggregator.clock import to_utc
from aggregator.site import dates

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII)


def read(text: object) -> datetime:
    """The moment that a parameter names.

    Raises:
        ValueError: it names none.
    """
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text):
        raise ValueError("expected a day such as 2026-03-01, or a moment such as 2026-03-01T08:05:00Z")
    # A leap second is the last of its minute to everybody who counts without them.
    written = re.sub(r"(?<=:\d\d):60", ":59", text.upper())
    try:
        return to_utc(datetime.fromisoformat(written))
    except OverflowError:
        # The first and last hours of the calendar, in zones where they lie beyond it.
        is_first = written.startswith("0001")
        return datetime.min.replace(tzinfo=UTC) if is_first else datetime.max.replace(tzinfo=UTC)


Moment = Annotated[
    datetime,
    PlainSerializer(dates.iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment in an answer, in UTC."""

AskedMoment = Annotated[
    datetime,
    BeforeValidator(read),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
    Field(examples=["2026-03-01", "2026-03-01T08:05:00Z"]),
]
"""A moment in a request: with its zone, or a day, which means its beginning in UTC."""
