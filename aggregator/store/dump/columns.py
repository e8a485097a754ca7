"""What a table of the dump is: its columns, where their values come from, and who may see them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Dialect, Float, Integer, Select, Text, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator, UserDefinedType

from aggregator import licences
from aggregator.store.tables.base import Base, Key, iso

FIRST_VERSION: Final = "1.0"
"""The version of the shape in which a column stands unless it says otherwise."""


Source = ColumnElement[Any] | InstrumentedAttribute[Any]


class Openness(StrEnum):
    """When a value stands in a public dump; in an internal one all do."""

    ALWAYS = "always"
    STANDING = "unless taken down"
    OUT = "while readers see the article"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class DumpColumn:
    """A column of the file: SQLite's type, what it means, the stored expression, and when it is public.

    ``as_shown`` is what readers see instead of the stored value: a public dump holds that.
    """

    name: str
    type: str
    meaning: str
    source: Source
    openness: Openness = Openness.NEVER
    as_shown: Source | None = None
    since: str = FIRST_VERSION


@dataclass(frozen=True, slots=True)
class DumpTable:
    """A table of the file; ``stem`` is the query without columns, ``key`` the primary key in the file.

    ``article`` is the expression that names the article of a row, None where rows hang on none; of a dump of
    some articles only their rows go in. ``only_public`` bounds the rows of a public dump.
    """

    name: str
    meaning: str
    columns: tuple[DumpColumn, ...]
    stem: Select[*tuple[Any, ...]]
    key: tuple[str, ...] = ("id",)
    references: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[tuple[str, ...], ...] = ()
    article: Source | None = None
    only_public: ColumnElement[bool] | None = None


Processor = Callable[[Any], Any] | None


class IsoText(UserDefinedType[str]):
    """A moment as ISO 8601 in UTC: as SQLite holds it, made of what PostgreSQL gives."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002 - the library's
        """Nothing is to do on SQLite: a dump has millions of these."""
        return None if dialect.name == "sqlite" else _iso


class JsonText(UserDefinedType[str]):
    """JSON as compact text; ``is_sorted`` has keys in order, for objects: PostgreSQL does not keep theirs."""

    cache_ok = True

    def __init__(self, *, is_sorted: bool = False) -> None:
        self.is_sorted = is_sorted

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002 - the library's
        """SQLite holds it as it was written, compact."""
        return None if dialect.name == "sqlite" and not self.is_sorted else _json


class PlainText(UserDefinedType[str]):
    """Blocks as plain text, a line for each."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002 - the library's
        """The words of the blocks."""
        return _plain


class Number(UserDefinedType[int]):
    """A truth value as 1 or 0."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002 - the library's
        """SQLite holds the number."""
        return None if dialect.name == "sqlite" else _number


def _iso(value: datetime | None) -> str | None:
    return None if value is None else iso(value)


def _json(value: Any) -> str | None:
    if value is None:
        return None
    made = json.loads(value) if isinstance(value, str) else value
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    blocks = json.loads(value) if isinstance(value, str) else value
    # Straight from [kind, level, text, ...], as store.rows writes them: a dump reads millions.
    return "\n".join([block[2] for block in blocks])


def _number(value: bool | None) -> int | None:  # noqa: FBT001 - a column's value, not a switch
    return None if value is None else int(value)


class SpdxId(TypeDecorator[str]):
    """A licence's SPDX identifier; null for an outlet's own words."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's
        """The identifier of a licence's name or address."""
        named = licences.named(value.strip()) if value else ""
        return named if named in licences.spdx_ids() else None


def spdx(source: InstrumentedAttribute[Any], openness: Openness) -> DumpColumn:
    """The licence of a column by its SPDX identifier."""
    meaning = "SPDX identifier of licence; null if it has none"
    return DumpColumn("licence_spdx", "TEXT", meaning, type_coerce(source, SpdxId()), openness)


def column(source: InstrumentedAttribute[Any], openness: Openness = Openness.NEVER) -> DumpColumn:
    """A column that is as it stands in the store, with the store's comment."""
    stored = source.property.columns[0]
    kind: str = type(stored.type).__name__
    if stored.comment is None:
        raise TypeError(f"{source} has no comment")
    made = DumpColumn(stored.name, "TEXT", stored.comment, source, openness)
    if kind == "UtcDateTime":
        meaning = f"{stored.comment} (ISO 8601, UTC)"
        return replace(made, source=type_coerce(source, IsoText()), meaning=meaning)
    if kind == "JSON":
        is_sorted = stored.type.python_type is dict or stored.name == "evidence"
        return replace(made, source=type_coerce(source, JsonText(is_sorted=is_sorted)))
    if isinstance(stored.type, Boolean):
        meaning = f"1 or 0: {stored.comment}"
        return replace(made, source=type_coerce(source, Number()), type="INTEGER", meaning=meaning)
    if isinstance(stored.type, Integer) or stored.type is Key:
        return replace(made, type="INTEGER")
    return replace(made, type="REAL") if isinstance(stored.type, Float) else made


def columns(row: type[Base], leave_out: Sequence[str], open_at: Mapping[str, Openness]) -> list[DumpColumn]:
    """The columns of one of the store's tables; what ``open_at`` does not name is never public."""
    sources = [getattr(row, each.key) for each in row.__table__.columns if each.key not in leave_out]
    return [column(source, open_at.get(source.key, Openness.NEVER)) for source in sources]
