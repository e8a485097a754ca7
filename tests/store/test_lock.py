"""Only one scheduler works on a database, on whichever engine and in whichever process."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.errors import SchedulerBusyError, StoreError
from aggregator.store.engine import Database
from aggregator.store.lock import FILE_NAME, only_scheduler

HOLDER = """
import sys
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler

with only_scheduler(Database.open(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_scheduler_of_this_process_is_refused(db: Database, tmp_path: Path) -> None:
    with (
        only_scheduler(db),
        pytest.raises(SchedulerBusyError, match="another scheduler"),
        only_scheduler(db),
    ):
        pytest.fail("two schedulers held the lock")


def test_lock_is_free_again_after_its_holder_is_killed(database_url: str, tmp_path: Path) -> None:
    db = Database.open(database_url)
    arguments = [sys.executable, "-c", HOLDER, database_url]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SchedulerBusyError) as refused, only_scheduler(db):
            pytest.fail("two processes held the lock")
        assert refused.value.exit_code == 75
        holder.kill()
        holder.wait()
        if db.dialect == "postgresql":
            _wait_for_the_servers_end_of(db)
        with only_scheduler(db) as lock:
            lock.check()
    db.close()


def _wait_for_the_servers_end_of(db: Database) -> None:
    # The server sees the cut connection a moment later.
    for _ in range(100):
        with db.session() as session:
            if not session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")):
                return
            session.execute(text("SELECT pg_sleep(0.05)"))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_lock_whose_connection_was_cut_is_taken_anew(db: Database, tmp_path: Path) -> None:
    with only_scheduler(db) as lock:
        _cut(db)
        lock.check()
        with pytest.raises(SchedulerBusyError), only_scheduler(db):
            pytest.fail("the lock was not taken anew")


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_lock_that_another_scheduler_took_meanwhile_is_lost(db: Database, tmp_path: Path) -> None:
    with only_scheduler(db) as lock:
        _cut(db)
        with only_scheduler(db), pytest.raises(SchedulerBusyError):
            lock.check()


def _cut(db: Database) -> None:
    with db.session() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
        )


def test_lock_file_that_cannot_be_made_is_an_error_that_names_it(
    migrated_sqlite: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    (tmp_path / f"{path.name}.{FILE_NAME}").mkdir()
    with pytest.raises(StoreError, match=FILE_NAME), only_scheduler(db):
        pytest.fail("a lock without a file")
    db.close()
