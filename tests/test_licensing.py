"""Licence pages: read politely, compared by their text, and a change leaves its outlet at links."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsstand import answers
from newsstand.answers import Answer
from newsstand.server import Habits, habits

from aggregator import licensing
from aggregator.config import CrawlSettings, Settings
from aggregator.licensing import Found
from aggregator.model.decision import LicenceState
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publish import licence_watch
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

__all__ = ["habits"]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
RIGHTS = Rights(RightsMode.FULL, licence="CC-BY-4.0", licence_url="https://www.example.org/licence")
FREE = "You may take our articles over if you name their authors and link to the original on our pages."
SOLD = "From today on our articles may be taken over by nobody but those who have signed a contract with us."


def licence(words: str, aside: str) -> Answer:
    more = answers.words(3, paragraphs=3)
    html = answers.page("Our licence", [words, *more])
    return Answer(body=html.replace("</body>", f"<aside>{aside}</aside></body>").encode())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database=f"sqlite:///{tmp_path}/a.sqlite3",
        outlets=tmp_path / "outlets",
        pages=tmp_path / "pages",
        crawl=CrawlSettings(retries=0, processes=1, page_seconds=20.0),
    )


def outlet_of(habits: Habits) -> Outlet:
    return replace(habits.outlet(), rights=replace(RIGHTS, licence_url=habits.url("/licence.html")))


def test_a_changed_licence_page_is_told_until_it_is_confirmed(habits: Habits, settings: Settings) -> None:
    habits.play(
        "/licence.html", licence(FREE, "Buy a boat"), licence(FREE, "Buy a rope"), licence(SOLD, "Buy a boat")
    )
    outlet, db = outlet_of(habits), Database.open(settings.database_url)
    stored_outlets.sync(db, [outlet])
    looks = [licensing.check(db, settings, outlet, NOW + week * WEEK) for week in range(3)]
    assert [look.found for look in looks] == [Found.FIRST, Found.UNCHANGED, Found.CHANGED]
    assert habits.count("/robots.txt") == 3
    page = looks[-1].page
    assert licence_watch.state(outlet.rights, page, NOW) is LicenceState.CHANGED
    assert {f"-{FREE}", f"+{SOLD}"} <= set(looks[-1].diff())
    assert not list(licensing.check_due(db, settings, {outlet.slug: outlet}, NOW + 2 * WEEK))
    confirmed = licensing.confirm(db, outlet, NOW)
    assert licence_watch.state(outlet.rights, confirmed, NOW) is LicenceState.CONFIRMED
    assert confirmed.text_hash == page.new_hash
    db.close()


def test_robots_txt_counts_for_licence_pages(habits: Habits, settings: Settings) -> None:
    habits.play("/robots.txt", answers.robots("User-agent: *\nDisallow: /licence\n"))
    outlet, db = outlet_of(habits), Database.open(settings.database_url)
    stored_outlets.sync(db, [outlet])
    (look,) = licensing.check_due(db, settings, {outlet.slug: outlet}, NOW)
    assert (look.found, habits.count("/licence.html")) == (Found.FAILED, 0)
    assert "robots" in (look.page.failure or "")
    db.close()


def seen(text: str, rights: Rights = RIGHTS, before: LicencePage | None = None) -> LicencePage:
    return licence_watch.seen(before or LicencePage("example"), rights, text, NOW)


def test_case_and_white_space_are_no_change() -> None:
    assert seen("free  to\nCOPY", before=seen("Free to copy")).changed_at is None


def test_the_cards_hash_counts_as_known_and_another_text_as_changed() -> None:
    rights = replace(RIGHTS, licence_hash=licence_watch.digest("Free to copy."))
    assert seen("Free to copy.", rights).changed_at is None
    changed = seen("No copies.", rights)
    assert licence_watch.state(rights, changed, NOW) is LicenceState.CHANGED
    newer = replace(rights, licence_hash=licence_watch.digest("No copies."))
    assert licence_watch.state(newer, changed, NOW) is LicenceState.UNSEEN


def test_a_page_that_cannot_be_read_counts_as_changed_after_a_month() -> None:
    lost = licence_watch.failed(seen("Free."), RIGHTS, "404", NOW)
    still = licence_watch.failed(lost, RIGHTS, "404", NOW + WEEK)
    assert still.failed_at == NOW
    assert licence_watch.state(RIGHTS, still, NOW + timedelta(days=30)) is LicenceState.UNSEEN
    assert licence_watch.state(RIGHTS, still, NOW + timedelta(days=31)) is LicenceState.CHANGED
    assert licence_watch.state(RIGHTS, seen("Free.", before=still), NOW + timedelta(days=31)) is not (
        LicenceState.CHANGED
    )


def test_a_confirmation_counts_for_the_licence_as_it_was() -> None:
    page = licence_watch.confirmed(LicencePage("example"), RIGHTS, NOW)
    assert licence_watch.state(RIGHTS, page, NOW) is LicenceState.CONFIRMED
    other = replace(RIGHTS, licence="CC-BY-SA-4.0")
    assert licence_watch.state(other, page, NOW) is LicenceState.UNSEEN


def test_a_licences_own_address_is_not_watched() -> None:
    by = replace(RIGHTS, licence_url="https://creativecommons.org/licenses/by/4.0/")
    assert not licence_watch.is_due(by, None, NOW)
    assert licence_watch.is_due(RIGHTS, None, NOW)
    assert not licence_watch.is_due(RIGHTS, seen("Free."), NOW + timedelta(days=6))
    assert licence_watch.is_due(RIGHTS, seen("Free."), NOW + WEEK)
