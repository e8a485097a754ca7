"""Dumps by schedule: made when they are due, by a process of their own; the oldest go, others' files stay."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from store.samples import NOON, outlet, pages

from aggregator import config
from aggregator.config import Settings
from aggregator.dumping import make, next_dump, removable
from aggregator.dumpsettings import DumpSettings
from aggregator.errors import StoreError
from aggregator.store import articles, outlets
from aggregator.store.engine import Database


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AGGREGATOR_HOME", str(tmp_path))
    return Settings(
        database=f"sqlite:///{tmp_path / 'store.sqlite3'}",
        dumps=tmp_path / "dumps",
        dump=DumpSettings(every_hours=24, keep=2),
    )


def touch(settings: Settings, name: str) -> Path:
    path = settings.dumps / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    return path


def test_a_dump_is_due_when_none_is_there_or_the_last_is_old_enough(settings: Settings) -> None:
    assert next_dump(settings, NOON) == settings.dumps / "scheduled-2031-04-05-120000.sqlite3"
    touch(settings, "scheduled-2031-04-04-130000.sqlite3")
    touch(settings, "aggregator-2031-04-05-110000.sqlite3")
    assert next_dump(settings, NOON) is None
    assert next_dump(settings, NOON + timedelta(hours=1)) is not None


def test_none_is_due_unless_the_settings_ask_for_them(settings: Settings) -> None:
    assert next_dump(settings.model_copy(update={"dump": DumpSettings()}), NOON) is None


def test_the_newest_stay_and_what_others_made_stays(settings: Settings) -> None:
    days = [touch(settings, f"scheduled-2031-04-0{day}-120000.sqlite3") for day in (1, 2, 3)]
    public = touch(settings, "scheduled-public-2031-04-04-120000.sqlite3")
    for name in ("scheduled-mine.sqlite3", "aggregator-2031-01-01-120000.sqlite3", "letters.txt"):
        touch(settings, name)
    assert removable(settings.dumps, 2) == days[:2]
    assert removable(settings.dumps, 1) == [*days[:3]]
    assert removable(settings.dumps, 9) == []
    assert public.exists()


def test_a_scheduled_dump_is_whole_and_takes_the_place_of_the_oldest(settings: Settings) -> None:
    with closing(Database.open(settings.database)) as db:
        outlets.sync(db, [outlet()])
        articles.save(db, None, pages(3))
    old = [touch(settings, f"scheduled-2031-04-0{day}-120000.sqlite3") for day in (1, 2)]
    touch(settings, "scheduled-2031-04-01-120000.sqlite3.manifest.json")
    place = next_dump(settings, NOON)
    assert place is not None
    said = make(settings, place, threading.Event())
    assert said is not None
    assert "3 articles" in said
    with closing(sqlite3.connect(place)) as file:
        assert file.execute("SELECT count(*) FROM article").fetchone() == (3,)
    told = json.loads(place.with_name(f"{place.name}.manifest.json").read_text(encoding="utf-8"))
    assert told["rows"]["article"] == 3
    assert {path.name for path in settings.dumps.iterdir()} == {
        old[1].name,
        place.name,
        f"{place.name}.manifest.json",
        f"{place.name}.datasette.json",
    }


def test_one_that_fails_says_why_and_leaves_the_older_ones(settings: Settings) -> None:
    Path(settings.database.removeprefix("sqlite:///")).write_bytes(b"no database at all, only some words")
    old = [touch(settings, f"scheduled-2031-04-0{day}-120000.sqlite3") for day in (1, 2, 3)]
    with pytest.raises(StoreError, match="no SQLite database"):
        make(settings, settings.dumps / "scheduled-2031-04-05-120000.sqlite3", threading.Event())
    assert sorted(settings.dumps.iterdir()) == old


def test_one_that_is_stopped_leaves_nothing(settings: Settings) -> None:
    Database.open(settings.database).close()
    stop = threading.Event()
    stop.set()
    assert make(settings, settings.dumps / "scheduled-2031-04-05-120000.sqlite3", stop) is None
    assert not settings.dumps.exists() or list(settings.dumps.iterdir()) == []
    assert config.home() == settings.dumps.parent
