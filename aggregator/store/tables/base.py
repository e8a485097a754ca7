"""The base of all tables: column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from aggregator.clock import to_utc


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: timestamptz on PostgreSQL, ISO 8601 text of one width on SQLite.

    The text (``2031-04-05T06:07:08.000009Z``) sorts as time does and is readable in any SQLite client.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type by the database."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write a moment; a naive one is read as UTC."""
        if value is None:
            return None
        return iso(value) if dialect.name == "sqlite" else to_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read a moment, always in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with microseconds and ``Z``: always 27 characters."""
    return to_utc(moment).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Key: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; SQLite counts by itself only in a plain INTEGER."""

JsonList: Final = JSON().with_variant(JSONB(), "postgresql")
"""A list as JSON."""


class Base(DeclarativeBase):
    """The base of all tables; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        str: Text(),
        datetime: UtcDateTime(),
        list[str]: JsonList,
        list[int]: JsonList,
    }
