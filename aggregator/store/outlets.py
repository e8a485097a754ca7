"""Outlets: rows that follow the cards, and a summary of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from aggregator.clock import now
from aggregator.model.crawl import Reason
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Outlet, RightsMode, SeedKind
from aggregator.store.crawls import last_run
from aggregator.store.engine import Database
from aggregator.store.schema import (
    ArticleRow,
    CrawlRunRow,
    FetchRow,
    OutletRow,
    PublicationRow,
)
from aggregator.store.statements import upsert_rows


@dataclass(frozen=True, slots=True)
class OutletSummary:
    """An outlet with what the store holds of it.

    ``articles`` counts copies, too; ``published`` what readers can see. ``last_article_at`` is when its
    newest article was stored, ``last_crawl_at`` when its last run started, ``last_reasons`` how its pages
    ended.
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
    articles: int
    published: int
    last_article_at: datetime | None
    last_crawl_at: datetime | None
    last_reasons: Mapping[Reason, int]


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
    newest = (
        select(func.max(PublicationRow.dated_at))
        .where(PublicationRow.outlet == OutletRow.slug)
        .where(PublicationRow.state == PublicationState.PUBLISHED.value)
        .scalar_subquery()
    )
    query = select(OutletRow.slug, OutletRow.name, OutletRow.language, newest)
    with db.reading() as session:
        found = [ShownOutlet(slug, name, tag, at) for slug, name, tag, at in session.execute(query) if at]
    return sorted(found, key=lambda each: (each.newest, each.slug), reverse=True)


def summary(db: Database, slug: str) -> OutletSummary | None:
    """The summary of one outlet; None if there is none of this slug."""
    return next(iter(_summaries(db, slug)), None)


def summaries(db: Database) -> list[OutletSummary]:
    """A summary of every outlet, by slug, also of those without a card."""
    return _summaries(db, None)


def _summaries(db: Database, only: str | None) -> list[OutletSummary]:
    with db.reading() as session:
        query = select(OutletRow).where(_is(OutletRow.slug, only)).order_by(OutletRow.slug)
        outlets = session.execute(query).scalars().all()
        articles, published = _articles(session, only), _published(session, only)
        runs = _last_runs(session, only)
        reasons = _reasons(session, [run_id for run_id, _ in runs.values()])
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
            articles=articles.get(row.slug, (0, None))[0],
            published=published.get(row.slug, 0),
            last_article_at=articles.get(row.slug, (0, None))[1],
            last_crawl_at=runs[row.slug][1] if row.slug in runs else None,
            last_reasons=reasons.get((runs[row.slug][0], row.slug), {}) if row.slug in runs else {},
        )
        for row in outlets
    ]


def _is(column: InstrumentedAttribute[str], only: str | None) -> ColumnElement[bool]:
    """Whether a row is of this outlet; true of all for None."""
    return true() if only is None else column == only


def _articles(session: Session, only: str | None) -> dict[str, tuple[int, datetime | None]]:
    newest = (
        select(
            ArticleRow.outlet.label("outlet"),
            func.count().label("articles"),
            func.max(ArticleRow.id).label("newest"),
        )
        .where(_is(ArticleRow.outlet, only))
        .group_by(ArticleRow.outlet)
        .subquery()
    )
    query = select(newest.c.outlet, newest.c.articles, ArticleRow.stored_at).join(
        ArticleRow, ArticleRow.id == newest.c.newest
    )
    return {outlet: (articles, at) for outlet, articles, at in session.execute(query)}


def _published(session: Session, only: str | None) -> dict[str, int]:
    # Grouped by state, too, instead of asking for one: so an index answers alone.
    query = (
        select(PublicationRow.outlet, PublicationRow.state, func.count())
        .where(_is(PublicationRow.outlet, only))
        .group_by(PublicationRow.outlet, PublicationRow.state)
    )
    return {
        outlet: number
        for outlet, state, number in session.execute(query)
        if state == PublicationState.PUBLISHED.value
    }


def _last_runs(session: Session, only: str | None) -> dict[str, tuple[int, datetime]]:
    """The number and the start of each outlet's last run that was not interrupted."""
    query = (
        select(OutletRow.slug, CrawlRunRow.id, CrawlRunRow.started_at)
        .join(CrawlRunRow, CrawlRunRow.id == last_run())
        .where(_is(OutletRow.slug, only))
    )
    return {outlet: (run_id, at) for outlet, run_id, at in session.execute(query)}


def _reasons(session: Session, run_ids: Sequence[int]) -> dict[tuple[int, str], dict[Reason, int]]:
    query = (
        select(FetchRow.run_id, FetchRow.outlet, FetchRow.reason, func.count())
        .where(FetchRow.run_id.in_(set(run_ids)))
        .group_by(FetchRow.run_id, FetchRow.outlet, FetchRow.reason)
    )
    found: dict[tuple[int, str], dict[Reason, int]] = {}
    for run_id, outlet, reason, number in session.execute(query):
        if run_id is not None:
            found.setdefault((run_id, outlet), {})[Reason(reason)] = number
    return found
