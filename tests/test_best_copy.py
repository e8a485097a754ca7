"""Several outlets with one text: the best copy goes out, once, and stays; the others are named beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from store.samples import NOON, article, outlet, page

from aggregator.config import Settings
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.crawl import Reason
from aggregator.model.edition import Publication
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publishing import foresee, publish
from aggregator.store import articles, decisions, editions
from aggregator.store import outlets as stored_outlets
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database

TEXT = Rights(RightsMode.FULL, licence="CC0-1.0", licence_url="https://licences.example/cc0")
CARDS = {
    "summit": outlet("summit", rights=Rights()),
    "wharf": outlet("wharf", rights=replace(TEXT, mode=RightsMode.EXCERPT)),
    "harbour": outlet("harbour", rights=TEXT),
    "never": outlet("never", rights=Rights(RightsMode.NEVER)),
    "mole": outlet("mole", rights=replace(TEXT, automatic=False)),
}
SETTINGS = Settings()
HOUR = timedelta(hours=1)


def carried(slug: str, text: str = "") -> Article:
    """The same words at an outlet, or with other ones before them."""
    one = article(1, outlet=slug)
    return replace(one, blocks=(Block(BlockKind.PARAGRAPH, text + one.body),)) if text else one


def come(db: Database, *written: Article, cards: Mapping[str, Outlet] = CARDS) -> list[Reason]:
    stored_outlets.sync(db, list(cards.values()))
    return articles.save(db, None, [page(one) for one in written])


def out(db: Database) -> list[tuple[str, str, tuple[str, ...]]]:
    """What readers see: outlet, mode, and who else has it."""
    return [
        (one.outlet, one.mode.value, tuple(name for name, _ in one.also_in))
        for one in editions.front(db, limit=9).items
    ]


def of(db: Database, slug: str) -> Publication | None:
    stored = articles.find(db, article(1, outlet=slug).url)
    assert stored is not None
    return editions.by_article(db, stored.id)


def test_the_copy_with_the_wider_rights_goes_out_and_names_the_others(db: Database) -> None:
    reasons = come(db, carried("summit"), carried("wharf"), carried("harbour"))
    assert reasons == [Reason.STORED, Reason.COPY, Reason.COPY]
    assert publish(db, CARDS, SETTINGS, NOON).published == 1
    assert out(db) == [("harbour", "full", ("The Summit Post", "The Wharf Post"))]
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).edition is None
    assert articles.unpublished(db, 9) == []


def test_a_better_copy_that_comes_later_changes_nothing(db: Database) -> None:
    come(db, carried("wharf"))
    publish(db, CARDS, SETTINGS, NOON)
    come(db, carried("harbour"))
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).edition is None
    assert out(db) == [("wharf", "excerpt", ("The Harbour Post",))]


def test_a_copy_of_what_was_refused_goes_out(db: Database) -> None:
    come(db, carried("never"))
    assert publish(db, CARDS, SETTINGS, NOON).refused == 1
    come(db, carried("wharf"))
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).published == 1
    assert out(db) == [("wharf", "excerpt", ("The Never Post",))]
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).edition is None


def test_a_copy_that_may_not_go_out_either_changes_nothing(db: Database) -> None:
    come(db, carried("never"))
    publish(db, CARDS, SETTINGS, NOON)
    cards = CARDS | {"wharf": replace(CARDS["wharf"], rights=Rights(RightsMode.NEVER))}
    come(db, carried("wharf"))
    assert publish(db, cards, SETTINGS, NOON + HOUR).edition is None
    assert articles.unpublished(db, 9) == []
    assert out(db) == []


def test_no_card_that_changes_later_brings_out_another_copy(db: Database) -> None:
    come(db, carried("summit"), carried("harbour"))
    publish(db, CARDS, SETTINGS, NOON)
    cards = CARDS | {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.NEVER))}
    come(db, carried("summit", "Corrected. "), carried("mole"), cards=cards)
    assert publish(db, cards, SETTINGS, NOON + HOUR).edition is None
    assert [line[:2] for line in out(db)] == [("harbour", "full")]


def test_a_text_that_was_withdrawn_comes_back_by_no_copy(db: Database) -> None:
    come(db, carried("summit"), carried("harbour"))
    publish(db, CARDS, SETTINGS, NOON)
    gone = of(db, "harbour")
    assert gone is not None
    editions.withdraw(db, gone.id, "asked by the outlet", NOON)
    come(db, carried("wharf"), carried("summit", "Corrected. "))
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).edition is None
    assert out(db) == []


def test_a_revision_of_the_copy_that_is_out_updates_it(db: Database) -> None:
    come(db, carried("summit"), carried("harbour"))
    publish(db, CARDS, SETTINGS, NOON)
    revised = replace(carried("harbour"), headline="Pier 1 will be built after all")
    assert come(db, revised) == [Reason.REVISION]
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).updated == 1
    assert editions.front(db).items[0].headline == "Pier 1 will be built after all"
    assert len(out(db)) == 1


def test_an_original_that_comes_late_takes_over_what_a_copy_brought_out(db: Database) -> None:
    source = article(1, outlet="harbour").url
    never, wharf = (replace(carried(slug), source_link=source) for slug in ("never", "wharf"))
    assert come(db, never, wharf) == [Reason.STORED, Reason.COPY]
    publish(db, CARDS, SETTINGS, NOON)
    assert [line[:2] for line in out(db)] == [("wharf", "link")]
    (address,) = [one.id for one in editions.front(db).items]
    assert come(db, carried("harbour")) == [Reason.STORED]
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).updated == 1
    (shown,) = editions.front(db).items
    assert (shown.id, shown.outlet, shown.mode) == (address, "harbour", RightsMode.FULL)
    assert [name for name, _ in shown.also_in] == ["The Never Post", "The Wharf Post"]


def test_a_copy_that_needs_a_person_is_on_the_list_and_goes_out_once_released(db: Database) -> None:
    come(db, carried("summit"), carried("mole"))
    assert publish(db, CARDS, SETTINGS, NOON).in_review == 1
    (waiting,) = decisions.waiting(db, Standing.IN_REVIEW)
    assert waiting.outlet == "mole"
    number = waiting.decided.article_id
    decisions.keep(db, [decisions.said(number, 1, RightsMode.FULL, NOON, None)])
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).published == 1
    assert out(db) == [("mole", "full", ("The Summit Post",))]
    assert decisions.waiting(db, Standing.IN_REVIEW) == []


def test_what_a_person_refused_goes_out_by_no_copy(db: Database) -> None:
    come(db, carried("mole"), carried("harbour"))
    decisions.keep(db, [decisions.said(1, 1, RightsMode.FULL, NOON, "a hoax")])
    report = publish(db, CARDS, SETTINGS, NOON)
    assert (report.published, report.refused) == (0, 1)
    come(db, carried("wharf"))
    assert publish(db, CARDS, SETTINGS, NOON + HOUR).edition is None
    assert out(db) == []


def test_a_copy_that_became_a_text_of_its_own_leaves_the_original_to_go_out(db: Database) -> None:
    come(db, carried("summit"), carried("harbour"))
    publish(db, CARDS, SETTINGS, NOON)
    other = replace(article(77, outlet="harbour"), url=carried("harbour").url)
    other = replace(other, canonical_url=other.url, source_link=other.url)
    assert come(db, other) == [Reason.REVISION]
    report = publish(db, CARDS, SETTINGS, NOON + HOUR)
    assert (report.published, report.updated) == (1, 1)
    assert sorted(line[:2] for line in out(db)) == [("harbour", "full"), ("summit", "link")]


@pytest.mark.parametrize("first", ["summit", "harbour"])
def test_the_dry_run_names_the_copy_that_will_go_out(db: Database, first: str) -> None:
    second = "harbour" if first == "summit" else "summit"
    come(db, carried(first), carried(second))
    foreseen = foresee(db, CARDS, SETTINGS, NOON, NOON)
    ((candidate,),) = [edition.goes_out for edition in foreseen.editions]
    assert candidate.outlet == "harbour"
    assert foreseen.named[candidate.id].url == carried("harbour").url
    publish(db, CARDS, SETTINGS, NOON)
    assert out(db)[0][0] == "harbour"
