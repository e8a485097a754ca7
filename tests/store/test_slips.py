"""Runs that would be two at once are refused; slips know what made up for them."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from aggregator import project
from aggregator.config import Settings, environment
from aggregator.errors import CrawledNowError
from aggregator.model.crawl import RunState
from aggregator.model.slip import Slip, SlipKind
from aggregator.store import crawls, slips
from aggregator.store.engine import Database
from aggregator.store.schema import CrawlRunRow

AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_run_of_an_outlet_that_is_being_crawled_is_refused_and_noted(db: Database) -> None:
    first = crawls.start_run(db, ["harbour", "ferry"], os.getpid(), at=AT)
    with pytest.raises(CrawledNowError, match=f"ferry by run {first}") as refused:
        crawls.start_run(db, ["ferry", "tide"], os.getpid(), at=AT + HOUR)
    assert refused.value.exit_code == 75
    assert crawls.under_way(db) == {"harbour": first, "ferry": first}
    assert len(crawls.runs(db)) == 1
    slip = Slip("ferry", SlipKind.OVERLAPPING, AT + HOUR, AT + HOUR, 1, first)
    assert [one.slip for one in slips.listed(db)] == [slip]
    crawls.end_run(db, first, RunState.FINISHED, at=AT + HOUR)
    assert crawls.ended(db, "ferry") == AT + HOUR
    crawls.start_run(db, ["ferry", "tide"], os.getpid())


def test_slip_is_made_up_for_by_the_next_run_that_is_not_cut_off(db: Database) -> None:
    slip = Slip("harbour", SlipKind.MISSED, AT, AT + HOUR)
    slips.note(db, [slip])
    later = Slip("harbour", SlipKind.MISSED, AT, AT + 2 * HOUR, 3)
    slips.note(db, [later])  # by the next scheduler, before anything made up for it
    assert [(one.slip, one.run) for one in slips.listed(db)] == [(later, None)]
    cut = crawls.start_run(db, ["harbour"], os.getpid(), at=AT + 2 * HOUR)
    crawls.end_run(db, cut, RunState.INTERRUPTED)
    good = crawls.start_run(db, ["harbour"], os.getpid(), at=AT + 3 * HOUR)
    assert [(one.run, one.at) for one in slips.listed(db)] == [(good, AT + 3 * HOUR)]
    assert slips.listed(db, since=AT + 3 * HOUR) == []
    assert crawls.began(db, AT) == {AT + 2 * HOUR: 1, AT + 3 * HOUR: 1}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_run_of_another_machine_is_dead_when_nothing_of_it_ended_for_long(db: Database) -> None:
    run = crawls.start_run(db, ["harbour"], os.getpid(), at=AT)
    with db.session() as session:
        session.execute(update(CrawlRunRow).values(machine="elsewhere"))
    assert crawls.under_way(db, AT + HOUR / 3) == {"harbour": run}
    assert crawls.under_way(db, AT + HOUR) == {}


def test_crawl_whose_starter_was_killed_while_it_loaded_begins_nothing(
    tmp_path: Path, migrated_sqlite: bytes
) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(migrated_sqlite)
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "harbour.toml").write_text(
        'name = "H"\nhomepage = "http://127.0.0.1:9/"\nlanguage = "en"\ncountry = "GB"\n'
        '[[seeds]]\nkind = "feed"\nurl = "http://127.0.0.1:9/feed.xml"\n'
    )
    source, sink = os.pipe()
    os.close(source)  # whoever read is gone
    settings = Settings(database=f"sqlite:///{path}", outlets=cards)
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "batch", "-a", "outlets=harbour"],
        cwd=project.root(),
        env=os.environ | environment(settings) | {"PYTHONPATH": str(project.root())},
        stdout=sink,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(sink)
    assert done.returncode == 75, done.stderr
    db = Database.open(f"sqlite:///{path}")
    assert crawls.runs(db) == []
    db.close()
