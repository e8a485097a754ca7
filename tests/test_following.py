"""Our copies follow: originals that are gone, sold, retracted or back, and rights that change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dedupe.prose import article as prose
from sqlalchemy import select
from store.samples import NOON, article, end, lines, outlet, page

from aggregator.config import PublishSettings, Settings
from aggregator.following import Followed, Outcome, apply_rights, follow, follow_originals
from aggregator.model.article import Article, Completeness
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Follow, Outlet, Rights, RightsMode
from aggregator.model.takedown import Order, TakedownScope
from aggregator.publish import licence_watch
from aggregator.publishing import publish_all
from aggregator.store import articles, editions, freshness, licence_pages, rights_applied, search
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.schema import EventRow
from aggregator.withdrawing import take_down, undo

FREE = outlet("harbour")
RETRACTED = "Retraction: this newspaper withdraws the report below, which was wrong in every respect."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(pages=tmp_path / "pages", publish=PublishSettings(max_articles=50))


def card(**rights: Any) -> Outlet:
    return replace(FREE, rights=replace(FREE.rights, **rights))


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def written(number: int = 1, **changes: Any) -> Article:
    return replace(article(number), **({"blocks": lines(prose(number))} | changes))


class Desk:
    """What an operator has: a database, cards, and the hours that pass."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db, self.settings, self.hour = db, settings, 0.0
        self.cards: Mapping[str, Outlet] = {"harbour": FREE}

    def save(self, *pages: PageArticle) -> list[Reason]:
        stored_outlets.sync(self.db, list(self.cards.values()))
        return articles.save(self.db, None, pages)

    def publish(self) -> None:
        for _ in publish_all(self.db, self.cards, self.settings, at(self.hour)):
            pass

    def go_out(self, count: int = 1) -> None:
        self.save(*[page(written(number)) for number in range(1, count + 1)])
        self.publish()
        self.apply()

    def look(self, reason: Reason, status: int | None = None, hours: float = 2) -> list[Followed]:
        """A visit that ends so; what becomes of our copies."""
        self.hour += hours
        articles.save(self.db, None, [end(1, reason, status=status, at=at(self.hour))])
        return self.follow()

    def revise(self, **changes: Any) -> list[Followed]:
        self.hour += 2
        assert self.save(page(written(fetched_at=at(self.hour), **changes))) == [Reason.REVISION]
        self.publish()
        return self.follow()

    def follow(self) -> list[Followed]:
        return list(follow_originals(self.db, self.cards, self.settings, at(self.hour)))

    def apply(self, *, only: Sequence[str] | None = None, is_trial: bool = False) -> list[Followed]:
        stored_outlets.sync(self.db, list(self.cards.values()))
        found = apply_rights(self.db, self.cards, self.settings, at(self.hour), only=only, is_trial=is_trial)
        return list(found)

    def out(self, number: int = 1) -> Publication:
        found = editions.by_article(self.db, number)
        assert found is not None
        return found

    def events(self) -> list[str]:
        with self.db.reading() as session:
            return list(session.execute(select(EventRow.kind).order_by(EventRow.id)).scalars())


@pytest.fixture
def desk(db: Database, settings: Settings) -> Desk:
    return Desk(db, settings)


def outcomes(found: Sequence[Followed]) -> list[Outcome]:
    return [one.outcome for one in found]


def test_an_original_that_is_gone_takes_our_copy_along_and_brings_it_back(desk: Desk) -> None:
    desk.go_out()
    assert outcomes(desk.look(Reason.FAILED_HTTP, 404)) == []
    assert outcomes(desk.look(Reason.FAILED_HTTP, 404)) == [Outcome.WITHDRAWN]
    gone = desk.out()
    assert (gone.state, gone.withdrawn_by) == (PublicationState.WITHDRAWN, WithdrawnBy.GONE)
    assert gone.withdrawn_reason == "The outlet removed the original."
    assert gone.withdrawn_at == at(4)
    assert editions.front(desk.db).items == ()
    assert search.search(desk.db, "harbour").total == 0
    assert desk.follow() == []
    assert outcomes(desk.look(Reason.UNCHANGED, 304)) == [Outcome.RESTORED]
    back = desk.out()
    assert (back.state, back.withdrawn_by, back.withdrawn_at) == (PublicationState.PUBLISHED, None, None)
    assert (back.id, back.text) == (gone.id, written().body)
    assert desk.events() == ["published", "withdrawn", "published"]


