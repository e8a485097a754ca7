"""Opening a database, and what it says when it cannot be used."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from paced import within
from processes import PROCESSES
from sqlalchemy import text
from store.samples import pages

from aggregator.errors import StoreBusyError, StoreError, StoreFullError
from aggregator.model.crawl import Reason
from aggregator.store import articles
from aggregator.store.engine import Database


def one_line(error: pytest.ExceptionInfo[StoreError], *parts: str) -> None:
    message = str(error.value)
    assert "\n" not in message
    for part in parts:
        assert part in message, message


@pytest.fixture
def sqlite_path(tmp_path: Path, migrated_sqlite: bytes) -> Path:
    path = tmp_path / "aggregator.sqlite3"
    path.write_bytes(migrated_sqlite)
    return path


def test_opening_makes_the_folder_and_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "news.sqlite3"
    with closing(Database.open(f"sqlite:///{path}")) as db:
        assert articles.save(db, None, pages(1)) == [Reason.STORED]
        assert db.integrity() == "ok"
        assert (db.dialect, db.path, db.where) == ("sqlite", path, str(path))


def test_sqlite_is_open_in_the_mode_that_survives_a_kill_and_lets_readers_read(sqlite_path: Path) -> None:
    with closing(Database.open(f"sqlite:///{sqlite_path}")) as db, db.session() as session:
        pragmas = [
            session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 1, 15_000]


def test_an_open_database_that_is_up_to_date_costs_little(database_url: str) -> None:
    Database.open(database_url).close()
    with within(0.3):
        for _ in range(3):
            Database.open(database_url).close()


def test_opening_does_not_import_alembic_when_the_tables_are_up_to_date(sqlite_path: Path) -> None:
    code = (
        "import sys; from aggregator.store.engine import Database; Database.open(sys.argv[1]).close(); "
        "sys.exit('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, f"sqlite:///{sqlite_path}"]
    assert subprocess.run(command, check=False).returncode == 0


def open_and_close(url: str) -> str:
    try:
        Database.open(url).close()
    except StoreError as error:
        return str(error)
    return "ok"


def test_many_processes_may_open_an_empty_database_at_once(empty_database_url: str) -> None:
    with PROCESSES.Pool(4) as pool:
        assert pool.map(open_and_close, [empty_database_url] * 8) == ["ok"] * 8
    with closing(Database.open(empty_database_url)) as db:
        assert articles.save(db, None, pages(1)) == [Reason.STORED]


def test_a_session_commits_at_its_end_and_rolls_back_on_an_error(db: Database) -> None:
    insert = text("INSERT INTO host_wait (host, until) VALUES (:host, :until)")
    values = {"until": "2031-01-01T00:00:00.000000Z"}
    with db.session() as session:
        session.execute(insert, values | {"host": "kept"})
    with pytest.raises(ZeroDivisionError), db.session() as session:
        session.execute(insert, values | {"host": "lost"}).rowcount / 0  # type: ignore[attr-defined]
    with db.reading() as session:
        assert session.execute(text("SELECT host FROM host_wait")).scalars().all() == ["kept"]


def test_a_reader_sees_one_moment_and_does_not_wait_for_a_writer(db: Database) -> None:
    articles.save(db, None, pages(2))
    count = text("SELECT count(*) FROM article")
    with db.reading() as reader:
        assert reader.execute(count).scalar() == 2
        articles.save(db, None, pages(3, start=10))
        assert reader.execute(count).scalar() == 2
    with db.reading() as reader:
        assert reader.execute(count).scalar() == 5


def test_readings_of_one_moment_agree_whatever_is_written_between_them(db: Database) -> None:
    articles.save(db, None, pages(2))

    def count() -> int:
        with db.reading() as reader:
            return int(reader.execute(text("SELECT count(*) FROM article")).scalar_one())

    with db.moment(), db.moment():
        assert count() == 2
        articles.save(db, None, pages(3, start=10))
        assert count() == 2
        with ThreadPoolExecutor(1) as other:
            assert other.submit(count).result() == 5
    assert count() == 5


def test_an_error_in_a_moment_is_the_stores_and_the_next_reading_works(db: Database) -> None:
    with pytest.raises(StoreError), db.moment(), db.reading() as reader:
        reader.execute(text("SELECT nothing FROM nowhere"))
    with db.reading() as reader:
        assert reader.execute(text("SELECT 1")).scalar() == 1


def test_a_reading_transaction_cannot_write_on_postgresql(db: Database) -> None:
    if db.dialect == "sqlite":
        return  # SQLite has no such transaction; its readers only take no lock
    with pytest.raises(StoreError) as caught, db.reading() as session:
        session.execute(text("DELETE FROM article"))
    one_line(caught, "read-only")


def test_a_database_may_be_used_by_many_threads(db: Database) -> None:
    articles.save(db, None, pages(20))

    def work(number: int) -> bool:
        if number % 10 == 0:
            articles.save(db, None, pages(2, start=100 + number))
        return articles.get(db, number % 20 + 1) is not None

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(100)))


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, and no database at all. " * 40)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Database.open(f"sqlite:///{path}")
    one_line(caught, str(path), "no SQLite database", "name another file")
    assert path.read_bytes() == before


def test_a_locked_database_is_busy_and_nothing_of_the_batch_is_stored(sqlite_path: Path) -> None:
    with (
        closing(Database.open(f"sqlite:///{sqlite_path}", busy_seconds=0.2)) as db,
        closing(sqlite3.connect(sqlite_path, isolation_level=None)) as holder,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError) as caught:
            articles.save(db, None, pages(3))
        one_line(caught, str(sqlite_path), "another process holds the database", "wait for it")
        assert list(articles.every(db)) == []
        holder.execute("ROLLBACK")
        assert articles.save(db, None, pages(3)) == [Reason.STORED] * 3


@pytest.mark.postgres
def test_a_locked_table_is_busy_on_postgresql(db: Database, database_url: str) -> None:
    if db.dialect == "sqlite":
        return
    with closing(Database.open(database_url, busy_seconds=0.1)) as hasty, db.session() as holder:
        holder.execute(text("LOCK TABLE article IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreBusyError) as caught:
            articles.save(hasty, None, pages(1))
        one_line(caught, "another process holds a lock", "wait for it")


def test_a_full_disk_loses_nothing_that_was_stored(sqlite_path: Path) -> None:
    with closing(Database.open(f"sqlite:///{sqlite_path}")) as db:
        assert articles.save(db, None, pages(50)) == [Reason.STORED] * 50
        with db.session() as session:
            used = session.execute(text("PRAGMA page_count")).scalar_one()
        # SQLite's own limit gives the error of a full disk; it holds for one connection, so only one is used.
        with db.session() as session:
            session.execute(text(f"PRAGMA max_page_count = {used + 4}"))
        with pytest.raises(StoreFullError) as caught:
            articles.save(db, None, pages(200, start=1000))
        one_line(caught, str(sqlite_path), "the disk is full", "free some space")
        assert len(list(articles.every(db))) == 50
        assert db.integrity() == "ok"
    with closing(Database.open(f"sqlite:///{sqlite_path}")) as db:
        assert articles.save(db, None, pages(200, start=1000)) == [Reason.STORED] * 200


def read_all(url: str) -> None:
    with closing(Database.open(url)) as db:
        list(articles.every(db))


def test_a_damaged_file_is_called_damaged(sqlite_path: Path) -> None:
    with closing(Database.open(f"sqlite:///{sqlite_path}")) as db:
        articles.save(db, None, pages(200))
    data = bytearray(sqlite_path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 : page * 4096 + 2000] = b"\xff" * 2000
    sqlite_path.write_bytes(data)
    with pytest.raises(StoreError) as caught:
        read_all(f"sqlite:///{sqlite_path}")
    one_line(caught, str(sqlite_path), "damaged", "restore")


def test_integrity_names_rows_that_point_nowhere(sqlite_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_path)) as connection:
        connection.execute("INSERT INTO crawl_run_outlet VALUES (7, 0, 'ghost')")
        connection.commit()
    with closing(Database.open(f"sqlite:///{sqlite_path}")) as db:
        assert "crawl_run_outlet" in db.integrity()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        Database.open(f"sqlite:///{tmp_path}/file/news.sqlite3")
    one_line(caught, "file/news.sqlite3", "folder cannot be made")


def test_a_path_that_is_a_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Database.open(f"sqlite:///{tmp_path}")
    one_line(caught, str(tmp_path), "cannot be opened")


READ_ONLY = """
import os, sys
from sqlalchemy import text
from aggregator.errors import StoreError
from aggregator.store import articles, migrations
from aggregator.store.engine import Database
if os.geteuid() == 0:  # after the imports, which nobody may not read
    os.setgid(65534)
    os.setuid(65534)
