"""Whom a dump is for: an internal one holds everything, a public one what everybody may have."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, null, type_coerce

from aggregator.store.dump.columns import DumpColumn, DumpTable, Openness, Source
from aggregator.store.dump.joined import IS_OUT, Gone, Shown


class Audience(StrEnum):
    """Who will have the file."""

    INTERNAL = "internal"
    PUBLIC = "public"


def query(table: DumpTable, audience: Audience) -> Select[*tuple[Any, ...]]:
    """The query of a table's rows for an audience, ordered by their key.

    What may not be public is left out by the database, so it cannot get into the file by any way: no row of
    it is ever read.
    """
    if audience is Audience.INTERNAL:
        return table.stem.with_only_columns(*(each.source.label(each.name) for each in table.columns))
    found = table.stem.with_only_columns(*(_public(each, table).label(each.name) for each in table.columns))
    if table.article is not None:
        found = found.outerjoin(Shown, Shown.article_id == table.article)
        found = found.outerjoin(Gone, Gone.article_id == table.article)
    return found if table.only_public is None else found.where(table.only_public)


def _public(column: DumpColumn, table: DumpTable) -> Source:
    nothing = type_coerce(null(), column.source.type)
    source = column.source if column.as_shown is None else column.as_shown
    match column.openness:
        case Openness.ALWAYS:
            return source
        case Openness.STANDING if table.article is not None:
            return case((Gone.article_id.is_(None), source), else_=nothing)
        case Openness.OUT if table.article is not None:
            return case((IS_OUT, source), else_=nothing)
        case _:
            return nothing