@pytest.mark.parametrize(
    ("reason", "status"),
    [(Reason.FAILED_HTTP, 500), (Reason.FAILED_TIMEOUT, None), (Reason.DROPPED_ROBOTS, None)],
)
def test_trouble_on_the_way_is_no_end_of_an_article(desk: Desk, reason: Reason, status: int | None) -> None:
    desk.go_out()
    for _ in range(3):
        assert desk.look(reason, status) == []
    assert desk.out().state is PublicationState.PUBLISHED


def test_the_card_may_narrow_or_keep_what_is_gone(desk: Desk) -> None:
    desk.cards = {"harbour": card(on_gone=Follow.NARROW)}
    desk.go_out()
    assert outcomes(desk.look(Reason.FAILED_GONE, 410)) == [Outcome.NARROWED]
    narrowed = desk.out()
    assert (narrowed.state, narrowed.mode, narrowed.text) == (
        PublicationState.PUBLISHED, RightsMode.LINK, "",
    )  # fmt: skip
    assert narrowed.reason_codes == ("original/gone",)
    assert outcomes(desk.look(Reason.UNCHANGED)) == [Outcome.WIDENED]
    assert desk.out().text == written().body
    desk.cards = {"harbour": card(on_gone=Follow.KEEP)}
    desk.apply()
    assert desk.look(Reason.FAILED_GONE, 410) == []
    assert desk.out().mode is RightsMode.FULL
    assert desk.events() == ["published", "updated", "updated"]


def test_what_a_person_withdrew_or_a_takedown_took_stays_away(desk: Desk, settings: Settings) -> None:
    desk.go_out(2)
    editions.withdraw(desk.db, desk.out().id, "a mistake of ours", at(1))
    assert desk.look(Reason.FAILED_GONE, 410) == []
    assert desk.look(Reason.UNCHANGED) == []
    assert desk.out().withdrawn_reason == "a mistake of ours"
    order = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "Ada Desk")
    url = written(2).url
    articles.save(desk.db, None, [end(2, Reason.FAILED_GONE, at=at(9))])
    assert outcomes(desk.follow()) == [Outcome.WITHDRAWN]
    take_down(desk.db, settings, order, url, at(10))
    assert desk.out(2).withdrawn_by is None
    articles.save(desk.db, None, [end(2, Reason.UNCHANGED, at=at(11))])
    assert desk.follow() == []
    assert desk.apply(only=["harbour"]) == []
    assert desk.out(2).text == ""
    undo(desk.db, settings, order, url, at(12))
    assert desk.out(2).withdrawn_by is WithdrawnBy.GONE


TEASER = {"blocks": lines(prose(1)[:240]), "completeness": Completeness.PAYWALLED}


def test_a_text_that_is_sold_now_is_narrowed_by_default(desk: Desk) -> None:
    desk.go_out()
    assert desk.revise(**TEASER) == []
    assert (desk.out().mode, desk.out().revision) == (RightsMode.EXCERPT, 2)
    assert desk.out().reason_codes == ("completeness/paywalled",)


def test_a_text_that_is_sold_now_is_withdrawn_if_the_card_says_so(desk: Desk) -> None:
    desk.cards = {"harbour": card(on_paywall=Follow.WITHDRAW)}
    desk.go_out()
    assert outcomes(desk.revise(**TEASER)) == [Outcome.WITHDRAWN]
    assert desk.out().withdrawn_by is WithdrawnBy.PAYWALLED
    assert desk.out().text == written().body, "readers do not get it, and nothing took its place"
    desk.publish()
    assert desk.out().state is PublicationState.WITHDRAWN
    free = lines(prose(1) + " The outlet made it free again.")
    assert outcomes(desk.revise(blocks=free)) == [Outcome.RESTORED]
    assert (desk.out().state, desk.out().mode) == (PublicationState.PUBLISHED, RightsMode.FULL)
    assert desk.out().text.endswith("free again.")
    assert desk.events() == ["published", "withdrawn", "published"]


