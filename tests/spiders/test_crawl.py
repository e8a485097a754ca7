"""A crawl among bad habits: every page ends under its own reason, and nothing good is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsstand import answers
from newsstand.server import Habits, habits
from sqlalchemy import text

from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import CrawlReport, Progress, crawl, look, trial
from aggregator.errors import CrawlError
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Outlet, Politeness, Seed, SeedKind
from aggregator.store import articles, crawls
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
__all__ = ["habits"]

EXPECTED = {
    "/good/1.html": Reason.STORED,
    "/busy.html": Reason.COPY,  # its second answer is article 1
    "/unavailable-once.html": Reason.STORED,
    "/busy-for-hours.html": Reason.FAILED_BUSY,
    "/error.html": Reason.FAILED_HTTP,
    "/forbidden.html": Reason.FAILED_HTTP,
    "/missing.html": Reason.FAILED_HTTP,
    "/gone.html": Reason.FAILED_GONE,
    "/moved.html": Reason.STORED,
    "/chain/1": Reason.STORED,
    "/loop/a": Reason.FAILED_REDIRECTS,
    "/to-metadata.html": Reason.FAILED_ADDRESS,
    "/to-private.html": Reason.FAILED_ADDRESS,
    "/wrong-charset.html": Reason.STORED,
    "/shift-jis.html": Reason.STORED,
    "/slow.html": Reason.FAILED_TIMEOUT,
    "/dripping.html": Reason.FAILED_TIMEOUT,
    "/cut-off.html": Reason.FAILED_CUT_OFF,
    "/cut-off-chunked.html": Reason.FAILED_CUT_OFF,
    "/hangs-up.html": Reason.FAILED_NETWORK,
    "/gzip-bomb.html": Reason.FAILED_TOO_LARGE,
    "/huge.html": Reason.FAILED_TOO_LARGE,
    "/huge-chunked.html": Reason.FAILED_TOO_LARGE,
    "/empty.html": Reason.DROPPED_NO_TEXT,
    "/page.pdf": Reason.DROPPED_NOT_HTML,
    "/pdf-as-html.html": Reason.DROPPED_NOT_HTML,
    "/private/x.html": Reason.DROPPED_ROBOTS,
    "/noarchive.html": Reason.STORED,
}


@pytest.fixture
def home(tmp_path: Path, migrated_sqlite: bytes) -> Path:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "a.sqlite3").write_bytes(migrated_sqlite)
    return tmp_path


def settings(home: Path, **crawl_settings: object) -> Settings:
    return Settings(
        database=f"sqlite:///{home}/a.sqlite3",
        outlets=home / "outlets",
        pages=home / "pages",
        crawl=CrawlSettings(**{"retries": 1, "longest_wait_seconds": 3, "processes": 1} | crawl_settings),
    )


def impatient(outlet: Outlet) -> Outlet:
    return replace(
        outlet, politeness=replace(outlet.politeness, delay_seconds=0.0, concurrency=4, timeout_seconds=2.0)
    )


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    db = Database.open(settings(home).database_url)
    yield db
    db.close()


def run(home: Path, outlet: Outlet, **crawl_settings: object) -> tuple[CrawlReport, dict[str, Reason]]:
    cards.write(outlet, home / "outlets")
    seen: dict[str, Reason] = {}

    def note(progress: Progress) -> None:
        assert progress.url not in seen, "a page ended twice"
        seen[progress.url] = progress.reason

    report = crawl(settings(home, **crawl_settings), [outlet.slug], on_progress=note)
    return report, seen


def test_every_habit_has_its_reason(habits: Habits, home: Path, database: Database) -> None:
    habits.play("/robots.txt", answers.robots("User-agent: *\nDisallow: /private/\n"))
    # One host that asks for hours of peace would silence the rest, so it comes in a crawl of its own.
    paths = [path for path in EXPECTED if path != "/busy-for-hours.html"]
    habits.feed(*paths)
    report, seen = run(home, impatient(habits.outlet()))
    wrong = {
        path: (seen.get(habits.url(path)), reason)
        for path, reason in EXPECTED.items()
        if path in paths and seen.get(habits.url(path)) is not reason
    }
    assert not wrong
    assert report.state is RunState.FINISHED
    assert crawls.runs(database)[0].counts == report.counts
    assert habits.count("/private/x.html") == 0


def test_a_host_that_wants_hours_of_peace_gets_them_across_crawls(habits: Habits, home: Path) -> None:
    habits.feed("/busy-for-hours.html")
    outlet = impatient(habits.outlet())
    _, seen = run(home, outlet)
    assert list(seen.values()) == [Reason.FAILED_BUSY]
    asked = len(habits.requests)
    run(home, outlet)
    assert len(habits.requests) == asked


def test_seen_pages_are_not_fetched_again_and_failed_ones_are(habits: Habits, home: Path) -> None:
    habits.feed("/good/1.html", "/error.html")
    outlet = impatient(habits.outlet())
    run(home, outlet, retries=0)
    habits.play("/error.html", answers.good(2))
    habits.forget()
    _, seen = run(home, outlet)
    assert seen == {habits.url("/error.html"): Reason.STORED}
    assert habits.count("/good/1.html") == 0


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_unreachable_robots_txt_forbids_everything(habits: Habits, home: Path, status: int) -> None:
    habits.play("/robots.txt", answers.robots("", status))
    habits.feed("/good/1.html")
    report, seen = run(home, impatient(habits.outlet()), retries=0)
    assert seen == {}
    assert report.state is RunState.FINISHED
    assert habits.count("/feed.xml") == 0


def test_a_missing_robots_txt_forbids_nothing(habits: Habits, home: Path) -> None:
    habits.play("/robots.txt", answers.robots("", 404))
    habits.feed("/good/1.html")
    _, seen = run(home, impatient(habits.outlet()))
    assert list(seen.values()) == [Reason.STORED]


def test_loopback_is_refused_unless_the_card_allows_it(
    habits: Habits, home: Path, database: Database
) -> None:
    habits.feed("/good/1.html")
    _, seen = run(home, impatient(habits.outlet(allowed=False)))
    assert seen == {}
    assert habits.requests == []
    assert crawls.rhythm(database, habits.outlet().slug)[0].reason is Reason.FAILED_ADDRESS


def test_a_feed_that_is_html_is_counted_and_said(habits: Habits, home: Path, database: Database) -> None:
    outlet = impatient(habits.outlet("/html-feed.xml"))
    report, seen = run(home, outlet)
    assert (report.state, seen) == (RunState.FINISHED, {})
    visit = crawls.rhythm(database, outlet.slug)[0]
    assert visit.reason is Reason.FAILED_FEED
    assert "HTML" in (visit.detail or "")


def test_an_unchanged_feed_is_asked_for_conditionally_and_not_read(
    habits: Habits, home: Path, database: Database
) -> None:
    habits.feed("/good/1.html")
    outlet = impatient(habits.outlet())
    run(home, outlet)
    run(home, outlet)
    visits = crawls.rhythm(database, outlet.slug)
    assert [visit.reason for visit in visits] == [Reason.UNCHANGED, Reason.STORED]


def test_crawl_delay_is_kept(habits: Habits, home: Path) -> None:
    import time

    habits.play("/robots.txt", answers.robots("User-agent: *\nCrawl-delay: 1\n"))
    habits.feed("/good/1.html", "/good/2.html", "/good/3.html")
    started = time.monotonic()
    _, seen = run(home, impatient(habits.outlet()))
    assert len(seen) == 3
    assert time.monotonic() - started > 4.0  # between robots.txt, the feed and three pages


def test_a_hosts_reservations_are_asked_for_once(habits: Habits, home: Path, database: Database) -> None:
    rules = b'[{"location": "/good/*", "tdm-reservation": 1}]'
    habits.play("/.well-known/tdmrep.json", answers.Answer(body=rules, media_type="application/json"))
    habits.feed("/good/1.html", "/good/2.html", "/good/3.html")
    run(home, impatient(habits.outlet()))
    assert habits.count("/.well-known/tdmrep.json") == 1
    found = [articles.find(database, habits.url(f"/good/{number}.html")) for number in (1, 2, 3)]
    assert [stored is not None and stored.article.tdm_reserved for stored in found] == [True] * 3


def test_articles_remember_their_page_in_the_archive(habits: Habits, home: Path, database: Database) -> None:
    from aggregator.archive import read

    habits.feed("/good/1.html")
    run(home, impatient(habits.outlet()))
    stored = articles.find(database, habits.url("/good/1.html"))
    assert stored is not None
    assert stored.archived is not None
    url, status, _, body = read(home / "pages", stored.archived)
    assert (url, status) == (habits.url("/good/1.html"), 200)
    assert body == answers.good(1).body


def test_a_crawl_in_which_nothing_goes_wrong_says_nothing(
    habits: Habits, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    habits.feed("/good/1.html")
    run(home, impatient(habits.outlet()))
    assert capfd.readouterr() == ("", "")


def test_a_section_page_is_a_seed(habits: Habits, home: Path) -> None:
    paths = [f"/2026/03/0{n}/storm-closes-the-old-harbour-{n}.html" for n in range(1, 4)]
    for number, path in enumerate(paths, 1):
        habits.play(path, answers.good(number))
    links = "".join(f'<a href="{path}">Storm closes the old harbour again</a>' for path in paths)
    page = answers.page("Section", ["x"]).replace("</body>", f"<main>{links}</main></body>")
    habits.play("/news/", replace(answers.good(1), body=page.encode()))
    _, seen = run(home, impatient(habits.outlet("/news/", SeedKind.SECTION)))
    assert sorted(seen) == [habits.url(path) for path in paths]


def sitemap(kind: str, item: str, *urls: str) -> answers.Answer:
    listed = "".join(f"<{item}><loc>{url}</loc></{item}>" for url in urls)
    body = f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{kind}>'
    return answers.Answer(
        body=body.encode(), media_type="application/xml", headers=(("ETag", f'"{len(body)}"'),)
    )


def test_a_sitemap_that_changes_behind_an_unchanged_index_is_read(habits: Habits, home: Path) -> None:
    habits.play("/sitemap.xml", sitemap("sitemapindex", "sitemap", habits.url("/news.xml")))
    habits.play("/news.xml", sitemap("urlset", "url", habits.url("/good/1.html")))
    outlet = impatient(habits.outlet("/sitemap.xml", SeedKind.SITEMAP))
    _, first = run(home, outlet)
    habits.play("/news.xml", sitemap("urlset", "url", habits.url("/good/1.html"), habits.url("/good/2.html")))
    _, second = run(home, outlet)
    assert (list(first), list(second)) == ([habits.url("/good/1.html")], [habits.url("/good/2.html")])


def test_a_full_disk_ends_the_crawl_and_loses_nothing_stored(habits: Habits, home: Path) -> None:
    habits.feed("/good/1.html")
    outlet = impatient(habits.outlet())
    run(home, outlet)
    (home / "pages").rename(home / "pages-away")
    (home / "pages").write_text("a file where the folder was")
    habits.feed("/good/1.html", "/good/2.html")
    _, seen = run(home, outlet)
    assert seen == {habits.url("/good/2.html"): Reason.FAILED_ARCHIVE}
    (home / "pages").unlink()
    (home / "pages-away").rename(home / "pages")
    _, seen = run(home, outlet)
    assert seen == {habits.url("/good/2.html"): Reason.STORED}


def test_a_database_that_is_none_is_one_clear_line(habits: Habits, home: Path) -> None:
    cards.write(habits.outlet(), home / "outlets")
    (home / "a.sqlite3").write_text("this is no database" * 100)
    with pytest.raises(CrawlError, match=r"a\.sqlite3"):
        crawl(settings(home), [habits.outlet().slug])


def test_a_header_that_is_no_utf_8_costs_no_page(habits: Habits, home: Path) -> None:
    habits.play("/latin-1.html", replace(answers.good(1), headers=(("X-Place", "Malm\xf6"),)))
    habits.feed("/latin-1.html")
    _, seen = run(home, impatient(habits.outlet()))
    assert list(seen.values()) == [Reason.STORED]


def test_a_seed_that_cannot_be_kept_fails_the_crawl(habits: Habits, home: Path, database: Database) -> None:
    with database.session() as session:
        session.execute(text("DROP TABLE seed_visit"))
    report, _ = run(home, impatient(habits.outlet("/html-feed.xml")))
    assert (report.state, report.detail) == (RunState.FAILED, "the store failed")


def test_a_trial_shows_articles_and_stores_nothing(habits: Habits, home: Path) -> None:
    (home / "a.sqlite3").unlink()
    habits.feed(*(f"/good/{n}.html" for n in range(1, 6)))
    results = trial(settings(home), impatient(habits.outlet()), articles=2)
    assert [result.reason for result in results] == [Reason.STORED] * 2
    assert all(result.article and result.article.origins for result in results)
    assert not (home / "a.sqlite3").exists()
    assert not (home / "pages").exists()


def test_a_trial_of_a_dead_outlet_tells_why(home: Path) -> None:
    outlet = Outlet(
        slug="dead",
        name="Dead",
        homepage="http://127.0.0.1:9/",
        language="en",
        country="US",
        seeds=(Seed(SeedKind.FEED, "http://127.0.0.1:9/feed"),),
        politeness=Politeness(delay_seconds=0, allow_addresses=("127.0.0.1/32",)),
    )
    [result] = trial(settings(home, retries=0), outlet)
    assert result.reason in {Reason.FAILED_REFUSED, Reason.FAILED_ROBOTS}


def test_a_look_tells_which_addresses_are_feeds(habits: Habits, home: Path) -> None:
    link = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    habits.play("/", replace(answers.good(1), body=link))
    habits.feed("/good/1.html")
    seen = look(settings(home, allow_addresses=("127.0.0.1/32",)), habits.url("/"))
    assert (habits.url("/feed.xml"), True) in seen.found
    assert seen.robots_txt.startswith("User-agent")
