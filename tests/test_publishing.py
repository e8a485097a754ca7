"""Editions: what waits goes out once, as far as its rights allow, whatever happens in between."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store.samples import NOON, article, outlet, page, pages

from aggregator.config import PublishSettings, Settings
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.decision import Because, Code, Hold, Publish
from aggregator.model.edition import PublicationState
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import CreditPosition, Pace, Rights, RightsMode
from aggregator.outlets import write
from aggregator.publish import licence_watch
from aggregator.publish.render import render
from aggregator.publishing import PublishReport, publish, publish_all
from aggregator.store import articles, decisions, editions, licence_pages, search
from aggregator.store import outlets as stored_outlets
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database

CARDS = {"harbour": outlet("harbour"), "summit": outlet("summit", rights=Rights())}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "cards"
    for card in CARDS.values():
        write(card, folder)
    return Settings(outlets=folder)


def store(db: Database, batch: Sequence[PageArticle]) -> list[Reason]:
    stored_outlets.sync(db, list(CARDS.values()))
    return articles.save(db, None, batch)


def headlines(db: Database) -> set[str]:
    return {item.headline for item in editions.front(db, limit=100).items}


def corrected(sample: Article) -> Article:
    return replace(sample, blocks=(Block(BlockKind.PARAGRAPH, "Corrected. " + sample.body),))


def test_waiting_articles_go_out_in_one_edition_in_their_outlets_mode(
    db: Database, settings: Settings
) -> None:
    store(db, [*pages(2), page(article(3, outlet="summit"))])
    report = publish(db, CARDS, settings, NOON)
    assert (report.published, report.updated, report.refused, report.held) == (3, 0, 0, 0)
    items = {item.outlet: item for item in editions.front(db).items}
    assert items["harbour"].mode is RightsMode.FULL
    assert items["harbour"].text
    assert (items["summit"].mode, items["summit"].text) == (RightsMode.LINK, "")
    assert {item.edition_id for item in items.values()} == {report.edition}
    assert all(item.source_link.startswith("https://") and item.credit for item in items.values())


def test_publishing_twice_changes_nothing(db: Database, settings: Settings) -> None:
    store(db, pages(3))
    publish(db, CARDS, settings, NOON)
    before = editions.front(db)
    assert publish(db, CARDS, settings, NOON) == PublishReport(None, 0, 0, 0, 0)
    assert editions.front(db) == before
    assert len(editions.editions(db, 10)) == 1


def test_edition_whose_process_died_before_indexing_is_indexed_by_the_next_run(
    db: Database, settings: Settings
) -> None:
    store(db, pages(1))
    (waiting,) = articles.unpublished(db, 10)
    written = render(Publish(RightsMode.FULL, 300), waiting, CARDS["harbour"])
    editions.publish(db, [written], NOON)
    assert search.search(db, "pier").total == 0
    assert publish(db, CARDS, settings, NOON).edition is None
    assert search.search(db, "pier").total == 1


def test_two_publishers_at_once_bring_out_each_article_once(db: Database, settings: Settings) -> None:
    store(db, pages(40))
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=7)})

    def work(_number: int) -> None:
        for _ in publish_all(db, CARDS, small, NOON):
            pass

    with ThreadPoolExecutor(3) as publishers:
        list(publishers.map(work, range(3)))
    shown = [item.article_id for item in editions.front(db, limit=100).items]
    assert len(shown) == len(set(shown)) == 40
    assert search.search(db, "harbour", limit=1).total == 40


def test_two_publishers_at_once_keep_the_caps_together(db: Database, settings: Settings) -> None:
    store(db, [*pages(30), *pages(30, start=31, outlet="summit")])
    capped = {
        "harbour": replace(CARDS["harbour"], rights=replace(CARDS["harbour"].rights, monthly_cap=9)),
        "summit": replace(CARDS["summit"], publish=Pace(daily_cap=7)),
    }
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=4, max_per_day=14)})

    def work(_number: int) -> None:
        for _ in publish_all(db, capped, small, NOON):
            pass

    with ThreadPoolExecutor(4) as publishers:
        list(publishers.map(work, range(4)))
    shown = Counter(item.outlet for item in editions.front(db, limit=100).items)
    assert shown.total() == 14
    assert shown["harbour"] <= 9
    assert shown["summit"] <= 7
    list(publish_all(db, capped, small, NOON + timedelta(days=1)))
    shown = Counter(item.outlet for item in editions.front(db, limit=100).items)
    assert shown["harbour"] == 9


def test_a_new_revision_of_what_was_refused_counts_in_the_cap(db: Database, settings: Settings) -> None:
    store(db, pages(2))
    never = {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.NEVER))}
    assert publish(db, never, settings, NOON).refused == 2
    store(db, [page(corrected(article(number))) for number in (1, 2)])
    capped = {"harbour": replace(CARDS["harbour"], rights=replace(CARDS["harbour"].rights, monthly_cap=1))}
    report = publish(db, capped, settings, NOON)
    assert (report.published, report.updated, report.held) == (1, 0, 1)


def test_revision_updates_its_publication_and_keeps_its_place(db: Database, settings: Settings) -> None:
    store(db, pages(1))
    publish(db, CARDS, settings, NOON)
    before = editions.front(db).items[0]
    assert store(db, [page(corrected(article(1)))]) == [Reason.REVISION]
    report = publish(db, CARDS, settings, NOON + timedelta(hours=1))
    assert (report.published, report.updated) == (0, 1)
    (after,) = editions.front(db).items
    assert after.id == before.id
    assert after.text.startswith("Corrected.")
    assert (after.published_at, after.updated_at) == (before.published_at, NOON + timedelta(hours=1))
    assert publish(db, CARDS, settings, NOON).edition is None


def test_copy_never_goes_out_beside_its_original(db: Database, settings: Settings) -> None:
    same = replace(
        article(1), outlet="summit", url="https://summit.example/x", canonical_url="https://summit.example/x"
    )
    assert store(db, [*pages(1), page(same)]) == [Reason.STORED, Reason.COPY]
    assert publish(db, CARDS, settings, NOON).published == 1


def test_refused_article_is_remembered_with_its_reason_and_not_shown(
    db: Database, settings: Settings
) -> None:
    store(db, pages(1))
    cards = {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.NEVER))}
    report = publish(db, cards, settings, NOON)
    assert (report.published, report.refused) == (0, 1)
    assert [reason for reason in report.reasons if "allows no republication" in reason]
    assert not headlines(db)
    assert publish(db, cards, settings, NOON) == PublishReport(None, 0, 0, 0, 0)
    (refused,) = [editions.by_article(db, number) for number in (1,)]
    assert refused is not None
    assert refused.reason_codes == ("card/never",)


BY_HAND = {"harbour": replace(CARDS["harbour"], rights=replace(CARDS["harbour"].rights, automatic=False))}


def approve(db: Database, article_id: int, revision: int = 1, refusal: str | None = None) -> None:
    decisions.keep(db, [decisions.said(article_id, revision, RightsMode.FULL, NOON, refusal)])


def test_articles_of_an_outlet_by_hand_wait_for_a_person_and_go_out_once_released(
    db: Database, settings: Settings
) -> None:
    store(db, pages(3))
    report = publish(db, BY_HAND, settings, NOON)
    assert (report.edition, report.in_review, report.held) == (None, 3, 0)
    waiting = decisions.waiting(db, Standing.IN_REVIEW)
    assert [(one.outlet, one.decided.mode) for one in waiting] == [("harbour", RightsMode.FULL)] * 3
    assert [one.decided.code for one in waiting] == ["card/by-hand"] * 3
    approve(db, waiting[0].decided.article_id)
    approve(db, waiting[1].decided.article_id, refusal="a hoax")
    report = publish(db, BY_HAND, settings, NOON + timedelta(hours=1))
    assert (report.published, report.refused, report.in_review) == (1, 1, 1)
    refused = editions.by_article(db, waiting[1].decided.article_id)
    assert refused is not None
    assert (refused.state, refused.reason_codes) == (PublicationState.REFUSED, ("review/refused",))
    assert [one.decided for one in decisions.waiting(db, Standing.IN_REVIEW)] == [waiting[2].decided]


def test_a_new_revision_of_a_released_article_waits_for_a_person_and_the_old_stays(
    db: Database, settings: Settings
) -> None:
    store(db, pages(1))
    publish(db, BY_HAND, settings, NOON)
    approve(db, 1)
    publish(db, BY_HAND, settings, NOON)
    store(db, [page(corrected(article(1)))])
    report = publish(db, BY_HAND, settings, NOON)
    assert (report.edition, report.in_review) == (None, 1)
    out = editions.by_article(db, 1)
    assert out is not None
    assert "Corrected" not in out.text
    approve(db, 1, revision=2)
    assert publish(db, BY_HAND, settings, NOON).updated == 1


def test_what_a_person_said_stays_when_the_edition_is_made_again(db: Database, settings: Settings) -> None:
    store(db, pages(1))
    publish(db, BY_HAND, settings, NOON)
    approve(db, 1)
    decisions.keep(db, [decisions.standing_of(1, 1, Hold(None, Because(Code.EMBARGO, "Later.")), NOON)])
    assert decisions.of(db, [1])[1].standing is Standing.APPROVED


def test_a_month_brings_no_more_texts_than_the_cap_and_the_next_one_goes_on(
    db: Database, settings: Settings
) -> None:
    store(db, pages(5))
    capped = {"harbour": replace(CARDS["harbour"], rights=replace(CARDS["harbour"].rights, monthly_cap=2))}
    report = publish(db, capped, settings, NOON)
    assert (report.published, report.held) == (2, 3)
    assert publish(db, capped, settings, NOON + timedelta(days=1)).published == 0
    held = decisions.waiting(db, Standing.HELD)
    assert {one.decided.code for one in held} == {"card/monthly-cap"}
    (until,) = {one.decided.until for one in held}
    assert until is not None
    assert publish(db, capped, settings, until).published == 2
    store(db, [page(corrected(article(1)))])
    assert publish(db, capped, settings, until).updated == 1  # what is out counts in no cap again


def test_a_licence_page_that_changed_leaves_links_until_it_is_confirmed(
    db: Database, settings: Settings
) -> None:
    store(db, pages(2))
    card = CARDS["harbour"]
    known = licence_watch.seen(LicencePage("harbour"), card.rights, "Free to copy.", NOON)
    changed = licence_watch.seen(known, card.rights, "No copies any more.", NOON)
    licence_pages.keep(db, changed)
    publish(db, CARDS, settings, NOON)
    item = editions.front(db).items[0]
    assert (item.mode, item.text, item.reason_codes) == (RightsMode.LINK, "", ("licence/changed",))
    licence_pages.keep(db, licence_watch.confirmed(changed, card.rights, NOON))
    store(db, [page(corrected(article(1)))])
    publish(db, CARDS, settings, NOON)
    assert {one.mode for one in editions.front(db).items} == {RightsMode.LINK, RightsMode.FULL}


def test_two_cards_for_one_outlet_publish_by_the_narrower(db: Database, settings: Settings) -> None:
    store(db, pages(1))
    twin = replace(outlet("wharf", rights=Rights(RightsMode.LINK)), homepage=CARDS["harbour"].homepage)
    publish(db, CARDS | {"wharf": twin}, settings, NOON)
    item = editions.front(db).items[0]
    assert (item.mode, item.reason_codes) == (RightsMode.LINK, ("card/two-for-one-outlet",))


def test_what_the_page_said_is_kept_with_the_publication(db: Database, settings: Settings) -> None:
    blocks = (*article(1).blocks, Block(BlockKind.PARAGRAPH, "Not to be quoted.", is_quotable=False))
    said = replace(article(1), robots=("noai",), tdm_reserved=True, blocks=blocks)
    store(db, [page(said)])
    publish(db, CARDS, settings, NOON)
    item = editions.front(db).items[0]
    assert item.reason_codes == ("robots/noai", "tdm/reserved", "page/data-nosnippet")
    assert (item.is_minable, item.is_indexable, item.credit_position) == (False, True, CreditPosition.TOP)
    assert [block.is_quotable for block in item.blocks] == [True, True, True, False]


def test_held_article_waits_for_its_time_and_blocks_nobody_behind_it(
    db: Database, settings: Settings
) -> None:
    ahead = NOON + timedelta(hours=2)
    early = [page(replace(article(number), published=ahead)) for number in (1, 2, 3)]
    store(db, [*early, *pages(2, start=4)])
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=2)})
    report = publish(db, CARDS, small, NOON)
    assert (report.published, report.held) == (2, 3)
    assert headlines(db) == {"Pier 4 will be built", "Pier 5 will be built"}
    assert publish(db, CARDS, small, ahead).published == 2


def test_article_of_an_outlet_without_a_card_waits(db: Database, settings: Settings) -> None:
    store(db, pages(1))
    assert publish(db, {}, settings, NOON).held == 1
    assert publish(db, CARDS, settings, NOON).published == 1


def test_edition_has_a_greatest_size_and_the_rest_follows_in_the_next(
    db: Database, settings: Settings
) -> None:
    store(db, pages(5))
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=2)})
    reports = list(publish_all(db, CARDS, small, NOON))
    assert [report.published for report in reports] == [2, 2, 1]
    assert len(headlines(db)) == 5


def test_revisions_beyond_one_edition_follow_in_the_next(db: Database, settings: Settings) -> None:
    store(db, pages(5))
    publish(db, CARDS, settings, NOON)
    store(db, [page(corrected(article(number))) for number in range(1, 6)])
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=2)})
    reports = list(publish_all(db, CARDS, small, NOON))
    assert [report.updated for report in reports] == [2, 2, 1]


def test_revisions_of_an_outlet_without_a_card_block_nobody_behind_them(
    db: Database, settings: Settings
) -> None:
    store(db, [*pages(3), page(article(4, outlet="summit"))])
    publish(db, CARDS, settings, NOON)
    store(db, [page(corrected(article(number))) for number in (1, 2, 3)])
    store(db, [page(corrected(article(4, outlet="summit")))])
    small = settings.model_copy(update={"publish": PublishSettings(max_articles=2)})
    report = publish(db, {"summit": CARDS["summit"]}, small, NOON)
    assert (report.updated, report.held) == (1, 3)