def test_a_text_that_is_sold_now_stays_as_it_was_if_the_card_says_so(desk: Desk) -> None:
    desk.cards = {"harbour": card(on_paywall=Follow.KEEP)}
    desk.go_out()
    assert desk.revise(**TEASER) == []
    desk.publish()
    assert desk.apply(only=["harbour"]) == []
    kept = desk.out()
    assert (kept.mode, kept.revision, kept.text) == (RightsMode.FULL, 1, written().body)
    desk.cards = {"harbour": card(mode=RightsMode.LINK, on_paywall=Follow.KEEP)}
    assert outcomes(desk.apply()) == [Outcome.NARROWED]
    assert (desk.out().mode, desk.out().text) == (RightsMode.LINK, "")


@pytest.mark.parametrize(
    ("choice", "state", "mode"),
    [
        (Follow.NARROW, PublicationState.PUBLISHED, RightsMode.LINK),
        (Follow.WITHDRAW, PublicationState.WITHDRAWN, RightsMode.FULL),
        (Follow.KEEP, PublicationState.PUBLISHED, RightsMode.FULL),
    ],
)
def test_a_retraction_is_followed_as_the_card_says(
    desk: Desk, choice: Follow, state: PublicationState, mode: RightsMode
) -> None:
    desk.cards = {"harbour": card(on_retraction=choice)}
    desk.go_out()
    desk.revise(blocks=(*lines(RETRACTED), *written().blocks))
    assert (desk.out().state, desk.out().mode) == (state, mode)
    if choice is Follow.KEEP:
        assert desk.out().text.startswith(RETRACTED)


def test_a_narrower_card_narrows_what_is_out_at_once(desk: Desk) -> None:
    desk.go_out(3)
    desk.cards = {"harbour": card(mode=RightsMode.EXCERPT, excerpt_chars=80)}
    assert outcomes(desk.apply()) == [Outcome.NARROWED] * 3
    assert 0 < len(desk.out().text) <= 80
    assert desk.apply() == []
    desk.cards = {"harbour": FREE}
    assert outcomes(desk.apply()) == [Outcome.WIDENED] * 3
    assert desk.out(3).text == written(3).body
    assert desk.out().updated_at == desk.out().published_at, "the outlet changed nothing"
    assert desk.events() == ["published"] * 3 + ["updated"] * 6


def test_a_trial_tells_the_same_and_changes_nothing(desk: Desk) -> None:
    desk.go_out(2)
    desk.cards = {"harbour": card(mode=RightsMode.NEVER)}
    trial = desk.apply(is_trial=True)
    assert outcomes(trial) == [Outcome.WITHDRAWN] * 2
    assert desk.out().state is PublicationState.PUBLISHED
    assert outcomes(desk.apply()) == outcomes(trial)


def test_a_card_that_allows_nothing_withdraws_and_one_that_does_again_restores(desk: Desk) -> None:
    desk.go_out()
    desk.cards = {"harbour": card(mode=RightsMode.NEVER)}
    desk.apply()
    gone = desk.out()
    assert (gone.state, gone.withdrawn_by) == (PublicationState.WITHDRAWN, WithdrawnBy.RIGHTS)
    assert gone.withdrawn_reason == "The outlet's card allows no republication."
    desk.cards = {"harbour": card(mode=RightsMode.LINK)}
    assert outcomes(desk.apply()) == [Outcome.RESTORED]
    assert (desk.out().state, desk.out().mode, desk.out().text) == (
        PublicationState.PUBLISHED, RightsMode.LINK, "",
    )  # fmt: skip


def test_what_was_refused_waits_for_the_publisher_again(desk: Desk) -> None:
    desk.cards = {"harbour": card(mode=RightsMode.NEVER)}
    desk.go_out()
    assert desk.out().state is PublicationState.REFUSED
    desk.cards = {"harbour": FREE}
    assert outcomes(desk.apply()) == [Outcome.QUEUED]
    assert editions.by_article(desk.db, 1) is None
    desk.publish()
    assert desk.out().text == written().body


