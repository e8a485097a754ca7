"""The doctor finds each fault that is seeded, says where it is, and finds nothing in what is well."""

import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NamedTuple

import pytest
from cli.program import aggregator, write_cards
from reading import site_over
from sqlalchemy import insert, text
from store.samples import article as sample
from store.samples import outlet, page

from aggregator import outlets as cards
from aggregator.archive import PageArchive
from aggregator.clock import now
from aggregator.config import SiteSettings, SmtpSettings
from aggregator.doctor import Ailment, Complaint, Grade, clocks, examine, network, places, program, scheduling
from aggregator.model.crawl import RunState
from aggregator.model.outlet import Outlet, Politeness, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.store import articles, crawls, robots_files
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.lock import is_held, only_scheduler
from aggregator.store.schema import AlarmRow

ROOT = Path(__file__).resolve().parent.parent
LINE = "[smtp]\nhost = 'mail.example.org'\npassword = 'x'\n"


class Disk(NamedTuple):
    total: int
    free: int


class Home:
    """An installation in which all is well: crawled an hour ago, with a scheduler at work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = folder / "data" / "outlets"
        self.file = folder / "data" / "aggregator.sqlite3"
        self.at = now()
        self.settings = folder / "aggregator.toml"
        self.settings.write_text("[site]\nport = 0\nbase_url = 'https://news.example.org'\n")
        cards.write(outlet(), self.cards)
        self.db = Database.open(f"sqlite:///{self.file}")
        stored_outlets.sync(self.db, [outlet()])
        crawls.end_run(self.db, crawls.start_run(self.db, ["harbour"], os.getpid()), RunState.FINISHED)

    def found(self, *, asks_network: bool = False) -> dict[str, Complaint]:
        made = list(examine(self.at, asks_network=asks_network))
        found = {each.ailment.value: each for each in made}
        assert len(found) == len(made), made
        return found

    def sql(self, statement: str, **values: object) -> None:
        with self.db.session() as session:
            session.execute(text(statement), values)

    def corrupt(self) -> None:
        self.db.close()
        data = bytearray(self.file.read_bytes())
        for start in range(4096 * 3, len(data), 4096):
            data[start : start + 64] = os.urandom(64)
        self.file.write_bytes(data)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_sqlite: bytes) -> Iterator[Home]:
    for name in [name for name in os.environ if name.startswith("AGGREGATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AGGREGATOR_HOME", str(tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aggregator.sqlite3").write_bytes(migrated_sqlite)
    made = Home(tmp_path)
    with only_scheduler(made.db):
        yield made
    made.db.close()


def test_in_what_is_well_nothing_is_found(home: Home) -> None:
    before = {path.relative_to(home.folder) for path in home.folder.rglob("*")}
    assert home.found() == {}
    assert {path.relative_to(home.folder) for path in home.folder.rglob("*")} == before


def wrong_settings(home: Home) -> None:
    home.settings.write_text("[site]\nprot = 8000\n")


def readable_secrets(home: Home) -> None:
    home.settings.write_text(home.settings.read_text() + LINE)
    home.settings.chmod(0o644)


def folder_that_is_a_file(home: Home) -> None:
    (home.folder / "data" / "pages").write_text("no folder")


def no_database(home: Home) -> None:
    home.db.close()
    home.file.unlink()


def no_answer(home: Home) -> None:
    home.settings.write_text(
        "database = 'postgresql://nobody@127.0.0.1:9/news'\n" + home.settings.read_text()
    )


def older_tables(home: Home) -> None:
    home.sql("UPDATE alembic_version SET version_num = '0007'")


def newer_tables(home: Home) -> None:
    home.sql("UPDATE alembic_version SET version_num = '9001'")


def waiting_rebuild(home: Home) -> None:
    articles.save(home.db, None, [page(sample(1, fetched_at=home.at))])
    home.sql("UPDATE shingle_scheme SET missing_to = 1, done_to = 0, through = NULL, finished_at = NULL")


def from_the_future(home: Home) -> None:
    home.at -= timedelta(hours=3)


def broken_card(home: Home) -> None:
    (home.cards / "wharf.toml").write_text("name = 'Wharf'\n")


def two_cards(home: Home) -> None:
    cards.write(outlet("harbour-again", homepage=outlet().homepage, seeds=outlet().seeds), home.cards)
    crawled(home, "harbour-again")


def no_cards(home: Home) -> None:
    (home.cards / "harbour.toml").unlink()


def closed_door(home: Home) -> None:
    seed = outlet().seeds[0].url
    robots_files.note(
        home.db, "harbour", seed[: seed.index("/", 8)], (200, "User-agent: *\nDisallow: /"), home.at
    )


def scheduler_that_hangs(home: Home) -> None:
    home.at += timedelta(days=2)


def killed_crawl(home: Home) -> None:
    crawls.start_run(home.db, ["harbour"], os.getpid())
    home.sql("UPDATE crawl_run SET process = 'another boot' WHERE state = 'running'")


def unseen_alarm(home: Home) -> None:
    moments = dict.fromkeys(("since", "raised_at", "seen_at"), home.at)
    words = {
        "outlet": "harbour",
        "kind": "silent",
        "aspect": "",
        "state": "raised",
        "cause": "",
        "words": "quiet",
    }
    with home.db.session() as session:
        session.execute(insert(AlarmRow).values(**moments, **words, samples=1))


def readers_elsewhere(home: Home) -> None:
    home.settings.write_text("[site]\nport = 0\nhost = '0.0.0.0'\n")


def plain_address(home: Home) -> None:
    home.settings.write_text("[site]\nport = 0\nbase_url = 'http://news.example.org'\n")


def crawled(home: Home, slug: str) -> None:
    crawls.end_run(home.db, crawls.start_run(home.db, [slug], os.getpid()), RunState.FINISHED)


SEEDED: dict[str, Callable[[Home], None]] = {
    "settings/wrong": wrong_settings,
    "settings/readable": readable_secrets,
    "place/unwritable": folder_that_is_a_file,
    "database/none": no_database,
    "database/unreachable": no_answer,
    "database/damaged": Home.corrupt,
    "database/behind": older_tables,
    "database/ahead": newer_tables,
    "database/rebuild": waiting_rebuild,
    "clock/future": from_the_future,
    "card/wrong": broken_card,
    "card/twin": two_cards,
    "card/none": no_cards,
    "robots/refuse": closed_door,
    "schedule/stuck": scheduler_that_hangs,
    "schedule/dead-run": killed_crawl,
    "watch/alarms": unseen_alarm,
    "site/local-address": readers_elsewhere,
    "site/plain-http": plain_address,
}


@pytest.mark.parametrize("code", SEEDED)
def test_a_seeded_fault_is_found_and_nothing_else(home: Home, code: str) -> None:
    SEEDED[code](home)
    found = home.found()
    assert list(found) == [code]
    assert found[code].what
    assert found[code].remedy


def test_outlets_are_due_and_no_scheduler_runs(tmp_path: Path, migrated_sqlite: bytes) -> None:
    (tmp_path / "a.sqlite3").write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{tmp_path}/a.sqlite3")) as db:
        found = list(scheduling.scheduler(db, {"harbour": outlet()}, now()))
        assert [each.ailment for each in found] == [Ailment.SCHEDULER_NONE]
        with only_scheduler(db):
            assert not list(scheduling.scheduler(db, {"harbour": outlet()}, now()))


def test_it_is_seen_whether_a_scheduler_holds_the_lock(db: Database) -> None:
    assert not is_held(db)
    with only_scheduler(db):
        assert is_held(db)
    # PostgreSQL gives it back once it has noticed that the connection is closed.
    assert any(not is_held(db) for _ in range(10_000))


@pytest.mark.parametrize(
    ("free", "growth", "is_low"),
    [(50e9, 0, False), (50e9, 1e9, False), (6e9, 1e9, True), (0.5e9, 0, True), (0, 0, True)],
)
def test_a_disk_is_low_when_a_week_of_pages_will_fill_it(
    free: float,
    growth: float,
    is_low: bool,  # noqa: FBT001 - a case
) -> None:
    found = list(places.room(Path("/srv"), Disk(100_000_000_000, int(free)), growth))
    assert [each.ailment for each in found] == [Ailment.DISK_LOW] * is_low


def test_a_nearly_full_disk_is_found_by_what_the_archive_grew_by(home: Home) -> None:
    from aggregator.config import load

    file = home.folder / "data" / "pages" / f"{home.at:%Y}" / f"{home.at:%Y-%m-%d}-00.warc.gz"
    file.parent.mkdir(parents=True)
    file.with_name("2001-02-03-00.warc.gz").write_bytes(b"restored just now")
    file.write_bytes(b"x" * 700_000)
    assert places.grown(home.folder / "data" / "pages", home.at) == pytest.approx(100_000)
    found = list(places.places(load(), home.at, lambda _folder: Disk(10**10, 10**8)))
    assert {each.ailment for each in found} == {Ailment.DISK_LOW}


@pytest.mark.parametrize(("minutes", "is_skewed"), [(0, False), (2, False), (-40, True), (40, True)])
def test_a_clock_that_differs_from_most_servers_is_found(
    home: Home,
    minutes: int,
    is_skewed: bool,  # noqa: FBT001 - a case
) -> None:
    slugs = ["harbour", "pier", "wharf"]
    at = home.at - timedelta(hours=1)
    pages = home.folder / "data" / "pages"
    for number, slug in enumerate(slugs):
        stored_outlets.sync(home.db, [outlet(slug)])
        server = at - timedelta(minutes=minutes, seconds=300)
        headers = (("date", server.strftime("%a, %d %b %Y %H:%M:%S GMT")), ("age", "300"))
        entry = Entry(f"https://{slug}.example/1", outlet().seeds[0])
        with PageArchive(pages) as archive:
            ref = archive.write(FetchedPage(slug, entry, entry.url, 200, headers, None, b"x", at))
        articles.save(home.db, None, [page(sample(number, outlet=slug, fetched_at=at), archived=ref)])
        home.sql("UPDATE fetch SET at = :at", at=stamp(at))
    found = list(clocks.skew(home.db, pages, slugs, home.at))
    assert [each.ailment for each in found] == [Ailment.CLOCK_SKEWED] * is_skewed
    assert not list(clocks.skew(home.db, pages, slugs[:2], home.at))


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_libraries_that_do_not_fit_are_found() -> None:
    there = {"scrapy": "2.19.3", "lxml": "4.9"}

    def version(name: str) -> str:
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    wanted = ["scrapy<2.20,>=2.19", "lxml>=5.4", "nh3>=0.3", "pyarrow>=21; extra == 'parquet'"]
    found = list(program.libraries(wanted, version))
    assert [(each.ailment, each.where) for each in found] == [
        (Ailment.LIBRARY_WRONG, "lxml"),
        (Ailment.LIBRARY_WRONG, "nh3"),
    ]


def test_missing_catalogs_and_an_sqlite_without_search_are_found(tmp_path: Path) -> None:
    locale = ROOT / "aggregator" / "site" / "locale"
    assert not list(program.catalogs(locale))
    assert {path.stem for path in locale.glob("*.po")} == set(program.CATALOGS)
    (tmp_path / "de.po").touch()
    (found,) = program.catalogs(tmp_path)
    assert "fr" in found.what
    assert "de" not in found.what
    assert not list(program.full_text(["ENABLE_FTS5", "THREADSAFE=1"]))
    assert [each.ailment for each in program.full_text(["THREADSAFE=1"])] == [Ailment.NO_FTS5]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


def at(host: str, port: int, *, allowed: bool = True) -> dict[str, Outlet]:
    networks = ("127.0.0.0/8",) if allowed else ()
    seeds = (Seed(SeedKind.FEED, f"http://{host}:{port}/feed.xml"),)
    return {"harbour": outlet(seeds=seeds, politeness=Politeness(allow_addresses=networks))}


def test_seeds_without_a_name_or_an_answer_are_found(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert not list(network.hosts(at("127.0.0.1", port)))
    for cards_, ailment in (
        (at("127.0.0.1", closed_port()), Ailment.HOST_SILENT),
        (at("127.0.0.1", port, allowed=False), Ailment.HOST_SILENT),
        (at("harbour.invalid", port), Ailment.HOST_UNKNOWN),
    ):
        (found,) = network.hosts(cards_)
        assert found.ailment is ailment
        assert found.where == "harbour.toml"
    assert not list(network.hosts({"harbour": replace(at("harbour.invalid", port)["harbour"], paused=True)}))


def test_a_mail_server_that_is_silent_is_found() -> None:
    assert not list(network.mail(SmtpSettings()))
    (found,) = network.mail(SmtpSettings(host="127.0.0.1", port=closed_port(), security="none"))
    assert found.ailment is Ailment.MAIL_SILENT


def test_a_port_that_somebody_else_has_is_found(listener: socket.socket) -> None:
    site = SiteSettings(base_url="https://news.example.org", port=listener.getsockname()[1])
    hangs_up = threading.Thread(target=lambda: [listener.accept()[0].close() for _ in range(2)])
    hangs_up.start()
    (found,) = network.address(site, is_served=False)
    hangs_up.join()
    assert found.ailment is Ailment.PORT_TAKEN
    assert not list(network.address(site, is_served=True))


def test_a_site_of_ours_without_a_scheduler_is_nobody_else(home: Home) -> None:
    with site_over(home.db) as reader:
        site = SiteSettings(base_url="https://news.example.org", port=reader.port)
        assert not list(network.address(site, is_served=False))


def test_nothing_is_asked_beyond_this_machine_unless_told(home: Home) -> None:
    far = (Seed(SeedKind.FEED, "http://harbour.invalid/feed.xml"),)
    cards.write(outlet("far", seeds=far, homepage="http://harbour.invalid/"), home.cards)
    crawled(home, "far")
    assert home.found() == {}
    (home.cards / "harbour.toml").unlink()
    assert list(home.found(asks_network=True)) == ["network/no-name"]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_is_examined_too(db: Database, database_url: str, home: Home, tmp_path: Path) -> None:
    home.settings.write_text(f"database = '{database_url}'\n{home.settings.read_text()}")
    assert list(home.found()) == ["schedule/none-runs"]
    with only_scheduler(db):
        assert home.found() == {}
        with db.session() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9001'"))
        assert list(home.found()) == ["database/ahead"]


def test_command_ends_with_1_for_errors_and_says_what_to_do(tmp_path: Path) -> None:
    write_cards(tmp_path, "pier")
    (tmp_path / "aggregator.toml").write_text("[site]\nport = 0\n")
    well = aggregator(tmp_path, "doctor")
    assert well.returncode == 0, well.stdout
    assert "warning database/none" in well.stdout
    (tmp_path / "data" / "outlets" / "wharf.toml").write_text("name = 'Wharf'\n")
    ill = aggregator(tmp_path, "doctor", "--json")
    assert ill.returncode == 1
    told = {each["code"]: each for each in json.loads(ill.stdout)}
    assert told["card/wrong"]["grade"] == "error"
    assert "wharf.toml" in told["card/wrong"]["what"]
    assert "outlet check" in told["card/wrong"]["remedy"]
    assert not (tmp_path / "data" / "aggregator.sqlite3").exists()


def test_every_ailment_stands_in_the_docs_with_its_grade() -> None:
    page_ = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for ailment in Ailment:
        grade = Complaint(ailment, "", "", "").grade
        assert f"| `{ailment.value}` | {grade.value} |" in page_
    assert {Complaint(each, "", "", "").grade for each in Ailment} == set(Grade)


def test_files_that_hold_secrets_are_no_trouble_when_only_their_owner_reads_them(home: Home) -> None:
    readable_secrets(home)
    home.settings.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert home.found() == {}
