"""A table of the dump that follows one of the store's."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from aggregator.store.dump.columns import DumpTable, Openness, columns
from aggregator.store.tables.base import Base


def opens(always: str = "", *, standing: str = "", out: str = "") -> Mapping[str, Openness]:
    """When columns are public, by their names; each argument lists some, with spaces between them."""
    return {
        **dict.fromkeys(always.split(), Openness.ALWAYS),
        **dict.fromkeys(standing.split(), Openness.STANDING),
        **dict.fromkeys(out.split(), Openness.OUT),
    }


def following(
    row: type[Base],
    open_at: Mapping[str, Openness],
    leave_out: Sequence[str] = (),
    *,
    name: str | None = None,
    **more: Any,
) -> DumpTable:
    """A table that follows one of the store's."""
    return DumpTable(
        name or row.__tablename__,
        str(getattr(row.__table__, "comment", "")),
        tuple(columns(row, leave_out, open_at)),
        select().select_from(row).order_by(*row.__table__.primary_key),
        **more,
    )