def test_a_widening_keeps_to_the_monthly_cap(desk: Desk) -> None:
    desk.cards = {"harbour": card(mode=RightsMode.LINK)}
    desk.go_out(4)
    desk.cards = {"harbour": card(monthly_cap=2)}
    assert outcomes(desk.apply()) == [Outcome.WIDENED] * 2
    assert [desk.out(number).mode for number in (1, 2, 3, 4)] == [RightsMode.FULL] * 2 + [RightsMode.LINK] * 2


def test_what_waits_for_a_person_is_narrowed_without_one_and_not_widened(desk: Desk) -> None:
    desk.cards = {"harbour": card(mode=RightsMode.EXCERPT)}
    desk.go_out()
    desk.cards = {"harbour": card(automatic=False)}
    assert desk.apply() == []
    desk.cards = {"harbour": card(mode=RightsMode.LINK, automatic=False)}
    assert outcomes(desk.apply()) == [Outcome.NARROWED]
    assert desk.out().mode is RightsMode.LINK


def test_a_licence_page_that_changed_narrows_and_its_confirmation_widens(desk: Desk) -> None:
    url = FREE.rights.licence_url
    desk.go_out()
    known = licence_watch.seen(LicencePage("harbour"), FREE.rights, "Take what you like.", NOON)
    licence_pages.keep(desk.db, known)
    assert desk.apply() == []
    assert known.url == url
    changed = licence_watch.seen(known, FREE.rights, "Take nothing.", at(1))
    licence_pages.keep(desk.db, changed)
    assert outcomes(desk.apply()) == [Outcome.NARROWED]
    assert desk.out().reason_codes == ("licence/changed",)
    licence_pages.keep(desk.db, licence_watch.confirmed(changed, FREE.rights, at(2)))
    assert outcomes(desk.apply()) == [Outcome.WIDENED]


def test_a_card_that_is_gone_decides_nothing(desk: Desk) -> None:
    desk.go_out()
    desk.cards = {}
    assert list(follow(desk.db, {}, desk.settings, at(1))) == []
    assert desk.look(Reason.FAILED_GONE, 410) == []
    assert desk.out().state is PublicationState.PUBLISHED
    desk.cards = {"harbour": card(on_gone=Follow.WITHDRAW, credit="The Harbour")}
    assert outcomes(desk.apply()) == [Outcome.WITHDRAWN], "it is followed once there is a card again"


def test_an_application_that_was_cut_off_goes_on_where_it_was(desk: Desk) -> None:
    desk.go_out(230)
    desk.cards = {"harbour": card(mode=RightsMode.LINK)}
    running = apply_rights(desk.db, desk.cards, desk.settings, at(1))
    for _ in range(100 + 1):  # the second hundred is written when its first copy is told
        next(running)
    running.close()
    applied = rights_applied.of(desk.db)["harbour"]
    assert applied.after == desk.out(100).id
    modes = [desk.out(number).mode for number in (1, 200, 201)]
    assert modes == [RightsMode.LINK, RightsMode.LINK, RightsMode.FULL]
    assert outcomes(desk.apply()) == [Outcome.NARROWED] * 30
    assert desk.apply() == []
    assert desk.events() == ["published"] * 230 + ["updated"] * 230
    assert rights_applied.of(desk.db)["harbour"].after is None


def test_what_nothing_changed_for_is_not_read_again(desk: Desk) -> None:
    desk.go_out()
    before = freshness.changed_at(desk.db)
    assert desk.apply() == []
    assert desk.apply(only=["harbour"]) == []
    assert freshness.changed_at(desk.db) == before
    assert len(editions.editions(desk.db, 10)) == 1


def test_an_article_whose_rights_are_someone_elses_keeps_its_ceiling(desk: Desk) -> None:
    summit = outlet("summit", rights=Rights(RightsMode.FULL, licence="CC0-1.0"))
    desk.cards = {"harbour": FREE, "summit": summit}
    desk.save(page(written(source_link="https://www.summit.example/a/1")))
    desk.publish()
    assert desk.out().mode is RightsMode.LINK
    assert desk.apply(only=["harbour", "summit"]) == []
