"""Backups: whole while all goes on, the same wherever they are laid out, nothing half-done or destroyed."""

import json
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from alembic.command import upgrade
from cli.program import aggregator, environment
from newsstand import answers
from newsstand.server import Habits, habits
from pydantic import BaseModel, SecretStr
from sqlalchemy import create_engine, make_url, select, text
from store.samples import NOON, outlet, page, pages
from store.samples import article as sample

from aggregator import archive, crawling, publishing
from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.errors import BackupError, SchedulerBusyError, StoreBusyError
from aggregator.model.crawl import RunState
from aggregator.model.outlet import Rights, RightsMode
from aggregator.model.page import ArchiveRef
from aggregator.safekeeping import Choice, Contents, back_up, opened, restore, verify
from aggregator.safekeeping.contents import DATABASE, LIST, SETTINGS
from aggregator.safekeeping.secrets import SECRETS, without_secrets
from aggregator.store import articles, copying, crawls, search
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler
from aggregator.store.migrations import HEAD, alembic_config
from aggregator.store.schema import FetchRow

__all__ = ["habits"]

CARD = outlet(rights=Rights(RightsMode.FULL, licence="CC0-1.0", licence_url="https://licences.example/cc0"))
SETTINGS_FILE = """
database = "postgresql://news:opensesame@db.example/news"   # our own server

[smtp]
host = "mail.example.org"
password = "open-sesame-1"

[webhooks.cms]
url = "https://cms.example.org/hook"
secret = "whsec_open-sesame-2-open-sesame"
"""


def quiet(_what: str, _count: int) -> None:
    """Nobody watches."""


def settings_of(home: Path, database: str | None = None) -> Settings:
    return Settings(
        database=database or f"sqlite:///{home}/store.sqlite3",
        **{name: home / name for name in ("outlets", "pages", "pictures", "phrases")},
        crawl=CrawlSettings(processes=1),
    )


def fill(db: Database, settings: Settings) -> None:
    """Twelve articles, most of them out, with a card, a kept page and a picture."""
    cards.write(CARD, settings.outlets)
    stored_outlets.sync(db, [CARD])
    articles.save(db, None, pages(12))
    list(publishing.publish_all(db, {CARD.slug: CARD}, settings, NOON + timedelta(days=1)))
    for path in (settings.pages / "2031" / "a.warc.gz", settings.pictures / "ab" / "ab.webp"):
        path.parent.mkdir(parents=True)
        path.write_bytes(path.name.encode() * 5000)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("AGGREGATOR_HOME", str(folder))
    monkeypatch.delenv("AGGREGATOR_CONFIG", raising=False)
    return folder


@pytest.fixture
def source(home: Path, migrated_sqlite: bytes) -> Iterator[tuple[Database, Settings]]:
    settings = settings_of(home)
    (home / "store.sqlite3").write_bytes(migrated_sqlite)
    db = Database.open(settings.database_url)
    fill(db, settings)
    yield db, settings
    db.close()


@pytest.fixture
def made(source: tuple[Database, Settings], tmp_path: Path) -> Path:
    back_up(*source, tmp_path / "backups" / "monday", progress=quiet)
    return tmp_path / "backups" / "monday"


def lay_out(place: Path, settings: Settings, *, replace: bool = False) -> Contents:
    with opened(place) as (contents, files):
        restore(contents, files, settings, replace=replace, progress=quiet)
    return contents


def tallied(url: str) -> dict[str, copying.Tally]:
    db = Database.open(url)
    with closing(db):
        return dict(copying.tallies(db))


