"""Previews on real archives and databases: pages before and after other rules, and the verdict."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from handmade import SENTENCES, article_html, make_page
from store.samples import outlet

from aggregator import newsstand, outlets
from aggregator.archive import PageArchive
from aggregator.config import Settings
from aggregator.crawling import crawl
from aggregator.errors import CardError
from aggregator.extract.compare import Fate, PageChange, Verdict, verdict
from aggregator.extract.errors import PageError
from aggregator.extract.page import extract
from aggregator.extract.pool import ExtractorPool
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Layout, Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.previewing import Preview, preview
from aggregator.store import articles
from aggregator.store.engine import Database
from aggregator.store.kept import last_kept

AT = datetime(2031, 4, 5, 12, tzinfo=UTC)
BOX = (
    "</div><div class='box'><p>Our ferry timetable for the coming winter months can be had at every kiosk"
    " on the quay, and from the captain herself.</p></div>"
)
OUTLET = replace(outlet(), homepage="https://harbour.example/")


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(1, 20.0) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(pages=tmp_path / "pages")


def html(number: int) -> str:
    text = article_html(after=BOX).replace("<article>", "<article><div class='text'>")
    return text.replace("Bridge opens", f"Bridge {number} opens")


def fetched(number: int, body: str, published: datetime | None = None) -> FetchedPage:
    url = f"https://harbour.example/news/{number}"
    entry = Entry(url, Seed(SeedKind.FEED, "https://harbour.example/feed"), published=published)
    made = make_page(body, url=url, headers={"content-type": "text/html; charset=utf-8"}, entry=entry)
    return replace(made, fetched_at=AT + timedelta(minutes=number))


def keep(db: Database, settings: Settings, *pages: FetchedPage) -> None:
    """Archive and store pages, as a crawl does."""
    with PageArchive(settings.path(settings.pages)) as archive:
        for page in pages:
            ref = archive.write(page)
            try:
                end: PageArticle | PageEnd = PageArticle(page.entry, extract(page, Rules()), 200, ref)
            except PageError as error:
                end = PageEnd(
                    "harbour", page.url, Reason.DROPPED_NO_TEXT, page.fetched_at, 200, str(error), ref
                )
            articles.save(db, None, [end])


def test_last_kept_pages_are_the_newest_of_each_address(db: Database, settings: Settings) -> None:
    keep(db, settings, *(fetched(number, html(number)) for number in (1, 2, 3, 2)))
    articles.save(db, None, [PageEnd("harbour", "https://harbour.example/x", Reason.FAILED_HTTP, AT)])
    found = last_kept(db, "harbour", 2)
    assert [page.url.rsplit("/", 1)[1] for page in found] == ["2", "3"]
    assert found[0].archived.offset_bytes > found[1].archived.offset_bytes
    assert last_kept(db, "ferry", 5) == []


def test_rules_that_cut_change_pages_and_store_nothing(
    db: Database, settings: Settings, pool: ExtractorPool
) -> None:
    keep(db, settings, *(fetched(number, html(number)) for number in range(5)))
    stored = [one.article for one in articles.every(db)]
    found = preview(settings, db, pool, OUTLET, Rules(within=("div.text",), byline=("title",)), last=3)
    assert found.verdict is Verdict.CHANGES
    assert [change.url[-1] for change in found.changes] == ["4", "3", "2"]
    change = found.changes[0]
    assert change.chars[0] - change.chars[1] > 100
    assert 0.1 < change.changed_share < 0.4
    assert change.fields == ("byline",)
    assert [line for line in change.diff() if line.startswith(("-", "+"))] == [
        f"-{stored[4].blocks[-1].text}"
    ]
    assert [one.article for one in articles.every(db)] == stored


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Rules(), Rules(), Verdict.UNCHANGED),
        (Rules(), Rules(cuts=("p.none",)), Verdict.UNCHANGED),
        (Rules(), Rules(cut_lines=(".*",)), Verdict.HURTS),
        (Rules(cut_lines=(".*",)), Rules(), Verdict.HELPS),
        (Rules(), Rules(within=("nav",)), Verdict.STALE),
        (Rules(), Rules(within=("nav",), least_share=0), Verdict.HURTS),
        (Rules(), Rules(within=("div.text",)), Verdict.CHANGES),
    ],
)
def test_verdict(
    db: Database, settings: Settings, pool: ExtractorPool, old: Rules, new: Rules, expected: Verdict
) -> None:
    keep(db, settings, fetched(1, html(1)), fetched(2, html(2)))
    found = preview(settings, db, pool, replace(OUTLET, rules=old), new, last=20)
    assert found.verdict is expected


def test_one_lost_page_among_many_hurts() -> None:
    article = extract(fetched(1, html(1)), Rules())
    same = PageChange("a", article, article)
    lost = PageChange("b", article, replace(article, blocks=article.blocks[:1]))
    gained = PageChange("c", "no text", article)
    assert [one.fate for one in (same, lost, gained)] == [Fate.SAME, Fate.LOST, Fate.GAINED]
    assert verdict([same] * 9) is Verdict.UNCHANGED
    assert verdict([same, gained, gained]) is Verdict.HELPS
    assert verdict([same] * 9 + [gained, lost]) is Verdict.HURTS
    assert verdict([]) is Verdict.UNKNOWN


def test_dropped_pages_are_tried_too(db: Database, settings: Settings, pool: ExtractorPool) -> None:
    text = "".join(f"<li><a href=/{number}>{sentence}</a></li>" for number, sentence in enumerate(SENTENCES))
    page = (
        article_html().split("<main>")[0] + f"<h1>Bridge</h1><footer><ul>{text}</ul></footer></body></html>"
    )
    keep(db, settings, fetched(1, page))
    assert list(articles.every(db)) == []
    found = preview(settings, db, pool, OUTLET, Rules(body=("footer",)), last=20)
    assert [change.fate for change in found.changes] == [Fate.GAINED]
    assert isinstance(found.changes[0].before, str)
    assert found.verdict is Verdict.HELPS


def test_layouts_go_by_the_stored_date(db: Database, settings: Settings, pool: ExtractorPool) -> None:
    keep(db, settings, fetched(1, html(1), datetime(2020, 1, 1, tzinfo=UTC)), fetched(2, html(2)))
    rules = Rules(layouts=(Layout(date(2021, 1, 1), Rules(within=("div.text",))),))
    fates = [change.fate for change in preview(settings, db, pool, OUTLET, rules, last=9).changes]
    assert fates == [Fate.SAME, Fate.CHANGED]


def test_pruned_archive_is_told_and_the_rest_is_tried(
    db: Database, settings: Settings, pool: ExtractorPool
) -> None:
    keep(db, settings, fetched(1, html(1)))
    for file in settings.path(settings.pages).rglob("*.gz"):
        file.unlink()
    found = preview(settings, db, pool, OUTLET, Rules(), last=20)
    assert (found.changes, found.verdict) == ((), Verdict.UNKNOWN)
    assert "was the archive moved or pruned?" in found.unreadable[0]


def test_wrong_selector_is_the_cards_error(db: Database, settings: Settings, pool: ExtractorPool) -> None:
    keep(db, settings, fetched(1, html(1)))
    with pytest.raises(CardError, match="p\\[\\["):
        preview(settings, db, pool, OUTLET, Rules(cuts=("p[[",)), last=1)


def test_empty_preview_has_no_verdict() -> None:
    assert Preview((), ()).verdict is Verdict.UNKNOWN


def test_a_crawl_follows_a_page_class_and_its_pages_can_be_previewed(
    tmp_path: Path, pool: ExtractorPool
) -> None:
    folder = tmp_path / "outlets"
    settings = Settings(
        database=f"sqlite:///{tmp_path}/news.sqlite3", outlets=folder, pages=tmp_path / "pages"
    )
    (tmp_path / "classes.py").write_text(
        "from aggregator.extract.outlet_page import OutletPage\n\n\nclass Harbour(OutletPage):\n"
        "    def byline(self):\n        return ['Harbour Class']\n"
    )
    with newsstand.start(tmp_path / "stand", ports={"harbour-post": 0}) as stand:
        (card,) = [one for one in stand.cards() if one.slug == "harbour-post"]
        polite = replace(card.politeness, delay_seconds=0.0)
        with_class = Rules(page_class=str(tmp_path / "classes.py"))
        outlets.write(replace(card, politeness=polite, rules=with_class), folder)
        crawl(settings, ["harbour-post"])
    read = outlets.read(folder / "harbour-post.toml")
    db = Database.open(settings.database_url)
    stored = [one.article for one in articles.every(db)]
    found = preview(settings, db, pool, read, Rules(), last=3)
    db.close()
    assert stored
    assert {one.byline for one in stored} == {("Harbour Class",)}
    assert len(found.changes) == 3
    assert {change.fields for change in found.changes} == {("byline",)}
    assert found.verdict is Verdict.CHANGES
