"""The values that other sources gave for a field, and that were not taken."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC
from typing import Any

from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.plain import key
from aggregator.model.article import FieldLoser

MOST_OF_A_FIELD = 4
LONGEST_CHARS = 200
# Pictures have addresses of many sizes, licences are named later, and the others are no fields of an article.
_UNTOLD = frozenset({"images", "licence", "houses", "original", "statement"})


def of(taken: Claims, sources: Iterable[Claims]) -> tuple[FieldLoser, ...]:
    """The distinct values of ``sources`` that differ from those ``taken``, by field, in the sources' order.

    At most ``MOST_OF_A_FIELD`` a field, each cut to ``LONGEST_CHARS``; what differs in case, accents or
    punctuation alone is the same, as is one moment in two zones.
    """
    told = list(sources)
    found: list[FieldLoser] = []
    for field in (one.name for one in fields(Claims)):
        if field not in _UNTOLD:
            values = (value for one in told if (value := getattr(one, field)) is not None)
            found += among(field, getattr(taken, field), values)
    return tuple(found)


def among(field: str, taken: Found[Any] | None, values: Iterable[Found[Any]]) -> list[FieldLoser]:
    """The values of one field that differ from the one taken, and from one another."""
    known = {_same(taken.value)} if taken else set()
    found: list[FieldLoser] = []
    for value in values:
        if len(found) < MOST_OF_A_FIELD and (same := _same(value.value)) not in known:
            known.add(same)
            found.append(FieldLoser(field, value.source, _text(value.value)[:LONGEST_CHARS]))
    return found


def _same(value: Any) -> str:
    if isinstance(value, Moment):
        return value.at.astimezone(UTC).isoformat(timespec="minutes")
    return key(_text(value)) or _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Moment):
        return value.at.date().isoformat() if value.precision == 0 else value.at.isoformat()
    return ", ".join(value) if isinstance(value, tuple) else str(value)
