"""The site as files: every link leads somewhere, nothing stays of what was taken down."""

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from browsing import Witness, browser, witness
from lxml import etree, html
from published import LIVE, fill
from reading import Reader
from site_stories import AGAIN, FIRE, told

from aggregator.config import Settings, SiteSettings
from aggregator.errors import ExportError
from aggregator.exporting.export import Report, export
from aggregator.exporting.finding import file_of_word, words
from aggregator.exporting.folder import MANIFEST
from aggregator.store import editions
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
__all__ = ["browser", "witness"]

ODD = ["Fähren, ΔΟΚΙΜΉ x2", "終電後の潮鳴駅にカナbus", "مَدْرَسَة ١٢", "한국어 뉴스", "ไทย a"]
ODD += ["STRASSE straße İ", "𠮷野家 👍", "_a_b_", ""]

ELSEWHERE = "https://news.example/daily"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The folder as ``python -m http.server`` serves it; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(20)


def write(db: Database, folder: Path, base_url: str = ELSEWHERE) -> Report:
    settings = Settings(site=SiteSettings(name="The Test", base_url=base_url, contact="desk@test.example"))
    return export(db, settings, folder, lambda *_: None)


def files(folder: Path) -> dict[str, bytes]:
    """What readers can get, by name."""
    found = {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    return {name: body for name, body in found.items() if not name.startswith(".export") and name != MANIFEST}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Path:
    """The file of a database with articles in every mode, 40 for the older pages, and a story of two."""
    path = tmp_path_factory.mktemp("printed") / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        fill(db)
        told(Reader(0, db))
    return path


@pytest.fixture
def news(printed: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "news.sqlite3"
    path.write_bytes(printed.read_bytes())
    with closing(Database.open(f"sqlite:///{path}")) as db:
        yield db


@pytest.fixture(scope="module")
def once(printed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A first export of it, to copy, and what was said of it."""
    folder = tmp_path_factory.mktemp("once") / "public"
    with closing(Database.open(f"sqlite:///{printed}")) as db:
        return folder, write(db, folder)


@pytest.fixture
def public(once: tuple[Path, Report], tmp_path: Path) -> Path:
    """A folder as the first export of ``news`` has left it."""
    return shutil.copytree(once[0], tmp_path / "public")


@dataclass(frozen=True)
class Host:
    """An export below a path of a host."""

    folder: Path
    base: str


@pytest.fixture(scope="module")
def host(printed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    root = tmp_path_factory.mktemp("host")
    with hosted(root) as address, closing(Database.open(f"sqlite:///{printed}")) as db:
        write(db, root / "daily", f"{address}/daily")
        yield Host(root / "daily", f"{address}/daily")


def addresses(body: bytes, url: str) -> set[str]:
    """Every address that a document names, in links, feeds and sitemaps."""
    if body.lstrip()[:9].lower() == b"<!doctype":
        tree = html.document_fromstring(body.decode())
        found = set(tree.xpath("//@href | //@src | //@action"))
        found |= set(tree.xpath("//meta[@property = 'og:url' or @property = 'og:image']/@content"))
        found |= {each.split()[0] for sizes in tree.xpath("//@srcset") for each in sizes.split(", ")}
    elif body.startswith(b"<?xml"):
        root = etree.fromstring(body)
        found = {str(each) for each in root.xpath("//@href | //@xmlUrl | //@htmlUrl")}
        found |= {text.strip() for text in root.itertext() if text.startswith("http")}
    else:
        found = set()
    return {urldefrag(urljoin(url, each)).url for each in found}


def test_every_link_leads_to_a_file_of_the_host(host: Host) -> None:
    waiting, met, dead = [f"{host.base}/"], {f"{host.base}/"}, []
    while waiting:
        url = waiting.pop()
        try:
            with urlopen(url, timeout=20) as answer:  # noqa: S310 - an address of the host above
                body = answer.read()
        except HTTPError as error:
            error.close()
            dead.append((error.code, url))
            continue
        ours = {each for each in addresses(body, url) if urlsplit(each).netloc == urlsplit(host.base).netloc}
        assert {each for each in ours if not each.startswith(host.base)} == set()
        waiting += ours - met
        met |= ours
    assert dead == []
    names = {urlsplit(each).path.removeprefix("/daily/") for each in met}
    reached = {name if name and not name.endswith("/") else f"{name}index.html" for name in names}
    unnamed = set(files(host.folder)) - reached
    unnamed -= {each for each in unnamed if re.fullmatch(r"search/([aw]-.*|files)\.json", each)}
    assert unnamed <= {"404.html", "robots.txt", "sitemap.xml", "news-sitemap.xml"}


def test_nothing_is_loaded_from_elsewhere_and_nothing_asks_for_a_server(host: Host) -> None:
    pages = {name: body for name, body in files(host.folder).items() if name.endswith(".html")}
    assert len(pages) > 70
    for name, body in pages.items():
        tree = html.document_fromstring(body.decode())
        assert tree.xpath("//form[not(@method='dialog' or @action='/daily/search/')] | //iframe") == [], name
        loaded = tree.xpath("//img/@src | //script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert all(each.startswith("/daily/") for each in loaded), name
        assert "default-src 'none'" in tree.xpath("//meta[@http-equiv]/@content")[0]
        assert not any("/search?" in each or "/api" in each for each in tree.xpath("//@href")), name
    about = html.document_fromstring(pages["about/index.html"].decode())
    ways = about.xpath("//h2[@id='takedown']/following-sibling::p[1]//a/@href")
    assert ways == ["mailto:desk@test.example"]


def test_pages_show_what_the_running_site_shows(host: Host) -> None:
    stories = [each.read_text() for each in host.folder.glob("story/*/index.html")]
    [fire] = (each for each in stories if FIRE[0] in each)
    assert AGAIN[0] in fire
    arabic = host.folder.joinpath("language/ar/index.html").read_text()
    assert "العبارة باقية في الميناء" in arabic
    headline = "Die Fähre bleibt am Kai</h1>".encode()
    article = next(body for body in files(host.folder).values() if headline in body)
    assert b"Report number 3 of the kurier" not in article
    assert b'content="noindex,follow"' not in article


@pytest.mark.browser
def test_a_browser_finds_articles_without_a_server(host: Host, browser: Any) -> None:
    page = browser.new_page(extra_http_headers={"Accept-Language": "en"})
    seen = Witness(page)

    def hits(query: str) -> list[str]:
        page.goto(f"{host.base}/search/?{query}")
        page.wait_for_selector(".hit, #nothing:not([hidden])")
        found: list[str] = page.locator(".hit .headline").all_text_contents()
        return found

    page.goto(host.base)
    page.fill("#find", "SAIL loft")
    page.press("#find", "Enter")
    page.wait_for_selector(".hit")
    assert page.locator(".hit .headline").first.text_content() == FIRE[0]
    source = page.locator(".hit a.source").first
    assert (source.get_attribute("href") or "").startswith("http")
    assert (source.text_content() or "").startswith("Source: ")
    assert set(hits("q=brannig+kestrel")) == {FIRE[0]}
    assert hits("q=fahre") == ["Die Fähre bleibt am Kai"]
    assert hits("q=%D8%A7%D9%84%D8%B9%D8%A8%D8%A7%D8%B1%D8%A9") == ["العبارة باقية في الميناء"]
    assert hits("q=ferry&outlet=mina") == hits("q=qqqqq") == hits("q=%27%3B+drop") == []
    assert set(hits("q=script&outlet=live")) >= {f"{LIVE[0]} 0"}
    assert page.locator("main script, .hits img, .hits svg").count() == 0
    taken_apart = page.evaluate(
        "texts => texts.map(each => words(each).map(word => [word, fileOf(word)]))", ODD
    )
    assert taken_apart == [
        [[each, file_of_word(each)] for each in dict.fromkeys(words(text))] for text in ODD
    ]
    assert seen.console == []
    assert seen.hosts == {urlsplit(host.base).netloc}
    page.close()


@pytest.mark.browser
def test_search_without_a_script_says_what_to_do(host: Host, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{host.base}/search/")
    assert "takes JavaScript" in page.inner_text("noscript")
    assert page.locator("noscript a").get_attribute("href") == "/daily/archive/"
    context.close()


def test_the_index_has_no_text_beyond_the_rights(host: Host) -> None:
    search = host.folder / "search"
    shown = {}
    for shelf in search.glob("a-*.json"):
        shown |= {each["headline"]: int(number) for number, each in json.loads(shelf.read_text()).items()}
    part = shown["Die Fähre bleibt am Kai"]
    assert part in json.loads((search / file_of_word("pier")).read_text())["pier"]
    assert part not in json.loads((search / file_of_word("number")).read_text())["number"]


@pytest.mark.browser
def test_pages_ask_nobody_else_and_fit_the_screen(host: Host, witness: Witness) -> None:
    pages = (
        "language/ar/",
        "search/",
        "outlets/",
        "outlet/live/",
        "about/",
        "archive/",
        "article/1/",
        "404.html",
    )
    for path in ("", *pages):
        witness.page.goto(f"{host.base}/{path}")
        sizes = witness.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert sizes[0] <= sizes[1], path
    assert witness.console == []
    assert witness.hosts == {urlsplit(host.base).netloc}


def test_a_second_export_writes_nothing_and_the_list_holds(
    news: Database, once: tuple[Path, Report], public: Path
) -> None:
    folder, first = public, once[1]
    before = {name: (folder / name).stat().st_mtime_ns for name in files(folder)}
    again = write(news, folder)
    assert (first.dead, first.removed, first.is_settled) == ((), 0, True)
    assert first.files == first.written == again.files == len(before)
    assert (again.written, again.removed) == (0, 0)
    assert {name: (folder / name).stat().st_mtime_ns for name in files(folder)} == before
    listed = dict(line.split("  ")[::-1] for line in (folder / MANIFEST).read_text().splitlines())
    assert listed == {name: sha256(body).hexdigest() for name, body in files(folder).items()}


def test_a_takedown_removes_the_page_and_every_mention_and_nothing_else(news: Database, public: Path) -> None:
    folder = public
    before = files(folder)
    fire = next(each for each in editions.front(news, limit=100).items if each.headline == FIRE[0])
    page = f"article/{fire.id}/index.html"
    mentioning = {name for name, body in before.items() if FIRE[0].encode() in body}
    assert page in mentioning
    editions.withdraw(news, fire.id, "the outlet asked", fire.published_at)
    report = write(news, folder)
    after = files(folder)
    assert report.dead == ()
    assert page not in after
    gone = {name for name in before if name not in after and name.startswith("article/")}
    assert gone == {page}
    assert file_of_word("glue") in {name.removeprefix("search/") for name in before}
    assert not any("glue" in json.loads(body) for name, body in after.items() if name.startswith("search/w-"))
    for text in (FIRE[0], FIRE[1][:60], FIRE[1][-60:]):
        assert [name for name, body in after.items() if text.encode() in body] == []
    articles = {name for name in after if name.startswith("article/")}
    touched = {name for name in articles if after[name] != before[name]}
    assert touched <= mentioning
    assert any(AGAIN[0].encode() in body for body in after.values())


def test_pages_that_others_wrote_are_not_touched(news: Database, tmp_path: Path, public: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(ExportError, match="no export wrote"):
        write(news, tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"
    folder = public
    (folder / "CNAME").write_text("news.example")
    (folder / "about" / "index.html").write_text("somebody's")
    assert write(news, folder).written == 1
    assert (folder / "CNAME").read_text() == "news.example"
    with pytest.raises(ExportError, match="a file is there"):
        write(news, folder / "CNAME")


def test_a_list_that_somebody_edited_reaches_no_other_folder(
    news: Database, tmp_path: Path, public: Path
) -> None:
    folder = public
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with (folder / MANIFEST).open("a") as listed:
        listed.write(f"{'0' * 64}  ../precious.txt\n{'0' * 64}  {precious}\n")
    assert write(news, folder).removed == 0
    assert precious.read_text() == "mine"


PROGRAM = """
import sys
from pathlib import Path
from aggregator.config import Settings, SiteSettings
from aggregator.exporting.export import export
from aggregator.store.engine import Database

settings = Settings(site=SiteSettings(name="The Test", base_url=sys.argv[3], contact="desk@test.example"))
export(Database.open(sys.argv[1]), settings, Path(sys.argv[2]), lambda done, *_: print(done, flush=True))
"""


def test_a_killed_export_is_taken_up_and_leaves_nothing_behind(news: Database, tmp_path: Path) -> None:
    folder, whole = tmp_path / "public", tmp_path / "whole"
    started = [sys.executable, "-c", PROGRAM, f"sqlite:///{news.path}", str(folder), ELSEWHERE]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 60:
            pass
        process.kill()
    assert not (folder / MANIFEST).exists()
    halfway = {int(each.parent.name) for each in folder.glob("article/*/index.html")}
    editions.withdraw(news, min(halfway), "asked", editions.front(news, limit=1).items[0].published_at)
    report = write(news, folder)
    write(news, whole)
    assert report.removed >= 1
    assert files(folder) == files(whole)
    assert not (folder / "article" / str(min(halfway))).exists()


def test_two_exports_do_not_write_to_one_folder(news: Database, tmp_path: Path) -> None:
    folder = tmp_path / "public"

    def second(done: int, *_: object) -> None:
        if done == 1:
            with pytest.raises(ExportError, match="another export"):
                write(news, folder)

    export(news, Settings(site=SiteSettings(base_url=ELSEWHERE)), folder, second)


def test_what_is_taken_down_meanwhile_is_not_exported(news: Database, tmp_path: Path) -> None:
    fire = next(each for each in editions.front(news, limit=100).items if each.headline == FIRE[0])
    told_of = []

    def take_down(done: int, *_: object) -> None:
        page = tmp_path / "public" / "article" / str(fire.id) / "index.html"
        if page.exists() and not told_of:
            told_of.append(done)
            editions.withdraw(news, fire.id, "asked", fire.published_at)

    settings = Settings(site=SiteSettings(base_url=ELSEWHERE))
    report = export(news, settings, tmp_path / "public", take_down)
    assert told_of
    assert report.is_settled
    assert [name for name, body in files(tmp_path / "public").items() if FIRE[0].encode() in body] == []
    export(news, settings, tmp_path / "whole", lambda *_: None)
    assert files(tmp_path / "public").keys() == files(tmp_path / "whole").keys()


def test_an_empty_site_is_a_site(tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "empty.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        report = write(db, tmp_path / "public")
    assert report.dead == ()
    assert (tmp_path / "public" / "index.html").exists()


@pytest.mark.postgres
def test_the_same_pages_come_of_either_database(
    postgres: Any, tmp_path: Path, migrated_sqlite: bytes
) -> None:
    (tmp_path / "news.sqlite3").write_bytes(migrated_sqlite)
    name = postgres.create(postgres.template)
    found = []
    for url in (f"sqlite:///{tmp_path / 'news.sqlite3'}", postgres.url(name)):
        with closing(Database.open(url)) as db:
            fill(db)
            assert write(db, tmp_path / db.dialect).dead == ()
            found.append(files(tmp_path / db.dialect))
    postgres.drop(name)
    assert found[0].keys() == found[1].keys()
    assert found[0]["outlet/harbour/feed.json"] == found[1]["outlet/harbour/feed.json"]
