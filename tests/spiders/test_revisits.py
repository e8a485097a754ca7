"""Pages of what is out are looked at again by real crawls: politely, and what they find is noted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from newsstand import answers
from newsstand.answers import Answer
from newsstand.server import Habits, habits
from sqlalchemy import text

from aggregator import clock
from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import crawl
from aggregator.following import Outcome, follow
from aggregator.model.crawl import Reason
from aggregator.model.followed import FollowedPage
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publishing import publish
from aggregator.store import articles, followed
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
__all__ = ["habits"]

CORRECTION = "Correction: an earlier version gave a wrong number of boats."


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    (tmp_path / "outlets").mkdir()
    return Settings(
        database=database_url,
        outlets=tmp_path / "outlets",
        pages=tmp_path / "pages",
        crawl=CrawlSettings(retries=0, processes=1),
    )


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    opened = Database.open(settings.database_url)
    yield opened
    opened.close()


def card(habits: Habits, **polite: object) -> Outlet:
    outlet = habits.outlet()
    rights = Rights(RightsMode.FULL, licence="CC0-1.0")
    return replace(outlet, rights=rights, politeness=replace(outlet.politeness, **polite))


def run(settings: Settings, outlet: Outlet) -> dict[str, Reason]:
    cards.write(outlet, settings.outlets)
    seen: dict[str, Reason] = {}
    crawl(settings, [outlet.slug], on_progress=lambda page: seen.update({page.url: page.reason}))
    return seen


def go_out(habits: Habits, settings: Settings, db: Database, *paths: str) -> Outlet:
    """Crawl and publish; the feed lists nothing from then on, as feeds forget what is old."""
    habits.feed(*paths)
    outlet = card(habits)
    run(settings, outlet)
    publish(db, {outlet.slug: outlet}, settings, clock.now())
    habits.feed()
    habits.forget()
    return outlet


def earlier(db: Database, hours: float) -> None:
    """Let so many hours pass: all that is known of pages happened so much earlier."""
    with db.reading() as session:
        rows = session.execute(text("SELECT publication_id FROM followed_page")).scalars().all()
    from aggregator.store.schema import FollowedPageRow

    with db.session() as session:
        for number in rows:
            row = session.get_one(FollowedPageRow, number)
            for name in ("since", "due_at", "looked_at", "missing_since", "gone_at"):
                if (moment := getattr(row, name)) is not None:
                    setattr(row, name, moment - timedelta(hours=hours))


def known(habits: Habits, db: Database, path: str) -> FollowedPage:
    stored = articles.find(db, habits.url(path))
    assert stored is not None
    with db.reading() as session:
        return followed.of_articles(session, [stored.id])[stored.id]


def changes(db: Database, settings: Settings, outlet: Outlet) -> dict[str, Outcome]:
    """What becomes of our copies now, by the path of the original."""
    found = follow(db, {outlet.slug: outlet}, settings, clock.now())
    return {urlsplit(copy.publication.source_link).path: copy.outcome for copy in found}


# What is played at a page, how the visit ends, and whether the page is missing and gone then.
FATES = {
    "/good/1.html": (Answer(status=410), Reason.FAILED_GONE, True, True),
    "/good/2.html": (Answer(status=404), Reason.FAILED_HTTP, True, False),
    "/good/3.html": (answers.moved("/"), Reason.DROPPED_HOME_PAGE, True, False),
    "/good/4.html": (Answer(status=500), Reason.FAILED_HTTP, False, False),
    "/good/5.html": (answers.good(5), Reason.UNCHANGED, False, False),
    "/good/6.html": (Answer(status=0), Reason.FAILED_NETWORK, False, False),
    "/good/7.html": (Answer(), Reason.DROPPED_NO_TEXT, False, False),
    "/good/8.html": (
        Answer(body=answers.page("Report 8 from the harbour", [CORRECTION, *answers.words(8)]).encode()),
        Reason.REVISION,
        False,
        False,
    ),
}


def test_what_visits_find(habits: Habits, settings: Settings, db: Database) -> None:
    outlet = go_out(habits, settings, db, *FATES)
    assert run(settings, outlet) == {}, "nothing is due at once"
    for path, (answer, *_) in FATES.items():
        habits.play(path, answer)
    earlier(db, 1)
    seen = run(settings, outlet)
    assert {path: seen.get(habits.url(path)) for path in FATES} == {
        path: reason for path, (_, reason, *_) in FATES.items()
    }
    pages = {path: known(habits, db, path) for path in FATES}
    found = {path: (page.missing_since is not None, page.gone_at is not None) for path, page in pages.items()}
    assert found == {path: fate[2:] for path, fate in FATES.items()}
    assert len(followed.awaiting(db, 10)) == 2  # the one that is gone, the one that was corrected
    assert changes(db, settings, outlet) == {"/good/1.html": Outcome.WITHDRAWN}
    assert run(settings, outlet) == {}, "nothing is asked for twice within the hour"
    # An hour later what is missing is gone; what is back is there, whatever the feed lists beside.
    habits.play("/good/1.html", answers.good(1))
    habits.feed("/good/2.html")
    habits.forget()
    earlier(db, 5)
    run(settings, outlet)
    assert habits.count("/good/2.html") == 1
    assert known(habits, db, "/good/1.html").missing_since is None
    assert known(habits, db, "/good/2.html").gone_at is not None
    assert known(habits, db, "/good/3.html").gone_at is not None
    assert changes(db, settings, outlet) == {
        "/good/1.html": Outcome.RESTORED,
        "/good/2.html": Outcome.WITHDRAWN,
        "/good/3.html": Outcome.WITHDRAWN,
    }
    assert changes(db, settings, outlet) == {}


def test_visits_are_conditional_few_and_keep_to_robots_txt(
    habits: Habits, settings: Settings, db: Database
) -> None:
    paths = ("/good/1.html", "/good/2.html", "/good/3.html")
    for number, path in enumerate(paths, 1):
        habits.play(path, Answer(body=answers.good(number).body, headers=(("ETag", f'"{number}"'),)))
    go_out(habits, settings, db, *paths)
    earlier(db, 1)
    assert run(settings, card(habits, max_revisits=0)) == {}
    assert list(run(settings, card(habits, max_revisits=2)).values()) == [Reason.UNCHANGED] * 2
    asked = {one.path: one.headers.get("if-none-match") for one in habits.requests if one.path in paths}
    # All three are due since the same edition; which two are first is chance.
    assert len(asked) == 2
    assert asked.items() <= {path: f'"{number}"' for number, path in enumerate(paths, 1)}.items()
    [left] = set(paths) - asked.keys()
    habits.play("/robots.txt", answers.robots("User-agent: *\nDisallow: /good/\n"))
    habits.forget()
    assert list(run(settings, card(habits)).values()) == [Reason.DROPPED_ROBOTS]
    assert habits.count(left) == 0
    assert known(habits, db, left).missing_since is None
