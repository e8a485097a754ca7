"""Editions: what waits goes out once, as far as its rights allow, whatever happens in between."""

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
from aggregator.model.edition import Publish
from aggregator.model.outlet import Rights, RightsMode
from aggregator.outlets import write
from aggregator.publish.render import render
from aggregator.publishing import PublishReport, publish, publish_all
from aggregator.store import articles, editions, search
from aggregator.store import outlets as stored_outlets
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
    cards = {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.FULL, automatic=False))}
    report = publish(db, cards, settings, NOON)
    assert (report.published, report.refused) == (0, 1)
    assert [reason for reason in report.reasons if "needs a person" in reason]
    assert not headlines(db)
    assert publish(db, cards, settings, NOON) == PublishReport(None, 0, 0, 0, 0)


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