def below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_backup_during_a_crawl_lies_elsewhere_with_equal_counts_and_checksums(
    habits: Habits, home: Path, tmp_path: Path, database_url: str
) -> None:
    settings = settings_of(home, database_url)
    paths = [f"/slow/{number}" for number in range(1, 16)]
    for number, path in enumerate(paths, start=1):
        habits.play(path, replace(answers.good(number), wait_seconds=0.1 * number))
    habits.feed(*paths)
    card = habits.outlet()
    cards.write(replace(card, politeness=replace(card.politeness, concurrency=2)), settings.outlets)
    backups: list[Contents] = []
    place = tmp_path / "during.tar"

    def on_progress(_ended: crawling.Progress) -> None:
        if not backups:
            with closing(Database.open(settings.database_url)) as db:
                backups.append(back_up(db, settings, place, progress=quiet))

    report = crawling.crawl(settings, ["habits"], on_progress=on_progress)
    assert report.state is RunState.FINISHED
    new = settings_of(tmp_path / "elsewhere")
    contents = lay_out(place, new)
    with closing(Database.open(new.database_url)) as db:
        assert db.integrity() == "ok"
        assert [run.state for run in crawls.runs(db)] == [RunState.RUNNING]
        assert {name: each.rows for name, each in copying.tallies(db).items()} == contents.rows
        assert 0 < contents.rows["fetch"] < len(paths)
        with db.reading() as session:
            kept = [row for row in session.scalars(select(FetchRow)) if row.archive_file]
        for row in kept:
            ref = ArchiveRef(
                row.archive_file or "", row.archive_offset_bytes or 0, row.archive_length_bytes or 0
            )
            assert archive.read(new.pages, ref)[1] == 200
    after = tmp_path / "after"
    with closing(Database.open(settings.database_url)) as db:
        back_up(db, settings, after, progress=quiet)
    later = settings_of(tmp_path / "later")
    lay_out(after, later)
    assert tallied(later.database_url) == tallied(settings.database_url)
    assert below(later.pages) == below(settings.pages)
    assert below(later.outlets) == below(settings.outlets)


