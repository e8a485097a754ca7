"""The desk's sums and the history of cards, in both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update
from store.samples import article, outlet, page, pages

from aggregator.console.figures import DAYS, FRESH, HOURS, Figures
from aggregator.model.crawl import RunState
from aggregator.model.desk import CardVersion
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, crawls, decisions, desk_article, desk_cards, desk_figures, outlets
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database
from aggregator.store.schema import EditionRow, OutletHourRow, WatchProgressRow

NOW = datetime(2031, 4, 14, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(slug: str, at: datetime, **counts: int) -> dict[str, object]:
    lists = {"chars": [1000, 1200], "cuts": [100, 50], "ages": []}
    return {"outlet": slug, "hour": at, "arrived_at": at + HOUR / 2, **lists, **counts}


def count(db: Database, rows: list[dict[str, object]], until: datetime | None = None) -> None:
    with db.session() as session:
        session.execute(insert(OutletHourRow), rows)
        if until is not None:
            session.execute(insert(WatchProgressRow).values(id=1, hour=until, before_fetch=0, before_visit=0))


def test_a_fortnight_is_summed_by_hour_by_day_and_by_outlet(db: Database) -> None:
    outlets.sync(db, [outlet("harbour"), outlet("wharf")])
    nine = NOW.replace(minute=0)
    count(
        db,
        [
            hour("harbour", nine, stored=3, copies=1, visits=1, new=5, headlines=4, failed_hard=1),
            hour("wharf", nine, stored=2, failed_soft=1, failed_temporary=1, forbidden=2),
            hour("harbour", nine - 24 * HOUR, stored=7),
            hour("harbour", nine - 23 * HOUR, stored=11),
            hour("harbour", nine - 13 * 24 * HOUR - 9 * HOUR, stored=100),
            hour("harbour", nine - 14 * 24 * HOUR, stored=10_000),
        ],
    )
    with db.session() as session:
        edition = {"closed_at": NOW - HOUR, "article_count": 4, "refused_count": 1}
        session.execute(insert(EditionRow).values(**edition))
    made = Figures(db).fortnight(NOW)
    assert (len(made.hours), len(made.days)) == (HOURS, DAYS)
    assert [one.stored for one in made.hours] == [11] + [0] * 22 + [5]
    assert (made.hours[-1].failed, made.hours[-1].forbidden, made.hours[-1].new) == (3, 2, 5)
    assert [one.stored for one in made.days] == [100] + [0] * 11 + [18, 5]
    assert (made.published_hours[-2], sum(made.published_days)) == (4, 4)
    today = made.outlets["harbour"][-1]
    assert today is not None
    assert (today.brought.articles, today.brought.share("headlines"), today.brought.copied) == (4, 1.0, 0.25)
    assert today.arrived_at == nine + HOUR / 2
    assert made.outlets["wharf"][:-1] == (None,) * 13
    assert desk_figures.lengths(db, "wharf") == ([1000, 1200], [100, 50])


def test_hours_that_are_counted_for_good_are_read_once(db: Database) -> None:
    outlets.sync(db, [outlet("harbour")])
    nine = NOW.replace(minute=0)
    count(db, [hour("harbour", nine - 5 * HOUR, stored=1)], until=nine - 2 * HOUR)
    figures = Figures(db)
    assert figures.fortnight(NOW).days[-1].stored == 1
    count(db, [hour("harbour", nine, stored=2)])
    assert figures.fortnight(NOW).days[-1].stored == 1
    later = figures.fortnight(NOW + FRESH)
    assert (later.days[-1].stored, later.hours[-1].stored) == (3, 2)
    assert [one.stored for one in figures.fortnight(NOW + HOUR).hours][-2:] == [2, 0]
    assert figures.fortnight(NOW + timedelta(days=30)).days[0].stored == 0


def test_the_history_of_a_card_has_what_was_found_and_what_was_written(db: Database) -> None:
    def keep(text: str, before: str | None) -> None:
        desk_cards.keep(db, CardVersion(0, "harbour", NOW, "ada", "edited", text), before)

    keep("one", None)
    keep("two", "one")
    keep("four", "three, by hand")
    found = desk_cards.history(db, "harbour")
    assert [(one.text, one.who, one.why) for one in found] == [
        ("four", "ada", "edited"),
        ("three, by hand", "", "found"),
        ("two", "ada", "edited"),
        ("one", "ada", "edited"),
    ]
    assert desk_cards.get(db, "harbour", found[2].id) == found[2]
    assert desk_cards.get(db, "wharf", found[2].id) is None


def test_what_a_person_said_is_taken_back_until_it_is_out(db: Database) -> None:
    articles.save(db, None, pages(3))
    waiting = [
        decisions.said(number, 1, RightsMode.FULL, NOW, "a hoax" if number == 2 else None)
        for number in (1, 2, 3)
    ]
    decisions.keep(db, waiting[1:])
    assert not decisions.take_back(db, 1, NOW)
    assert decisions.take_back(db, 2, NOW)
    assert decisions.take_back(db, 3, NOW)
    assert [one.decided.article_id for one in decisions.waiting(db, Standing.IN_REVIEW)] == [2, 3]
    assert decisions.waiting_before(db, Standing.IN_REVIEW, 3) == 2
    assert decisions.waiting_before(db, Standing.IN_REVIEW, 2) is None
    states = [Standing.IN_REVIEW.value, Standing.HELD.value]
    assert desk_figures.waiting(db, states) == {"in review": 2, "held": 0}
    assert [one.reason for one in desk_article.requests(db, 1)] == ["stored"]
    assert len(desk_article.last_requests(db, "harbour", 2)) == 2
    assert desk_article.robots(db, "harbour") == []
    assert desk_figures.licences(db) == {}
    assert desk_figures.open_requests(db) == 0


def test_sums_that_are_kept_are_those_that_are_read_anew(db: Database) -> None:
    outlets.sync(db, [outlet("harbour"), outlet("wharf")])
    start = NOW.replace(minute=0)
    slugs = ("harbour", "wharf")
    before = [hour(slug, start - n * 9 * HOUR, stored=n, visits=1) for n in range(1, 50) for slug in slugs]
    count(db, before, start - 2 * HOUR)
    kept = Figures(db)
    for step in range(8):
        now = NOW + step * 11 * HOUR
        late = now.replace(minute=0) - 3 * HOUR
        count(db, [hour(slugs[step % 2], late, stored=1000 + step)])
        with db.session() as session:
            session.execute(update(WatchProgressRow).values(hour=late))
        assert kept.fortnight(now) == Figures(db).fortnight(now), step


def test_last_pages_of_an_outlet_are_the_newest_of_all_its_crawls_or_of_none(db: Database) -> None:
    outlets.sync(db, [outlet("harbour"), outlet("wharf")])
    articles.save(db, None, pages(2))  # imported, by no crawl
    for number in range(2):
        run = crawls.start_run(db, ["harbour", "wharf"], 1, at=NOW)
        crawls.end_run(db, run, RunState.FINISHED)
        later = [page(article(10 + 2 * number + each, outlet="harbour")) for each in range(2)]
        articles.save(db, run, [*later, page(article(20 + number, outlet="wharf"))])
    found = desk_article.last_requests(db, "harbour", 3)
    assert [(one.run, number) for one, number in found] == [(2, 7), (2, 6), (1, 4)]
    assert [one.run for one, _ in desk_article.last_requests(db, "harbour", 5)] == [2, 2, 1, 1, None]
    assert len(desk_article.last_requests(db, "wharf", 9)) == 2
