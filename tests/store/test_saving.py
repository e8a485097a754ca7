"""Saving pages."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, cast

import pytest
from sqlalchemy import Engine, event, func, select
from store.samples import NOON, article, body, end, page, pages

from aggregator.errors import StoreError
from aggregator.model.article import Block, BlockKind, CutBlock, FieldLoser, FieldOrigin
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.duplicate import Fingerprint
from aggregator.store import articles, crawls
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, DuplicateRow, FetchRow


def rows(db: Database, table: type) -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def stored(db: Database, article_id: int) -> Any:
    found = articles.get(db, article_id)
    assert found is not None
    return found


def test_an_article_comes_back_whole_with_provenance_cuts_and_pictures(db: Database) -> None:
    sample = article(
        agency=("AFP",),
        tdm_reserved=True,
        tdm_policy="https://harbour.example/policy",
        blocks=(*article().blocks, Block(BlockKind.QUOTE, "Not for excerpts.", is_quotable=False)),
        cuts=(
            CutBlock("Read also: ropes", "read-also", behind=9, after=1, before="Before. Read also: ropes"),
            CutBlock("Ropes", "bare heading", after=4, kind=BlockKind.HEADING, level=3),
        ),
    )
    assert articles.save(db, None, [page(sample)]) == [Reason.STORED]
    found = stored(db, 1)
    assert found.article == sample
    assert (found.copy_of, found.revision) == (None, 1)


def test_the_same_page_again_adds_only_a_fetch(db: Database) -> None:
    articles.save(db, None, [page(article())])
    assert articles.save(db, None, [page(article(fetched_at=NOON + timedelta(days=1)))]) == [Reason.UNCHANGED]
    assert (rows(db, ArticleRow), rows(db, ArticleRevisionRow), rows(db, FetchRow)) == (1, 1, 2)
    assert stored(db, 1).article.fetched_at == article().fetched_at


def corrected(**changes: Any) -> PageArticle:
    values: dict[str, Any] = {
        "headline": "Pier 1 will not be built",
        "blocks": (Block(BlockKind.PARAGRAPH, body(1).replace("to build", "not to build")),),
        "published": NOON + timedelta(days=3),
        "modified": NOON + timedelta(days=3),
        "origins": (FieldOrigin("headline", "html:h1"),),
        "losers": (FieldLoser("byline", "meta:author", ""),),
        "cuts": (CutBlock("Subscribe", "newsletter"),),
        "images": (),
    } | changes
    return page(article(**values))


def test_a_new_text_at_the_same_address_is_a_revision_and_both_versions_stay(db: Database) -> None:
    articles.save(db, None, [page(article())])
    assert articles.save(db, None, [corrected()]) == [Reason.REVISION]
    found = stored(db, 1)
    assert found.revision == 2
    assert found.article == replace(corrected().article, published=article().published)
    with db.reading() as session:
        versions = session.execute(select(ArticleRevisionRow).order_by(ArticleRevisionRow.number)).scalars()
        assert [each.headline for each in versions] == ["Pier 1 will be built", "Pier 1 will not be built"]


def test_revision_keeps_first_published_date(db: Database) -> None:
    articles.save(db, None, [page(article())])
    articles.save(db, None, [corrected()])
    assert stored(db, 1).article.published == article().published


def test_a_revision_gives_the_first_published_date_that_was_missing(db: Database) -> None:
    articles.save(db, None, [page(article(published=None))])
    articles.save(db, None, [corrected(published=NOON)])
    assert stored(db, 1).article.published == NOON


def test_the_same_text_at_another_outlet_is_a_copy_of_the_first(db: Database) -> None:
    articles.save(db, None, [page(article())])
    copy = article(outlet="ferry", blocks=article().blocks, headline="Another headline")
    assert articles.save(db, None, [page(copy)]) == [Reason.COPY]
    assert stored(db, 2).copy_of == 1
    with db.reading() as session:
        found = session.execute(select(DuplicateRow)).scalar_one()
        assert (found.copy_id, found.original_id, found.kind, found.score) == (2, 1, "syndicated", 1.0)


def test_a_third_outlets_copy_is_a_copy_of_the_original_and_not_of_the_copy(db: Database) -> None:
    batch = [page(article(outlet=slug)) for slug in ("harbour", "ferry", "tide")]
    assert articles.save(db, None, batch) == [Reason.STORED, Reason.COPY, Reason.COPY]
    assert [stored(db, number).copy_of for number in (1, 2, 3)] == [None, 1, 1]


def test_a_copy_that_gets_a_text_of_its_own_is_no_copy_any_more(db: Database) -> None:
    articles.save(db, None, [page(article()), page(article(outlet="ferry"))])
    changed = article(outlet="ferry", blocks=article(9).blocks)
    assert articles.save(db, None, [page(changed)]) == [Reason.REVISION]
    assert stored(db, 2).copy_of is None
    assert rows(db, DuplicateRow) == 0
    assert [each.id for each in articles.unpublished(db, 10)] == [1, 2]


def test_a_copy_that_only_changes_its_headline_stays_one(db: Database) -> None:
    articles.save(db, None, [page(article()), page(article(outlet="ferry"))])
    articles.save(db, None, [page(article(outlet="ferry", headline="The ferry's own headline"))])
    assert stored(db, 2).copy_of == 1


def test_pages_of_one_batch_are_candidates_for_the_later_ones(db: Database) -> None:
    batch = [page(article()), page(article()), corrected(), page(article(outlet="ferry")), corrected()]
    reasons = articles.save(db, None, batch)
    expected = [Reason.STORED, Reason.UNCHANGED, Reason.REVISION, Reason.COPY, Reason.UNCHANGED]
    assert reasons == expected
    assert stored(db, 1).revision == 2
    assert stored(db, 1).article.cuts == (CutBlock("Subscribe", "newsletter"),)


def test_batch_and_single_saves_store_the_same(db: Database, tmp_path: Any) -> None:
    batch = [*pages(4), page(article(outlet="ferry")), corrected(), page(article(3))]
    together = articles.save(db, None, batch)
    other = Database.open(f"sqlite:///{tmp_path / 'singles.sqlite3'}")
    singles = [articles.save(other, None, [each])[0] for each in batch]
    assert singles == together
    assert [(s.id, s.article, s.copy_of, s.revision) for s in articles.every(other)] == [
        (s.id, s.article, s.copy_of, s.revision) for s in articles.every(db)
    ]
    other.close()


def test_an_article_whose_canonical_address_changes_is_the_same_article(db: Database) -> None:
    entry = "https://harbour.example/?p=1"
    articles.save(db, None, [page(article(), entry_url=entry)])
    moved = article(
        url="https://harbour.example/news/1-new-slug",
        canonical_url="https://harbour.example/news/1-new-slug",
        headline="A new headline",
    )
    assert articles.save(db, None, [page(moved, entry_url=entry)]) == [Reason.REVISION]
    assert rows(db, ArticleRow) == 1
    found = articles.find(db, "https://harbour.example/news/1-new-slug")
    assert found is not None
    assert found.id == 1


def test_the_same_address_at_two_outlets_is_two_articles(db: Database) -> None:
    shared = "https://wire.example/story/1"
    batch = [
        page(article(1, canonical_url=shared)),
        page(article(2, outlet="ferry", canonical_url=shared)),
    ]
    assert articles.save(db, None, batch) == [Reason.STORED, Reason.STORED]


def test_a_page_without_an_article_is_counted_with_its_reason(db: Database) -> None:
    ends = [end(1, Reason.FAILED_TIMEOUT, detail="no answer\nin 25 s"), end(2, Reason.DROPPED_NO_TEXT)]
    assert articles.save(db, None, ends) == [Reason.FAILED_TIMEOUT, Reason.DROPPED_NO_TEXT]
    with db.reading() as session:
        fetch = session.execute(select(FetchRow).order_by(FetchRow.id)).scalars().all()
        assert [each.detail for each in fetch] == ["no answer in 25 s", None]


def test_every_page_leaves_a_fetch_with_its_archive_place_and_validator(db: Database) -> None:
    updated = NOON - timedelta(minutes=1)
    run_id = crawls.start_run(db, ["harbour"], 1)
    articles.save(db, run_id, [page(article(), updated=updated)])
    with db.reading() as session:
        fetch = session.execute(select(FetchRow)).scalar_one()
        assert (fetch.run_id, fetch.article_id, fetch.status, fetch.entry_updated) == (
            run_id,
            1,
            200,
            updated,
        )
        archived = (fetch.archive_file, fetch.archive_offset_bytes, fetch.archive_length_bytes)
        assert archived == ("2031-04-05.warc.gz", 1024, 2048)
        assert (fetch.etag, fetch.body_sha256) == ('"e1"', "ab" * 32)


UNSTORABLE: list[Callable[[PageArticle], PageArticle]] = [
    lambda p: replace(p, status=2**70),
    lambda p: replace(p, article=replace(p.article, byline=cast("Any", (object(),)))),
    lambda p: replace(p, article=replace(p.article, section=cast("Any", {"a": 1}))),
    lambda p: replace(p, article=replace(p.article, headline=cast("Any", None))),
    lambda p: replace(p, fingerprint=Fingerprint(cast("Any", None), None)),
]


@pytest.mark.parametrize("spoil", UNSTORABLE)
@pytest.mark.parametrize("place", [0, 5])
def test_one_bad_row_does_not_lose_the_batch(
    db: Database, place: int, spoil: Callable[[PageArticle], PageArticle]
) -> None:
    batch = pages(7)
    batch[place] = spoil(batch[place])
    reasons = articles.save(db, None, batch)
    expected = [Reason.STORED] * 7
    expected[place] = Reason.FAILED_STORE
    assert reasons == expected
    assert rows(db, ArticleRow) == 6
    assert rows(db, FetchRow) == 7


def test_nothing_of_a_batch_is_stored_if_the_run_does_not_exist(db: Database) -> None:
    with pytest.raises(StoreError):
        articles.save(db, 4711, pages(3))
    assert rows(db, FetchRow) == 0


def test_no_pages_are_no_work(db: Database) -> None:
    assert articles.save(db, None, []) == []


NASTY = "a\x00b \ud800 c \udfff d \ufffe \U0010ffff"


def test_foreign_text_with_nul_and_half_surrogates_is_stored(db: Database) -> None:
    spoilt = article(
        headline=NASTY,
        dek=NASTY,
        section=NASTY,
        tags=(NASTY,),
        byline=(NASTY,),
        agency=(NASTY,),
        licence=NASTY,
        site_name=NASTY,
        robots=(NASTY,),
        blocks=(Block(BlockKind.PARAGRAPH, body(1) + NASTY),),
        origins=(FieldOrigin("headline", NASTY),),
        losers=(FieldLoser("headline", NASTY, NASTY),),
        cuts=(CutBlock(NASTY, "rule"),),
        url="https://harbour.example/\x00\ud800",
    )
    ends = [end(2, Reason.FAILED_HTTP, detail=NASTY, url="https://harbour.example/\udc00")]
    assert articles.save(db, None, [page(spoilt, entry_url="https://harbour.example/\ud83d"), *ends]) == [
        Reason.STORED,
        Reason.FAILED_HTTP,
    ]
    found = stored(db, 1).article
    assert found.headline == "ab \ufffd c \ufffd d \ufffe \U0010ffff"
    assert found.headline == found.dek == found.section == found.tags[0] == found.byline[0]


EAST = timezone(timedelta(hours=14))


def test_moments_come_back_in_utc_whatever_zone_they_had(db: Database) -> None:
    local = datetime(2031, 4, 6, 1, 30, 0, 123456, tzinfo=EAST)
    articles.save(db, None, [page(article(published=local))])
    found = stored(db, 1).article.published
    assert found == local
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "moment",
    [datetime(1, 1, 1, tzinfo=EAST), datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=9)))],
)
def test_a_moment_that_does_not_exist_in_utc_is_left_out(db: Database, moment: datetime) -> None:
    assert articles.save(db, None, [page(article(published=moment, modified=moment))]) == [Reason.STORED]
    assert stored(db, 1).article.published is None


def test_two_writers_at_once_store_each_page_once(db: Database, database_url: str) -> None:
    other = Database.open(database_url)
    batches = [pages(10, start=start) for start in range(1, 60, 5)]

    def work(job: tuple[Database, list[PageArticle]]) -> list[Reason]:
        return articles.save(job[0], None, job[1])

    jobs = [(target, batch) for batch in batches for target in (db, other)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(work, jobs))
    assert sum(reason is Reason.STORED for result in results for reason in result) == 65
    assert {reason for result in results for reason in result} == {Reason.STORED, Reason.UNCHANGED}
    assert rows(db, ArticleRow) == 65
    assert db.integrity() == "ok"
    other.close()


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that reach the database; one for many rows counts once."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_hundred_articles_take_no_more_statements_than_ten(db: Database) -> None:
    articles.save(db, None, pages(10))
    counts = []
    for start, size in ((1000, 10), (2000, 100)):
        with counted_statements() as seen:
            articles.save(db, None, pages(size, start=start))
        counts.append(len(seen))
    few, many = counts
    assert many == few
    assert few <= 35


def test_every_yields_all_articles_once_in_order(db: Database) -> None:
    articles.save(db, None, pages(23))
    numbers = [each.id for each in articles.every(db, batch=5)]
    assert len(numbers) == 23
    assert all(first < second for first, second in pairwise(numbers))


def test_find_knows_an_article_by_its_entry_final_and_canonical_address(db: Database) -> None:
    entry, final = "https://links.example/r/77", "https://www.harbour.example/news/1?utm_source=feed"
    articles.save(db, None, [page(article(url=final), entry_url=entry)])
    for url in (entry, final, article().canonical_url, "http://harbour.example/news/1/"):
        found = articles.find(db, url)
        assert found is not None, url
        assert found.id == 1
    assert articles.find(db, "https://harbour.example/news/2") is None
    assert articles.get(db, 99) is None
