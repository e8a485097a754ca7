"""Editions and publications."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from store.samples import NOON, article, lines, outlet, page, pages

from aggregator.errors import StoreError, UnknownCursorError
from aggregator.model.article import Block, BlockKind, Completeness
from aggregator.model.decision import Because, Code
from aggregator.model.edition import NewPublication, Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions, freshness, outlets, volumes
from aggregator.store.engine import Database
from aggregator.store.schema import EditionRow
from aggregator.store.volumes import Scope

LATER = NOON + timedelta(hours=1)


def new(number: int, **changes: Any) -> NewPublication:
    made = NewPublication(
        article_id=number,
        state=PublicationState.PUBLISHED,
        mode=RightsMode.FULL,
        headline=f"Pier {number}",
        blocks=lines(f"Text {number}"),
        licence="CC0-1.0",
        credit="The Harbour Post",
        reasons=(Because(Code.SHARE_ALIKE, "Its licence."),),
        revision=1,
    )
    return replace(made, **changes)


def publication(db: Database, article_id: int = 1) -> Publication:
    found = editions.by_article(db, article_id)
    assert found is not None
    return found


def revise(db: Database, number: int = 1) -> None:
    articles.save(db, None, [page(article(number, blocks=article(number + 500).blocks))])


@pytest.fixture
def stocked(db: Database) -> Database:
    outlets.sync(db, [outlet(), outlet("ferry"), outlet("tide")])
    articles.save(db, None, [page(article(1, agency=("AFP",))), *pages(4, start=2)])
    return db


def test_an_edition_brings_out_what_readers_meet(stocked: Database) -> None:
    refused = new(2, state=PublicationState.REFUSED, mode=RightsMode.NEVER, blocks=())
    edition = editions.publish(stocked, [new(1), refused], LATER)
    assert edition is not None
    assert (edition.closed_at, edition.article_count, edition.refused_count) == (LATER, 1, 1)
    assert editions.editions(stocked, 5) == [edition]
    found = publication(stocked)
    assert found == Publication(
        id=found.id,
        article_id=1,
        edition_id=edition.id,
        state=PublicationState.PUBLISHED,
        mode=RightsMode.FULL,
        outlet="harbour",
        outlet_name="The Harbour Post",
        outlet_homepage="https://harbour.example/",
        headline="Pier 1",
        blocks=lines("Text 1"),
        language="en",
        byline=("Ada Quay", "Ben Rope"),
        source_link="https://harbour.example/news/1",
        completeness=Completeness.FULL,
        licence="CC0-1.0",
        licence_url="https://licences.example/cc0",
        credit="The Harbour Post",
        reasons=("Its licence.",),
        reason_codes=("licence/share-alike",),
        first_published=article().published,
        published_at=LATER,
        updated_at=LATER,
        section="Harbour",
        topics=(("harbour", "Harbour"), ("council", "council")),
        outlet_feed="https://harbour.example/feed.xml",
        agency=("AFP",),
    )
    assert editions.publication(stocked, found.id) == found


def test_a_text_keeps_the_kinds_of_its_blocks(stocked: Database) -> None:
    blocks = (
        Block(BlockKind.PARAGRAPH, "The pier opens."),
        Block(BlockKind.HEADING, "What comes next", 3),
        *(Block(kind, f"A {kind}") for kind in (BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.TABLE)),
    )
    editions.publish(stocked, [new(1, blocks=blocks)], NOON)
    assert publication(stocked).blocks == blocks
    assert publication(stocked).text.splitlines() == [block.text for block in blocks]
    again = (*blocks[:1], replace(blocks[1], level=2), *blocks[2:])
    assert editions.publish(stocked, [new(1, blocks=again)], NOON) is not None
    assert publication(stocked).blocks == again


def test_publishing_the_same_again_changes_nothing(stocked: Database) -> None:
    editions.publish(stocked, [new(1), new(2)], NOON)
    before = (publication(stocked), freshness.changed_at(stocked))
    assert editions.publish(stocked, [new(1), new(2)], LATER) is None
    assert editions.publish(stocked, [], LATER) is None
    assert (publication(stocked), freshness.changed_at(stocked)) == before
    assert len(editions.editions(stocked, 10)) == 1


def test_an_article_is_published_once_even_if_an_edition_lists_it_twice(stocked: Database) -> None:
    editions.publish(stocked, [new(1), new(1, headline="Last word")], NOON)
    assert [each.headline for each in editions.front(stocked).items] == ["Last word"]


def test_a_newer_revision_updates_the_publication_in_place(stocked: Database) -> None:
    editions.publish(stocked, [new(1)], NOON)
    before = publication(stocked)
    revise(stocked)
    editions.publish(stocked, [new(1, revision=2, headline="Corrected", blocks=lines("New text"))], LATER)
    after = publication(stocked)
    assert (after.headline, after.text, after.updated_at) == ("Corrected", "New text", LATER)
    assert (after.id, after.edition_id, after.published_at) == (before.id, before.edition_id, NOON)


def test_a_change_of_rights_takes_text_back_without_looking_new(stocked: Database) -> None:
    editions.publish(stocked, [new(1)], NOON)
    editions.publish(stocked, [new(1, mode=RightsMode.LINK, blocks=())], LATER)
    found = publication(stocked)
    assert (found.mode, found.text, found.updated_at) == (RightsMode.LINK, "", NOON)


def test_a_text_of_an_older_revision_changes_nothing(stocked: Database) -> None:
    revise(stocked)
    editions.publish(stocked, [new(1, revision=2, blocks=lines("New"))], NOON)
    assert editions.publish(stocked, [new(1, revision=1, blocks=lines("Old"))], LATER) is None
    assert publication(stocked).text == "New"


def test_a_revision_that_may_not_go_out_takes_the_article_back(stocked: Database) -> None:
    editions.publish(stocked, [new(1), new(2)], NOON)
    revise(stocked)
    refused = new(1, state=PublicationState.REFUSED, mode=RightsMode.NEVER, blocks=(), revision=2)
    edition = editions.publish(stocked, [refused], LATER)
    assert edition is not None
    assert (edition.article_count, edition.refused_count) == (0, 1)
    gone = publication(stocked)
    assert (gone.state, gone.withdrawn_by) == (PublicationState.WITHDRAWN, WithdrawnBy.RIGHTS)
    assert (gone.withdrawn_at, gone.withdrawn_reason, gone.blocks) == (LATER, "Its licence.", ())
    assert gone.mode is RightsMode.FULL
    assert [each.id for each in volumes.withdrawn(stocked, Scope(), 9)] == [gone.id]
    assert editions.publish(stocked, [refused], LATER + timedelta(hours=1)) is None
    assert publication(stocked).withdrawn_at == LATER


def test_what_was_refused_comes_out_when_its_rights_allow_it(stocked: Database) -> None:
    editions.publish(stocked, [new(1, state=PublicationState.REFUSED, mode=RightsMode.NEVER)], NOON)
    assert editions.front(stocked).items == ()
    edition = editions.publish(stocked, [new(1)], LATER)
    assert edition is not None
    found = publication(stocked)
    assert (found.state, found.published_at) == (PublicationState.PUBLISHED, LATER)
    assert found.edition_id == edition.id


def test_an_edition_with_an_unknown_article_writes_nothing(stocked: Database) -> None:
    with pytest.raises(StoreError, match="99"):
        editions.publish(stocked, [new(1), new(99)], NOON)
    assert editions.by_article(stocked, 1) is None
    with stocked.reading() as session:
        assert session.execute(select(EditionRow)).first() is None


def test_foreign_text_that_no_database_holds_is_cleaned(stocked: Database) -> None:
    editions.publish(
        stocked, [new(1, headline="a\x00b", blocks=lines("c\ud800"), credit="\x00", licence="\udfff")], NOON
    )
    found = publication(stocked)
    assert (found.headline, found.text, found.credit, found.licence) == ("ab", "c\ufffd", "", "\ufffd")


def test_a_withdrawn_publication_leaves_the_front_and_nothing_brings_it_back(stocked: Database) -> None:
    editions.publish(stocked, [new(1), new(2)], NOON)
    number = publication(stocked).id
    editions.withdraw(stocked, number, "Asked by the outlet", LATER)
    assert [each.article_id for each in editions.front(stocked).items] == [2]
    assert [each.id for each in volumes.withdrawn(stocked, Scope(), 10)] == [number]
    revise(stocked)
    editions.publish(stocked, [new(1, revision=2, headline="Corrected")], LATER)
    found = publication(stocked)
    assert (found.state, found.withdrawn_at) == (PublicationState.WITHDRAWN, LATER)
    assert found.withdrawn_reason == "Asked by the outlet"


def test_a_second_withdrawal_keeps_the_moment_of_the_first(stocked: Database) -> None:
    editions.publish(stocked, [new(1)], NOON)
    number = publication(stocked).id
    editions.withdraw(stocked, number, "First", NOON)
    editions.withdraw(stocked, number, "Second", LATER)
    found = publication(stocked)
    assert (found.withdrawn_at, found.withdrawn_reason) == (NOON, "Second")


def test_a_withdrawal_can_be_undone_but_a_refusal_cannot(stocked: Database) -> None:
    refused = new(2, state=PublicationState.REFUSED, mode=RightsMode.NEVER)
    editions.publish(stocked, [new(1), refused], NOON)
    for number in (1, 2):
        editions.withdraw(stocked, publication(stocked, number).id, "A mistake", LATER)
        editions.restore(stocked, publication(stocked, number).id)
    assert publication(stocked, 1).state is PublicationState.PUBLISHED
    assert publication(stocked, 1).withdrawn_reason is None
    assert publication(stocked, 2).state is PublicationState.REFUSED
    assert volumes.withdrawn(stocked, Scope(), 10) == []


def test_an_article_may_be_withdrawn_before_it_goes_out(stocked: Database) -> None:
    editions.publish(stocked, [new(1, state=PublicationState.WITHDRAWN)], NOON)
    assert publication(stocked).withdrawn_at == NOON
    assert 1 not in [each.id for each in articles.unpublished(stocked, 10)]


def test_changed_at_moves_with_every_change(stocked: Database) -> None:
    assert freshness.changed_at(stocked) is None
    moments: list[datetime | None] = []
    editions.publish(stocked, [new(1)], NOON)
    number = publication(stocked).id
    moments.append(freshness.changed_at(stocked))
    editions.withdraw(stocked, number, "Why", NOON)
    moments.append(freshness.changed_at(stocked))
    editions.restore(stocked, number)
    moments.append(freshness.changed_at(stocked))
    assert None not in moments
    assert len(set(moments)) == 3
    assert moments == sorted(moments, key=str)


def test_the_front_is_sorted_by_the_articles_own_dates_and_never_by_dates_in_the_future(db: Database) -> None:
    dates = [NOON - timedelta(days=1), NOON + timedelta(days=400), None, NOON - timedelta(hours=1)]
    articles.save(db, None, [page(article(n, published=date)) for n, date in enumerate(dates, start=1)])
    editions.publish(db, [new(number) for number in range(1, 5)], NOON)
    assert [each.article_id for each in editions.front(db).items] == [3, 2, 4, 1]


def test_the_front_can_be_sorted_by_arrival_for_those_who_must_not_miss_any(stocked: Database) -> None:
    articles.save(stocked, None, [page(article(6, published=NOON - timedelta(days=900)))])
    editions.publish(stocked, [new(number) for number in range(1, 6)], NOON)
    editions.publish(stocked, [new(6)], LATER)
    assert editions.front(stocked).items[-1].article_id == 6
    first = editions.front(stocked, order="arrived", limit=2)
    assert [each.article_id for each in first.items] == [6, 5]
    rest = editions.front(stocked, order="arrived", before=first.next)
    assert [each.article_id for each in rest.items] == [4, 3, 2, 1]


@pytest.mark.parametrize("limit", [2, 5])
def test_pages_of_the_front_hold_everything_once(stocked: Database, limit: int) -> None:
    editions.publish(stocked, [new(number) for number in range(1, 6)], NOON)
    found: list[int] = []
    cursor, pages_read = None, 0
    while True:
        front = editions.front(stocked, limit=limit, before=cursor)
        found += [each.article_id for each in front.items]
        pages_read += 1
        if (cursor := front.next) is None:
            break
    assert found == [5, 4, 3, 2, 1]
    assert pages_read == -(-5 // limit)


def test_pages_do_not_shift_when_something_is_published_meanwhile(stocked: Database) -> None:
    editions.publish(stocked, [new(number) for number in range(1, 5)], NOON)
    first = editions.front(stocked, limit=2)
    editions.publish(stocked, [new(5)], LATER)
    second = editions.front(stocked, limit=2, before=first.next)
    assert [each.article_id for each in (*first.items, *second.items)] == [4, 3, 2, 1]


BAD_CURSORS = [
    "", "x", "\x00", "é", "../../etc/passwd", "=" * 50, "A" * 5000, "MjAzMQ", "MSAx",
    "OTk5OS0xMi0zMVQyMzo1OTo1OS45OTk5OTlaIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
    "OTk5OS0xMi0zMVQyMzo1OTo1OS0wNTowMCAx",
]  # fmt: skip


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_cursor_that_no_page_gave_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(UnknownCursorError):
        editions.front(db, before=cursor)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://harbour.example/other", None),
        ("https://www.ferry.example/1", "The Ferry Post"),
        ("https://blog.ferry.example/1", "The Ferry Post"),
        ("https://nobody.example/1", None),
        ("https://example/1", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_source_link_tells_the_other_outlet_that_it_leads_to(
    stocked: Database, link: str, name: str | None
) -> None:
    articles.save(stocked, None, [page(article(6, source_link=link))])
    editions.publish(stocked, [new(6)], NOON)
    assert publication(stocked, 6).source_outlet == name


def test_a_site_that_two_outlets_share_names_neither(stocked: Database) -> None:
    shared = [replace(outlet(slug), homepage="https://shared.example/") for slug in ("ferry", "tide")]
    outlets.sync(stocked, [outlet(), *shared])
    articles.save(stocked, None, [page(article(6, source_link="https://shared.example/1"))])
    editions.publish(stocked, [new(6)], NOON)
    assert publication(stocked, 6).source_outlet is None


def test_the_newest_of_each_outlet_leave_out_what_stands_elsewhere(stocked: Database) -> None:
    dated = [article(n, outlet="ferry", published=NOON - timedelta(minutes=n)) for n in (11, 12, 13)]
    articles.save(stocked, None, [page(each) for each in dated])
    editions.publish(stocked, [new(number) for number in (1, 6, 7, 8)], NOON)
    newest = editions.by_article(stocked, 6)
    assert newest is not None
    found = editions.newest_of(stocked, ["harbour", "ferry", "tide"], each=2, without={newest.id})
    listed = {slug: [each.article_id for each in items] for slug, items in found.items()}
    assert listed == {"harbour": [1], "ferry": [7, 8]}
    assert len(editions.newest_of(stocked, ["ferry"], each=1)["ferry"]) == 1
    assert editions.newest_of(stocked, [], each=2) == {}


def test_the_front_of_an_outlet_or_a_language_shows_only_its_own(stocked: Database) -> None:
    articles.save(
        stocked,
        None,
        [
            page(article(21, outlet="ferry", language="pt-BR")),
            page(article(22, outlet="ferry", language="pt")),
            page(article(23, outlet="ferry", language=None)),
        ],
    )
    editions.publish(stocked, [new(number) for number in (1, 6, 7, 8)], NOON)

    def numbers(**filters: str) -> list[int]:
        return sorted(each.article_id for each in editions.front(stocked, **filters).items)  # type: ignore[arg-type]

    assert numbers(outlet="ferry") == [6, 7, 8]
    assert numbers(language="pt") == numbers(language="pt-BR") == numbers(language="PT") == [6, 7]
    assert numbers(language="en") == [1, 8]
    assert numbers(outlet="harbour", language="pt") == []
    assert numbers(outlet="nobody") == []
    assert numbers(language="%") == []


def test_a_publication_names_the_other_outlets_that_carry_its_text_each_once(stocked: Database) -> None:
    copies = [page(article(1, outlet=slug)) for slug in ("ferry", "tide")]
    again = article(
        1, outlet="tide", url="https://tide.example/amp/1", canonical_url="https://tide.example/amp/1"
    )
    own = article(1, url="https://harbour.example/b", canonical_url="https://harbour.example/b")
    articles.save(stocked, None, [*copies, page(again), page(own)])
    editions.publish(stocked, [new(1), new(2)], NOON)
    assert publication(stocked).also_in == (
        ("The Ferry Post", "https://ferry.example/news/1"),
        ("The Tide Post", "https://tide.example/news/1"),
    )
    assert publication(stocked, 2).also_in == ()


def test_the_licences_address_is_shown_for_the_cards_licence_only(stocked: Database) -> None:
    editions.publish(stocked, [new(1, licence="CC BY 4.0")], NOON)
    assert publication(stocked).licence_url is None


def test_unpublished_are_the_undecided_that_are_no_copies_oldest_first(stocked: Database) -> None:
    articles.save(stocked, None, [page(article(1, outlet="ferry"))])
    assert [each.id for each in articles.unpublished(stocked, 10)] == [1, 2, 3, 4, 5]
    editions.publish(stocked, [new(1), new(3, state=PublicationState.REFUSED)], NOON)
    assert [each.id for each in articles.unpublished(stocked, 10)] == [2, 4, 5]
    assert [each.id for each in articles.unpublished(stocked, 1)] == [2]
    assert [each.id for each in articles.unpublished(stocked, 10, after=2)] == [4, 5]


def test_revised_are_the_published_whose_article_has_a_newer_text(stocked: Database) -> None:
    editions.publish(stocked, [new(1), new(2)], NOON)
    assert articles.revised(stocked, 10) == []
    revise(stocked, 1)
    revise(stocked, 3)
    assert [(each.id, each.revision) for each in articles.revised(stocked, 10)] == [(1, 2)]
    editions.publish(stocked, [new(1, revision=2)], LATER)
    assert articles.revised(stocked, 10) == []
    assert [each.id for each in articles.unpublished(stocked, 10)] == [3, 4, 5]


def test_an_article_that_was_revised_while_its_edition_was_made_waits_again(stocked: Database) -> None:
    revise(stocked)
    editions.publish(stocked, [new(1, revision=1)], NOON)
    assert [each.id for each in articles.revised(stocked, 10)] == [1]
