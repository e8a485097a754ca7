"""Outlets: rows that follow the cards, and a summary of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, func, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from aggregator.clock import now
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Outlet, RightsMode, SeedKind
from aggregator.store import volumes
from aggregator.store.crawls import last_run
from aggregator.store.engine import Database
from aggregator.store.milestones import Milestones
from aggregator.store.ready import Ready
from aggregator.store.schema import (
    CrawlRunRow,
    OutletRow,
    PublicationRow,
)
from aggregator.store.statements import fetched, upsert_rows


@dataclass(frozen=True, slots=True)
class OutletSummary:
    """An outlet with what the store holds of it.

    ``published`` counts what readers can see. ``newest_at`` is the date of the newest of
    these, ``last_crawl_at`` when its last run started.
    """

    slug: str
    name: str
    homepage: str
    language: str
    country: str
    licence: str | None
    licence_url: str | None
    mode: RightsMode
    is_active: bool
    published: int
    newest_at: datetime | None
    last_crawl_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownOutlet:
    """An outlet that readers find something of; ``newest`` is the moment its newest article is sorted by."""

    slug: str
    name: str
    language: str
    newest: datetime


def sync(db: Database, outlets: Sequence[Outlet]) -> None:
    """Make the rows follow the cards; an outlet whose card is gone stays, marked inactive.

    Only what differs is written, so that a start of the program does not wait for a crawl's transaction.
    """
    wanted = {outlet.slug: _values(outlet) for outlet in outlets}
    with db.reading() as session:
        rows = session.execute(select(OutletRow)).scalars().all()
        stored = {row.slug: {name: getattr(row, name) for name in _NAMES} for row in rows}
        gone = [row.slug for row in rows if row.is_active and row.slug not in wanted]
    changed = [values for slug, values in wanted.items() if stored.get(slug) != values]
    if not (changed or gone):
        return
    at = now()
    with db.session() as session:
        upsert_rows(session, OutletRow, [values | {"synced_at": at} for values in changed])
        if gone:
            session.execute(
                update(OutletRow).where(OutletRow.slug.in_(gone)).values(is_active=False, synced_at=at)
            )


_NAMES = (
    "slug", "name", "homepage", "language", "country", "licence", "licence_url", "mode", "feed",
    "canonical", "noindex", "is_active",
)  # fmt: skip


def _values(outlet: Outlet) -> dict[str, str | bool | None]:
    rights = outlet.rights
    values = (
        outlet.slug,
        outlet.name,
        outlet.homepage,
        outlet.language,
        outlet.country,
        rights.licence,
        rights.licence_url,
        rights.mode.value,
        next((seed.url for seed in outlet.seeds if seed.kind is SeedKind.FEED), None),
        outlet.syndication.canonical,
        outlet.syndication.noindex,
        not outlet.paused,
    )
    return dict(zip(_NAMES, values, strict=True))


def shown(db: Database) -> list[ShownOutlet]:
    """The outlets that readers find something of, the one with the newest article first.

    Costs one look into an index for each outlet, where ``summaries`` counts everything.
    """
    with db.reading() as session:
        found = [ShownOutlet(slug, name, tag, at) for slug, name, tag, at in fetched(session, _SHOWN) if at]
    return sorted(found, key=lambda each: (each.newest, each.slug), reverse=True)


def summary(db: Database, slug: str, milestones: Milestones | None = None) -> OutletSummary | None:
    """The summary of one outlet; None if there is none of this slug.

    With ``milestones``, kept from one call to the next, only what came since is counted.
    """
    with db.moment():
        published = {slug: volumes.published(db, slug, milestones or Milestones())}
        return next(iter(_summaries(db, slug, published)), None)


def summaries(db: Database) -> list[OutletSummary]:
    """A summary of every outlet, by slug, also of those without a card."""
    with db.moment():
        return _summaries(db, None, _published(db))


def _summaries(db: Database, only: str | None, published: Mapping[str, int]) -> list[OutletSummary]:
    last_crawl = select(CrawlRunRow.started_at).where(CrawlRunRow.id == last_run()).scalar_subquery()
    query = select(OutletRow, _newest(), last_crawl).where(_is(OutletRow.slug, only)).order_by(OutletRow.slug)
    with db.reading() as session:
        outlets = session.execute(query).all()
    return [
        OutletSummary(
            slug=row.slug,
            name=row.name,
            homepage=row.homepage,
            language=row.language,
            country=row.country,
            licence=row.licence,
            licence_url=row.licence_url,
            mode=RightsMode(row.mode),
            is_active=row.is_active,
            published=published.get(row.slug, 0),
            newest_at=newest_at,
            last_crawl_at=crawled_at,
        )
        for row, newest_at, crawled_at in outlets
    ]


def _newest() -> ScalarSelect[datetime]:
    """The date of an outlet's newest article that is out, for a query over outlets: a look into an index."""
    return (
        select(func.max(PublicationRow.dated_at))
        .where(PublicationRow.outlet == OutletRow.slug)
        .where(PublicationRow.state == PublicationState.PUBLISHED.value)
        .correlate(OutletRow)
        .scalar_subquery()
    )


_SHOWN: Final = Ready(select(OutletRow.slug, OutletRow.name, OutletRow.language, _newest()))


def _is(column: InstrumentedAttribute[str], only: str | None) -> ColumnElement[bool]:
    """Whether a row is of this outlet; true of all for None."""
    return true() if only is None else column == only


def _published(db: Database) -> dict[str, int]:
    """How many publications of each outlet readers can see."""
    # Grouped by state, too, instead of asking for one: so an index answers alone.
    query = select(PublicationRow.outlet, PublicationRow.state, func.count()).group_by(
        PublicationRow.outlet, PublicationRow.state
    )
    with db.reading() as session:
        return {
            outlet: number
            for outlet, state, number in session.execute(query)
            if state == PublicationState.PUBLISHED.value
        }
