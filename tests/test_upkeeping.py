"""Backups and pruning by schedule: at their hour, a missed night made up for, the oldest backup gives way."""

import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from store.samples import outlet, pages

from aggregator import upkeeping
from aggregator.config import Settings, UpkeepSettings
from aggregator.schedule.upkeep import Upkeep
from aggregator.store import articles, audit, outlets
from aggregator.store.engine import Database

EVENING = datetime(2031, 4, 5, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_sqlite: bytes) -> Settings:
    monkeypatch.setenv("AGGREGATOR_HOME", str(tmp_path))
    (tmp_path / "store.sqlite3").write_bytes(migrated_sqlite)
    rules = UpkeepSettings(backup_folder=Path("backups"), backup_keep=2, prune_pages_days=90)
    return Settings(database="sqlite:///store.sqlite3", upkeep=rules)


def touch(settings: Settings, name: str) -> Path:
    path = settings.path(Path("backups")) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    return path


def test_nothing_is_done_unless_the_settings_ask_for_it() -> None:
    assert upkeeping.following(Settings(), EVENING) is None
    assert not Upkeep(Settings(), threading.Event(), lambda: EVENING).is_wanted


def test_backup_comes_before_what_goes_and_each_is_a_command(settings: Settings) -> None:
    rules = settings.upkeep.model_copy(update={"prune_history_days": 400, "backup_pages": False})
    found = upkeeping.chores(settings.model_copy(update={"upkeep": rules}), EVENING)
    place = settings.path(Path("backups")) / "scheduled-2031-04-05-200000.tar"
    assert [one.arguments for one in found] == [
        ("backup", str(place), "--no-pages"),
        ("prune", "--older-than", "90", "--no-history", "--yes"),
        ("prune", "--older-than", "400", "--no-pages", "--yes"),
    ]
    assert upkeeping.following(settings, EVENING) == EVENING + 7.5 * HOUR


@pytest.mark.parametrize("wrong", [{"prune_pages_days": 1}, {"prune_history_days": 59}, {"at": "nightly"}])
def test_settings_that_keep_too_little_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        UpkeepSettings(**wrong)  # type: ignore[arg-type]


def test_night_that_was_missed_is_made_up_for_and_the_first_waits_for_its_hour(settings: Settings) -> None:
    clock = [EVENING]
    rules = settings.upkeep.model_copy(update={"prune_pages_days": 0})
    quick = settings.model_copy(update={"upkeep": rules, "database": "sqlite:///none/none.sqlite3"})
    first = Upkeep(quick, threading.Event(), lambda: clock[0])
    first.step()
    assert upkeeping.last_backup(quick) is None
    touch(quick, "scheduled-2031-04-01-033000.tar")
    touch(quick, "mine.tar")
    assert upkeeping.last_backup(quick) == datetime(2031, 4, 1, 3, 30, tzinfo=UTC)
    late = upkeeping.following(quick, upkeeping.last_backup(quick) or EVENING)
    assert late is not None
    assert late < EVENING


def test_backup_is_whole_takes_the_place_of_the_oldest_and_what_is_pruned_is_noted(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Database.open(settings.database_url)) as db:
        outlets.sync(db, [outlet()])
        articles.save(db, None, pages(3))
        old = [touch(settings, f"scheduled-2031-04-0{day}-033000.tar") for day in (2, 3)]
        own = touch(settings, "monday.tar")
        with caplog.at_level("INFO"):
            Upkeep(settings, threading.Event(), lambda: EVENING).step()
        assert [path.exists() for path in (*old, own)] == [False, True, True]
        made = old[0].with_name("scheduled-2031-04-05-200000.tar")
        with tarfile.open(made) as file:
            assert "database.sqlite3" in file.getnames()
        assert "a backup into backups: " in caplog.text
        assert "3 articles" in caplog.text
        assert [one.action.action for one in audit.entries(db, limit=5)] == ["prune"]
    stopped = threading.Event()
    stopped.set()
    again = upkeeping.chores(settings, EVENING + HOUR)[0]
    assert upkeeping.do(settings, again, stopped) is None
    assert old[1].exists()


def test_a_backup_that_fails_is_told_and_takes_no_older_one_away(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.path(Path("store.sqlite3")).unlink()
    old = [touch(settings, f"scheduled-2031-04-0{day}-033000.tar") for day in (1, 2, 3)]
    upkeep = Upkeep(settings, threading.Event(), lambda: EVENING)
    upkeep.step()
    assert "upkeep: a backup into backups: " in caplog.text
    assert [path.exists() for path in old] == [True] * 3
    assert "kept pages" not in caplog.text, "nothing is pruned that no backup holds"
    caplog.clear()
    upkeep.step()  # not again before the next night
    assert caplog.text == ""


def test_a_folder_that_cannot_be_made_is_told(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.path(Path("backups")).write_bytes(b"a file")
    clock = [EVENING]
    upkeep = Upkeep(settings, threading.Event(), lambda: clock[0])
    clock[0] += 24 * HOUR
    upkeep.step()
    assert "the folder cannot be made" in caplog.text
