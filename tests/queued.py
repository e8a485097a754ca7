"""A small world of outlets and articles that wait, with a clock that tests hand in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from store.samples import article, outlet, page

from aggregator import wallclock
from aggregator.config import PublishSettings
from aggregator.model.article import Article
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Outlet, Pace, Rights, RightsMode
from aggregator.store import articles
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRow, PublicationRow

ZONE = "Europe/Paris"
TEXT = Rights(RightsMode.FULL, licence="CC0-1.0", licence_url="https://licences.example/cc0")

CARDS = {
    one.slug: one
    for one in (
        outlet("harbour", rights=replace(TEXT, monthly_cap=14), publish=Pace(drip=2)),
        outlet("summit", rights=Rights(), publish=Pace(drip_minutes=90)),
        outlet(
            "wharf",
            rights=replace(TEXT, mode=RightsMode.EXCERPT),
            publish=Pace(daily_cap=3, embargo_minutes=95),
        ),
        outlet("mole", rights=replace(TEXT, automatic=False)),
        outlet("pier", rights=TEXT, publish=Pace(priority=5, quiet_hours=("12:00-14:00", "01:00-03:30"))),
    )
}
SLOTS = PublishSettings(
    slots=("0 7-20 * * *", "15,45 2 * * *", "30 21 * * sat,sun"),
    timezone=ZONE,
    quiet_hours=("23:00-01:30", "16:30-17:30"),
    max_articles=4,
    max_per_day=14,
    gap_minutes=45,
    expire_hours=96,
)
STEADY = SLOTS.model_copy(update={"slots": (), "every_minutes": 240.0})


def arrive(db: Database, at: datetime, *written: Article) -> None:
    """Have articles stored at a moment of the handed-in clock."""
    stored_outlets.sync(db, list(CARDS.values()))
    articles.save(db, None, [page(one) for one in written])
    with db.session() as session:
        urls = [one.url for one in written]
        session.execute(update(ArticleRow).where(ArticleRow.url.in_(urls)).values(stored_at=at))


def week(monday: datetime) -> list[Article]:
    """Ninety articles around a Monday: some with embargoes, some without a date or a headline."""
    made = []
    for number in range(1, 91):
        slug = tuple(CARDS)[number % 5]
        hours = (number * 37) % 80 - 75  # from 75 h before to 4 h ahead
        changes: dict[str, Any] = {"published": monday + timedelta(hours=hours, minutes=number % 7)}
        if number % 17 == 0:
            changes["published"] = None
        if number % 23 == 0:
            changes["headline"] = " "
        made.append(article(number, outlet=slug, **changes))
    # Texts of the link's outlet that another one gives away, and the reverse.
    others = {"summit": "pier", "pier": "summit"}
    wired = [replace(one, outlet=others[one.outlet]) for one in made[:60:4] if one.outlet in others]
    return made + [_moved(one) for one in wired]


def _moved(one: Article) -> Article:
    url = f"https://{one.outlet}.example/wire/{one.url.rpartition('/')[2]}"
    return replace(one, url=url, canonical_url=url, source_link=url)


def went_out(db: Database) -> list[tuple[datetime, int, str]]:
    """What every edition did, in order: the minute, the article, and its mode or that it was refused."""
    query = select(
        PublicationRow.published_at, PublicationRow.article_id, PublicationRow.mode, PublicationRow.state
    ).order_by(PublicationRow.id)
    with db.reading() as session:
        return [
            (
                at.replace(second=0, microsecond=0),
                number,
                mode if state != PublicationState.REFUSED else "refused",
            )
            for at, number, mode, state in session.execute(query)
        ]


def day(moment: datetime) -> datetime:
    return wallclock.day_of(ZONE, moment)[0]


def outlets_of(db: Database) -> dict[int, Outlet]:
    with db.reading() as session:
        rows: Sequence[Any] = session.execute(select(ArticleRow.id, ArticleRow.outlet)).all()
    return {row.id: CARDS[row.outlet] for row in rows}


MONDAY = datetime(2031, 3, 24, tzinfo=UTC)
HURRY_CARDS = {
    one.slug: one
    for one in (
        outlet("harbour", rights=replace(TEXT, monthly_cap=30), publish=Pace(daily_cap=12)),
        outlet("summit", rights=Rights(), publish=Pace(drip=3)),
        outlet("wharf", rights=TEXT, publish=Pace(drip_minutes=35)),
        outlet("pier", rights=TEXT),
    )
}
HURRIED = PublishSettings(
    slots=("0 * * * *",), timezone=ZONE, quiet_hours=("23:00-05:00",), max_articles=12, max_per_day=45
)