@pytest.mark.parametrize("target", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_backup_goes_into_either_kind_of_database(
    db: Database, database_url: str, target: str, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = settings_of(home, database_url)
    fill(db, settings)
    before = dict(copying.tallies(db))
    assert before["publication"].rows == 12
    place = tmp_path / "backup"
    made = back_up(db, settings, place, progress=quiet)
    assert made.rows == {name: each.rows for name, each in before.items()}
    if target == "sqlite":
        new = settings_of(tmp_path / "new")
    else:
        postgres = request.getfixturevalue("postgres")
        new = settings_of(tmp_path / "new", postgres.url(postgres.create(postgres.template)))
    lay_out(place, new)
    with closing(Database.open(new.database_url)) as restored:
        assert dict(copying.tallies(restored)) == before
        assert restored.integrity() == "ok"
        assert search.search(restored, "pier 7").total == 1
        articles.save(restored, None, [page(sample(99))])
        with pytest.raises(BackupError, match="holds data"):
            lay_out(place, new)
        lay_out(place, new, replace=True)
    assert tallied(new.database_url) == before


def test_what_is_there_stays_unless_it_is_moved_aside(
    made: Path, source: tuple[Database, Settings], tmp_path: Path
) -> None:
    db, settings = source
    articles.save(db, None, [page(sample(50))])
    newer = dict(copying.tallies(db))
    with pytest.raises(BackupError, match="holds data"):
        lay_out(made, settings)
    with only_scheduler(db), pytest.raises(SchedulerBusyError):
        lay_out(made, settings, replace=True)
    with crawling_now(db), pytest.raises(StoreBusyError, match="a crawl runs"):
        lay_out(made, settings, replace=True)
    db.close()
    (settings.pages / "2031" / "b.warc.gz").write_bytes(b"later")
    (settings.pages / "2031" / "a.warc.gz").write_bytes(b"changed")
    lay_out(made, settings, replace=True)
    (aside,) = settings.pages.parent.glob("store.sqlite3.before-*")
    assert tallied(f"sqlite:///{aside}")["article"] == newer["article"]
    (aside,) = settings.pages.parent.glob("pages.before-*")
    assert sorted(below(aside)) == ["2031/a.warc.gz", "2031/b.warc.gz"]
    assert list(below(settings.pages)) == ["2031/a.warc.gz"]
    assert not list(settings.pages.parent.glob("outlets.before-*"))  # as it was backed up


class crawling_now:  # noqa: N801 - used as a function
    """A crawl under way: this process."""

    def __init__(self, db: Database) -> None:
        import os

        self._db, self._run = db, crawls.start_run(db, ["harbour"], os.getpid())

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        crawls.end_run(self._db, self._run, RunState.FINISHED)


def rewrite(place: Path, **changes: Any) -> None:
    listed = json.loads((place / LIST).read_bytes())
    (place / LIST).write_text(json.dumps(listed | changes))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def lose_a_row(place: Path) -> None:
    rows = json.loads((place / LIST).read_bytes())["rows"]
    rewrite(place, rows=rows | {"article": rows["article"] + 1})


DAMAGES = {
    "no list": (lambda place: (place / LIST).unlink(), "backup.json is missing"),
    "half a list": (lambda place: (place / LIST).write_bytes((place / LIST).read_bytes()[:300]), "damaged"),
    "of a newer program": (lambda place: rewrite(place, format=2), "newer version"),
    "a name that leads out": (
        lambda place: rewrite(place, parts=[{"name": "pages/../../x", "size_bytes": 1, "sha256": ""}]),
        "no backup holds",
    ),
    "no database": (lambda place: (place / DATABASE).unlink(), "database.sqlite3 is missing"),
    "a bit of the database": (lambda place: flip(place / DATABASE, 9000), "database.sqlite3: damaged"),
    "half the database": (
        lambda place: (place / DATABASE).write_bytes((place / DATABASE).read_bytes()[:50_000]),
        "too soon",
    ),
    "a row": (lose_a_row, "other rows"),
    "a bit of a page": (lambda place: flip(place / "pages/2031/a.warc.gz", 77), "a.warc.gz: damaged"),
    "a longer page": (
        lambda place: (place / "pages/2031/a.warc.gz").open("ab").write(b"x") and None,
        "a.warc.gz: damaged",
    ),
    "no picture": (lambda place: (place / "pictures/ab/ab.webp").unlink(), "ab.webp is missing"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.filterwarnings("ignore:unclosed file")
def test_a_damaged_backup_is_refused_with_what_is_wrong_and_nothing_is_laid_out(
    made: Path, tmp_path: Path, damage: str
) -> None:
    do, words = DAMAGES[damage]
    do(made)
    new = tmp_path / "new"
    with pytest.raises(BackupError, match=words):
        lay_out(made, settings_of(new))
    assert below(new) == {}
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(BackupError, match=words), opened(made) as (contents, files):
        verify(contents, files, scratch, progress=quiet)


def test_a_tar_that_is_cut_off_is_refused(source: tuple[Database, Settings], tmp_path: Path) -> None:
    place = tmp_path / "b.tar.gz"
    back_up(*source, place, progress=quiet)
    place.write_bytes(place.read_bytes()[:-2000])
    with pytest.raises(BackupError, match=r"b\.tar\.gz"):
        lay_out(place, settings_of(tmp_path / "new"))


KILLED = """
import os, signal, sys
from pathlib import Path
from aggregator import config
from aggregator.safekeeping import back_up, opened, restore
from aggregator.store.engine import Database

def tell(what, _count):
    if what == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

settings, place = config.settings(), Path(sys.argv[2])
if sys.argv[1] == "backup":
    back_up(Database.open(settings.database_url), settings, place, progress=tell)
else:
    with opened(place) as (contents, files):
        restore(contents, files, settings, progress=tell)
"""


def die(home: Path, *arguments: str) -> None:
    names = {f"AGGREGATOR_{name.upper()}": str(home / name) for name in ("outlets", "pages", "pictures")}
    variables = environment(home) | names | {"AGGREGATOR_DATABASE": f"sqlite:///{home}/store.sqlite3"}
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=variables, check=False)
    assert done.returncode == -9


def test_killed_half_way_nothing_stands_under_the_final_name_and_the_next_one_is_whole(
    source: tuple[Database, Settings], home: Path, tmp_path: Path
) -> None:
    before = dict(copying.tallies(source[0]))
    place, new = tmp_path / "backups" / "b", tmp_path / "new"
    die(home, "backup", str(place), "pictures")
    assert [path.name[:3] for path in place.parent.iterdir()] == [".b."]
    back_up(*source, place, progress=quiet)
    assert [path.name for path in place.parent.iterdir()] == ["b"]
    die(new, "restore", str(place), "pictures")
    assert not [path for path in new.iterdir() if not path.name.startswith(".")]
    lay_out(place, settings_of(new))
    assert tallied(settings_of(new).database_url) == before
    assert sorted(path.name for path in new.iterdir() if path.name.startswith(".")) == []


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
"""


def test_a_full_disk_is_told_and_the_older_backup_stays(
    made: Path, source: tuple[Database, Settings], home: Path
) -> None:
    older = below(made)
    call = KILLED.replace("def tell", f"{FULL}\ndef tell").replace(
        "back_up(", "from aggregator.errors import StoreError\n    try: back_up("
    )
    call = call.replace("progress=tell)\nelse", "progress=tell)\n    except StoreError as e: print(e)\nelse")
    variables = environment(home) | {"AGGREGATOR_DATABASE": f"sqlite:///{home}/store.sqlite3"}
    done = subprocess.run(
        [sys.executable, "-c", call, "backup", str(made), "never"],
        env=variables,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "disk" in done.stdout
    assert below(made) == older
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_a_place_that_is_something_else_is_refused(source: tuple[Database, Settings], tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "a.txt").write_text("dear")
    for place in (letters, letters / "a.txt", source[1].pages / "b", source[1].outlets):
        with pytest.raises(BackupError):
            back_up(*source, place, progress=quiet)
    assert list(below(letters)) == ["a.txt"]
    back_up(*source, tmp_path / "all", progress=quiet)
    back_up(*source, tmp_path / "all" / "monday", progress=quiet)
    with pytest.raises(BackupError):
        back_up(*source, tmp_path / "all", progress=quiet)
    assert (tmp_path / "all" / "monday" / "backup.json").is_file()


def secret_settings(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        if SecretStr in kinds:
            yield (*path, name)
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                more = ("*",) if kind is not field.annotation else ()
                yield from secret_settings(kind, (*path, name, *more))


def test_every_secret_of_the_settings_is_known_to_the_backup() -> None:
    assert set(secret_settings(Settings)) == set(SECRETS)


def test_settings_come_along_without_their_secrets_and_say_so() -> None:
    text, withheld = without_secrets(SETTINGS_FILE)
    assert withheld == ("database", "smtp.password", "webhooks.cms.secret")
    assert "sesame" not in text
    assert "news@db.example/news" in text
    assert "# our own server" in text
    assert without_secrets("this is [no TOML; password = 'x'") == ("", ("*",))


def test_tables_of_an_older_version_are_backed_up_as_they_are_and_restored_to_todays(
    home: Path, tmp_path: Path
) -> None:
    file, new = home / "data" / "aggregator.sqlite3", tmp_path / "new"
    file.parent.mkdir()
    new.mkdir()
    with closing(Database(create_engine(f"sqlite:///{file}"), make_url(f"sqlite:///{file}"))) as db:
        with db.connection() as connection, connection.begin():
            upgrade(alembic_config(connection), "0021")
        with db.session() as session:
            values = "'harbour', 'The Harbour', 'https://harbour.example/', 'en', 'GB', 'link', 1, :at"
            columns = "slug, name, homepage, language, country, mode, is_active, synced_at"
            at = {"at": "2031-04-05T12:00:00.000000Z"}
            session.execute(text(f"INSERT INTO outlet ({columns}) VALUES ({values})"), at)  # noqa: S608 - our own
    place = tmp_path / "old.tar"
    done = aggregator(home, "backup", str(place))
    assert done.returncode == 0, done.stderr
    with opened(place) as (contents, _):
        assert (contents.schema, contents.rows["outlet"]) == ("0021", 1)
    assert copying.check(file)[0] == "0021"
    lay_out(place, settings_of(new))
    assert copying.check(new / "store.sqlite3")[0] == HEAD


def test_commands_back_up_check_and_restore_and_say_what_is_missing(
    source: tuple[Database, Settings], home: Path, tmp_path: Path
) -> None:
    lines = [f"{name} = '{home / name}'" for name in ("outlets", "pages", "pictures")]
    lines += [f"database = 'sqlite:///{home}/store.sqlite3'", "[smtp]", "password = 'open sesame'"]
    (home / SETTINGS).write_text("\n".join(lines))
    place = tmp_path / "b.tar"
    done = aggregator(home, "backup", str(place), "--no-pages")
    assert done.returncode == 0, done.stderr
    assert "12 articles" in done.stdout
    assert "smtp.password" in done.stdout
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert b"sesame" not in place.read_bytes()
    with tarfile.open(place) as tar:
        assert not [name for name in tar.getnames() if name.startswith("pages/")]
    checked = aggregator(tmp_path, "restore", "--check", str(place))
    assert "whole" in checked.stdout
    new = tmp_path / "new"
    new.mkdir()
    back = aggregator(new, "restore", str(place))
    assert back.returncode == 0, back.stderr
    assert "made without pages" in back.stdout
    assert "smtp.password" in back.stdout
    assert (new / "aggregator.restored.toml").is_file()  # it leads to the old folders
    assert tallied(f"sqlite:///{new}/data/aggregator.sqlite3") == dict(copying.tallies(source[0]))
    again = aggregator(new, "restore", str(place))
    assert again.returncode == 65
    assert "--replace" in again.stderr
    nothing = aggregator(tmp_path, "backup", str(tmp_path / "c"))
    assert nothing.returncode == 74
    assert "no database here" in nothing.stderr


def test_secrets_come_along_when_asked_for(
    source: tuple[Database, Settings], home: Path, tmp_path: Path
) -> None:
    (home / SETTINGS).write_text(SETTINGS_FILE)
    place = tmp_path / "b"
    assert back_up(*source, place, Choice(secrets=True), progress=quiet).withheld == ()
    assert (place / SETTINGS).read_text() == SETTINGS_FILE
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
