"""Takedowns: in one action gone everywhere, never in again, and undone while there is time."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from dedupe.prose import article as prose
from dedupe.prose import edited
from sqlalchemy import text
from store.samples import NOON, article, lines, outlet, page, pages

from aggregator import archive
from aggregator.archive import PageArchive
from aggregator.config import Settings
from aggregator.errors import ArchiveError, TakedownError, UnknownArticleError
from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Rights, RightsMode
from aggregator.model.page import ArchiveRef, Entry, FetchedPage
from aggregator.model.takedown import NewRequest, Order, RequestState, Takedown, TakedownScope
from aggregator.publishing import publish
from aggregator.store import articles, editions, search, takedown_requests, takedowns, volumes
from aggregator.store import outlets as stored_outlets
from aggregator.store.dump import dump
from aggregator.store.engine import Database
from aggregator.store.volumes import Scope
from aggregator.withdrawing import erase_dropped, erase_due, grant, take_down, undo

CARDS = {slug: outlet(slug) for slug in ("harbour", "summit", "valley")}
ONE = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "Ada Desk")
TELLTALE = "the minister forgot the ferry"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(pages=tmp_path / "pages")


def written(number: int, slug: str = "harbour", **changes: object) -> Article:
    """An article of some length; its number makes its text."""
    return replace(article(number, outlet=slug), blocks=lines(prose(number) + " " + TELLTALE), **changes)


def save(db: Database, batch: Sequence[PageArticle]) -> list[Reason]:
    stored_outlets.sync(db, list(CARDS.values()))
    return articles.save(db, None, batch)


def go_out(db: Database, settings: Settings) -> None:
    publish(db, CARDS, settings, NOON)


def shown(db: Database) -> set[str]:
    return {item.headline for item in editions.front(db, limit=100).items}


def whole_database(db: Database, tmp_path: Path) -> str:
    """Every value of every table, but for what is locked away; as a dump would say it."""
    out = tmp_path / "everything.sqlite3"
    dump(db, out)
    with closing(sqlite3.connect(out)) as file:
        return "\n".join(file.iterdump())


def kept(settings: Settings, sample: Article) -> PageArticle:
    """An article whose page is in the archive."""
    entry = Entry(sample.url, page(sample).entry.seed)
    body = f"<p>{sample.body}</p>".encode()
    fetched = FetchedPage(sample.outlet, entry, sample.url, 200, (), None, body, NOON)
    with PageArchive(settings.path(settings.pages)) as files:
        return page(sample, archived=files.write(fetched))


def is_readable(settings: Settings, ref: ArchiveRef | None) -> bool:
    assert ref is not None
    try:
        archive.read(settings.path(settings.pages), ref)
    except ArchiveError:
        return False
    return True


@pytest.mark.parametrize("address", ["id", "ours", "ours with slug", "ours with query", "theirs"])
def test_takedown_by_any_address_leaves_the_site_and_the_search(
    db: Database, settings: Settings, address: str
) -> None:
    save(db, pages(2))
    go_out(db, settings)
    publication = next(item for item in editions.front(db).items if item.headline == "Pier 1 will be built")
    ours = f"{settings.site.base_url}/article/{publication.id}"
    by = {
        "id": str(publication.id),
        "ours": ours,
        "ours with slug": f"{ours}/pier-1",
        "ours with query": f"{ours}?from=mail#top",
        "theirs": article(1).url,
    }
    assert take_down(db, settings, ONE, by[address], NOON).article_ids == (publication.article_id,)
    assert shown(db) == {"Pier 2 will be built"}
    assert search.search(db, "harbour").total == 1
    gone = editions.publication(db, publication.id)
    assert gone is not None
    assert (gone.state, gone.withdrawn_reason) == (PublicationState.WITHDRAWN, "asked by the outlet")
    assert (gone.headline, gone.text, gone.credit, gone.byline) == ("", "", "", ())


def test_what_comes_under_the_same_id_of_the_feed_is_dropped(db: Database, settings: Settings) -> None:
    first, other = written(1), written(2)
    listed = Entry(first.url, page(first).entry.seed, guid="tag:harbour.example,2031:17")
    save(db, [page(first, entry=listed)])
    take_down(db, settings, ONE, first.url, NOON)
    again = Entry(other.url, listed.seed, guid=listed.guid)
    assert save(db, [page(other, entry=again)]) == [Reason.DROPPED_TAKEDOWN]
    assert save(db, [page(other)]) == [Reason.STORED]


def test_no_table_and_no_dump_holds_its_words_any_more(
    db: Database, settings: Settings, tmp_path: Path
) -> None:
    save(db, [page(written(1)), page(written(2, "summit"))])
    save(db, [page(replace(written(1), headline="Pier 1, corrected"))])
    go_out(db, settings)
    assert TELLTALE in whole_database(db, tmp_path)
    take_down(db, settings, ONE, written(1).url, NOON)
    take_down(db, settings, ONE, written(2, "summit").url, NOON)
    left = whole_database(db, tmp_path)
    for words in (
        TELLTALE,
        "Pier 1",
        "Ada Quay",
        "The council has decided",
        "The old pier",
        "A pier, at last",
    ):
        assert words not in left, words
    assert "asked by the outlet" in left


def test_its_page_is_erased_in_the_archive_and_no_other(db: Database, settings: Settings) -> None:
    first, second = kept(settings, written(1)), kept(settings, written(2))
    again = kept(settings, replace(written(1), headline="Pier 1, corrected"))
    save(db, [first, second])
    save(db, [again])
    take_down(db, settings, ONE, written(1).url, NOON)
    assert [is_readable(settings, each.archived) for each in (first, again, second)] == [False, False, True]
    stored = articles.find(db, written(1).url)
    assert stored is not None
    assert stored.archived is None


def test_it_is_never_ingested_again(db: Database, settings: Settings) -> None:
    save(db, [page(written(1))])
    take_down(db, settings, ONE, written(1).url, NOON)
    words = written(1).body.split()
    ninety = " ".join(words[: int(0.9 * len(words))])
    back = [
        written(1),
        replace(written(1), blocks=lines(prose(9))),
        written(1, "summit", canonical_url="https://summit.example/a", url="https://summit.example/a"),
        replace(written(5, "summit"), blocks=lines(ninety)),
        replace(written(6, "summit"), blocks=lines(edited(prose(1), 0.05))),
        replace(written(7, "valley"), blocks=lines(f"{prose(30)}\n{prose(1)}")),
    ]
    assert save(db, [page(each) for each in back]) == [Reason.DROPPED_TAKEDOWN] * len(back)
    others = [written(20), replace(written(21), blocks=lines(f"{prose(22)} {prose(1)[:300]}"))]
    assert save(db, [page(each) for each in others]) == [Reason.STORED] * 2
    go_out(db, settings)
    assert shown(db) == {"Pier 20 will be built", "Pier 21 will be built"}


def test_a_page_that_comes_back_is_erased_in_the_archive(db: Database, settings: Settings) -> None:
    save(db, [page(written(1))])
    take_down(db, settings, ONE, written(1).url, NOON)
    back, other = kept(settings, written(1)), kept(settings, written(2))
    reasons = save(db, [back, other])
    assert reasons == [Reason.DROPPED_TAKEDOWN, Reason.STORED]
    erase_dropped(db, settings, None, reasons)
    assert [is_readable(settings, each.archived) for each in (back, other)] == [False, True]


def test_copies_go_with_it_and_of_a_copy_the_whole_text(db: Database, settings: Settings) -> None:
    copies = [written(1), replace(written(1), **_at("summit")), replace(written(1), **_at("valley"))]
    wider = replace(written(8), blocks=lines(f"{prose(1)}\n{prose(30)}"))
    assert save(db, [page(each) for each in copies])[1:] == [Reason.COPY] * 2
    assert save(db, [page(wider), page(written(2))]) == [Reason.STORED] * 2
    go_out(db, settings)
    done = take_down(db, settings, ONE, "https://valley.example/x", NOON)
    assert len(done.article_ids) == 4
    assert shown(db) == {"Pier 2 will be built"}


def _at(slug: str) -> dict[str, str]:
    url = f"https://{slug}.example/x"
    return {"outlet": slug, "url": url, "canonical_url": url, "source_link": url}


def test_revision_and_late_edition_do_not_bring_it_back(db: Database, settings: Settings) -> None:
    save(db, pages(1))
    (waiting,) = articles.unpublished(db, 10)
    take_down(db, settings, ONE, article(1).url, NOON)
    # A publisher that looked before the takedown writes after it.
    from aggregator.model.decision import Publish
    from aggregator.publish.render import render

    late = render(Publish(RightsMode.FULL, 300), waiting, CARDS["harbour"])
    assert editions.publish(db, [late], NOON) is None
    assert save(db, [page(replace(article(1), headline="New"))]) == [Reason.DROPPED_TAKEDOWN]
    go_out(db, settings)
    assert not shown(db)


def everything(db: Database) -> list[tuple[object, ...]]:
    tables = ("article", "article_revision", "article_field", "article_cut", "image", "search_index")
    with db.reading() as session:
        rows = [row for name in tables for row in session.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
        shown_columns = "id, state, headline, blocks, credit, withdrawn_at, withdrawn_reason, published_at"
        rows += session.execute(text(f"SELECT {shown_columns} FROM publication ORDER BY id")).all()  # noqa: S608
    return sorted(map(tuple, rows), key=repr)


def test_undoing_brings_back_exactly_what_was_there(db: Database, settings: Settings) -> None:
    save(db, [page(written(1)), page(replace(written(1), **_at("summit"))), page(written(2))])
    save(db, [page(replace(written(1), headline="Pier 1, corrected"))])
    go_out(db, settings)
    before = everything(db)
    done = take_down(db, settings, ONE, written(1).url, NOON)
    assert everything(db) != before
    undone = undo(db, settings, ONE, written(1).url, NOON + timedelta(days=29))
    assert (undone.id, undone.undone_at) == (done.id, NOON + timedelta(days=29))
    assert everything(db) == before
    assert save(db, [page(replace(written(1), headline="Pier 1, again"))]) == [Reason.REVISION]
    with pytest.raises(TakedownError, match="never taken down"):
        undo(db, settings, ONE, written(1).url, NOON)


def test_after_thirty_days_the_text_is_erased_and_the_bar_stays(db: Database, settings: Settings) -> None:
    save(db, [page(written(1))])
    done = take_down(db, settings, ONE, written(1).url, NOON)
    assert erase_due(db, NOON + timedelta(days=29)) == 0
    assert erase_due(db, NOON + timedelta(days=31)) == 1
    assert erase_due(db, NOON + timedelta(days=31)) == 0
    with db.reading() as session:
        assert (
            session.execute(text("SELECT count(*) FROM takedown_article WHERE kept IS NOT NULL")).scalar()
            == 0
        )
    with pytest.raises(TakedownError, match="its text was erased on 2031-05-06"):
        undo(db, settings, ONE, written(1).url, NOON + timedelta(days=31))
    assert takedowns.get(db, done.id).erased_at == NOON + timedelta(days=31)
    assert save(db, [page(written(1))]) == [Reason.DROPPED_TAKEDOWN]


def test_an_authors_articles_go_and_later_ones_stay_out(db: Database, settings: Settings) -> None:
    hers = [written(1, byline=("Zoë Tide",)), written(2, "summit", byline=("Bo Li", "ZOE TIDE"))]
    save(db, [page(each) for each in (*hers, written(3))])
    go_out(db, settings)
    order = replace(ONE, scope=TakedownScope.AUTHOR, subject="Zoë Tide")
    assert len(take_down(db, settings, order, "", NOON).article_ids) == 2
    assert shown(db) == {"Pier 3 will be built"}
    later = [page(written(4, byline=("Zoe Tide",))), page(written(5))]
    assert save(db, later) == [Reason.DROPPED_TAKEDOWN, Reason.STORED]
    undo(db, settings, replace(order, subject="zoe tide"), "", NOON)
    assert shown(db) == {"Pier 1 will be built", "Pier 2 will be built", "Pier 3 will be built"}
    assert save(db, [page(written(6, byline=("Zoë Tide",)))]) == [Reason.STORED]


def test_an_outlets_articles_go_however_many_and_later_ones_stay_out(
    db: Database, settings: Settings
) -> None:
    save(db, [*pages(130), page(article(1, outlet="summit", headline="The summit, seen from the valley"))])
    order = replace(ONE, scope=TakedownScope.OUTLET, subject="harbour")
    assert len(take_down(db, settings, order, "", NOON).article_ids) == 131
    assert save(db, pages(1, start=500)) == [Reason.DROPPED_TAKEDOWN]
    again = take_down(db, settings, order, "", NOON)
    assert len(takedowns.log(db, 10)) == 1
    assert len(again.article_ids) == 131


def test_the_log_says_who_when_why_and_how_long_it_took(db: Database, settings: Settings) -> None:
    save(db, pages(1))
    order = replace(ONE, asked_at=NOON - timedelta(hours=3))
    take_down(db, settings, order, article(1).url, NOON)
    (entry,) = takedowns.log(db, 10)
    assert (entry.order.ordered_by, entry.order.reason) == ("Ada Desk", "asked by the outlet")
    assert (entry.done_at, entry.took) == (NOON, timedelta(hours=3))
    with pytest.raises(TakedownError, match=f"taken down already, by takedown {entry.id}"):
        take_down(db, settings, ONE, article(1).url, NOON)
    assert len(takedowns.log(db, 10)) == 1


def test_what_was_refused_stays_refused(db: Database, settings: Settings) -> None:
    save(db, pages(1))
    never = {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.NEVER))}
    publish(db, never, settings, NOON)
    take_down(db, settings, ONE, article(1).url, NOON)
    assert volumes.withdrawn(db, Scope(), 10) == []
    undo(db, settings, ONE, article(1).url, NOON)
    assert not shown(db)


@pytest.mark.parametrize(
    "address", ["99", "9" * 30, "https://www.example.org/unknown", "http://127.0.0.1:8000/article/99"]
)
def test_takedown_of_something_unknown_says_what_is_unknown(
    db: Database, settings: Settings, address: str
) -> None:
    for act in (take_down, undo):
        with pytest.raises(UnknownArticleError, match=r"^" + address):
            act(db, settings, ONE, address, NOON)
    assert takedowns.log(db, 10) == []


def wish(address: str) -> NewRequest:
    return NewRequest(address, "Zoë Tide", "zoe@tide.example", "This is my diary.")


def test_a_request_is_granted_and_the_time_counts_from_its_coming(db: Database, settings: Settings) -> None:
    save(db, pages(1))
    number = takedown_requests.ask(db, wish(article(1).url), NOON)
    done: Takedown = grant(db, settings, number, ONE, NOON + timedelta(hours=5))
    assert done.took == timedelta(hours=5)
    request = takedown_requests.get(db, number)
    assert (request.state, request.takedown_id) == (RequestState.GRANTED, done.id)
    with pytest.raises(TakedownError, match="not open"):
        grant(db, settings, number, ONE, NOON)
    assert takedown_requests.requests(db, RequestState.OPEN, 10) == []
    erase_due(db, NOON + timedelta(days=40))
    assert takedown_requests.get(db, number).wish.contact == ""


def test_a_request_is_refused_with_words(db: Database) -> None:
    number = takedown_requests.ask(db, wish("https://nowhere.example/"), NOON)
    takedown_requests.refuse(db, number, "not ours", NOON)
    request = takedown_requests.get(db, number)
    assert (request.state, request.answer) == (RequestState.REFUSED, "not ours")
    with pytest.raises(TakedownError, match="not open"):
        takedown_requests.refuse(db, number, "not ours", NOON)
    with pytest.raises(TakedownError, match="none of this number"):
        takedown_requests.get(db, 99)