try:
    db = Database.open(sys.argv[1])
    with db.session() as session:
        session.execute(text("DELETE FROM article"))
except StoreError as error:
    print(error)
"""


def test_a_file_that_may_not_be_written_is_one_clear_line(migrated_sqlite: bytes) -> None:
    # Root may write everywhere, so it becomes nobody, who may not enter pytest's folder.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.sqlite3"
        path.write_bytes(migrated_sqlite)
        Path(folder).chmod(0o755)
        path.chmod(0o444)
        command = [sys.executable, "-c", READ_ONLY, f"sqlite:///{path}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert answer.startswith(str(path))
    assert "rights" in answer or "writable" in answer
    assert answer.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("news.sqlite3", "not a database URL"),
        ("mysql://root@localhost/news", "only sqlite:/// and postgresql://"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("", "not a database URL"),
    ],
)
def test_a_wrong_url_says_what_was_expected(url: str, words: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database.open(url)
    one_line(caught, words, "sqlite:///")


@pytest.mark.postgres
def test_an_unreachable_server_is_one_clear_line_without_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        Database.open("postgresql://news:geheim@127.0.0.1:9/news")
    one_line(caught, "127.0.0.1:9/news", "cannot be reached", "check")
    assert "geheim" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_is_one_clear_line(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return
    with pytest.raises(StoreError) as caught:
        Database.open(database_url.replace("/test_", "/missing_"))
    one_line(caught, "missing_", "no database of this name", "create it")


KILLED = """
import sys
from store.samples import pages
from aggregator.store import articles
from aggregator.store.engine import Database
db = Database.open(sys.argv[1])
for start in range(1, 1_000_000, 20):
    batch = pages(20, start=start)
    articles.save(db, None, batch)
    print(*(page.entry.url for page in batch), flush=True)
"""


@pytest.mark.parametrize("acknowledged_batches", [1, 4, 9])
def test_what_was_acknowledged_survives_a_kill(database_url: str, acknowledged_batches: int) -> None:
    tests = Path(__file__).parent.parent
    environment = os.environ | {"PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(acknowledged_batches)]
    process.kill()
    rest, _ = process.communicate()
    acknowledged = {url for line in [*lines, *rest.splitlines()] for url in line.split()}
    # The last line may have been cut in the middle of a URL.
    acknowledged = {url for url in acknowledged if url.startswith("https://harbour.example/news/")}
    with closing(Database.open(database_url)) as db:
        assert db.integrity() == "ok"
        stored = [each.article.url for each in articles.every(db)]
        assert len(stored) == len(set(stored))
        assert len(acknowledged) >= acknowledged_batches * 20
        assert acknowledged <= set(stored)
        assert len(stored) % 20 == 0
        again = articles.save(db, None, pages(len(stored) + 20))
        assert again == [Reason.UNCHANGED] * len(stored) + [Reason.STORED] * 20
