"""Crawl runs and seeds."""

import os
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import update
from store.samples import NOON, SEED, article, end, page, pages

from aggregator.clock import now
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Validator
from aggregator.store import articles, crawls
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database
from aggregator.store.schema import CrawlRunRow

ETAG = Validator('"feed-1"', "Sat, 05 Apr 2031 12:00:00 GMT", "cd" * 32)


def visit(validator: Validator = ETAG, **changes: object) -> SeedVisit:
    values: dict[str, object] = {
        "outlet": "harbour",
        "seed": SEED,
        "reason": Reason.STORED,
        "status": 200,
        "detail": None,
        "validator": validator,
        "found": 10,
        "new": 3,
        "at": NOON,
    } | changes
    return SeedVisit(**values)  # type: ignore[arg-type]


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return process.pid


def test_the_counts_of_a_run_are_summed_from_its_pages(db: Database) -> None:
    run_id = crawls.start_run(db, ["harbour", "ferry"], os.getpid())
    articles.save(db, run_id, [*pages(3), page(article(outlet="ferry")), end(8, Reason.FAILED_DNS)])
    articles.save(db, run_id, [page(article())])
    crawls.end_run(db, run_id, RunState.FINISHED, "done")
    [run] = crawls.runs(db)
    assert (run.outlets, run.state, run.detail) == (("harbour", "ferry"), RunState.FINISHED, "done")
    assert run.counts == {
        "harbour": {Reason.STORED: 3, Reason.FAILED_DNS: 1, Reason.UNCHANGED: 1},
        "ferry": {Reason.COPY: 1},
    }
    assert run.ended_at is not None
    assert run.started_at <= run.ended_at
    assert crawls.run(db, run_id) == run
    assert crawls.run(db, 99) is None


def test_runs_come_newest_first(db: Database) -> None:
    numbers = [crawls.start_run(db, [name], os.getpid()) for name in ("harbour", "ferry", "tide", "mole")]
    assert [run.id for run in crawls.runs(db, limit=3)] == numbers[:0:-1]


def test_a_run_whose_process_is_gone_is_interrupted_and_a_living_one_is_not(db: Database) -> None:
    dead = crawls.start_run(db, ["harbour"], dead_process())
    alive = crawls.start_run(db, ["harbour"], os.getpid())
    assert crawls.interrupt_stale(db) == 1
    assert crawls.interrupt_stale(db) == 0
    states = {run.id: run.state for run in crawls.runs(db)}
    assert states == {dead: RunState.INTERRUPTED, alive: RunState.RUNNING}


def test_a_process_that_got_the_number_of_a_dead_one_does_not_keep_its_run_alive(db: Database) -> None:
    run_id = crawls.start_run(db, ["harbour"], os.getpid())
    with db.session() as session:
        session.execute(update(CrawlRunRow).values(process="another boot/123"))
    assert crawls.interrupt_stale(db) == 1
    run = crawls.run(db, run_id)
    assert run is not None
    assert run.state is RunState.INTERRUPTED


def test_last_crawled_leaves_interrupted_runs_out(db: Database) -> None:
    crawls.end_run(db, crawls.start_run(db, ["harbour", "ferry"], os.getpid()), RunState.FINISHED)
    crawls.start_run(db, ["ferry"], dead_process())
    crawls.interrupt_stale(db)
    [_, first] = crawls.runs(db)
    assert crawls.last_crawled(db) == {"harbour": first.started_at, "ferry": first.started_at}


def test_the_rhythm_is_the_last_visits_newest_first(db: Database) -> None:
    other = Seed(SeedKind.SITEMAP, "https://harbour.example/sitemap.xml")
    visits = [visit(new=number, at=NOON + timedelta(hours=number)) for number in range(4)]
    visits.append(visit(seed=other, reason=Reason.FAILED_HTTP, status=503, detail="HTTP 503", new=0))
    for each in visits:
        crawls.save_seed(db, None, each)
    assert crawls.rhythm(db, "harbour", visits=3) == visits[:1:-1]
    assert crawls.rhythm(db, "ferry") == []


def read_seed(db: Database, *ends: Reason, state: RunState | None = RunState.FINISHED) -> int:
    run_id = crawls.start_run(db, ["harbour"], os.getpid() if state else dead_process())
    crawls.save_seed(db, run_id, visit())
    articles.save(db, run_id, [page(article()), *(end(n, reason) for n, reason in enumerate(ends, start=2))])
    if state:
        crawls.end_run(db, run_id, state)
    return run_id


def test_a_seed_that_was_never_read_has_no_validator(db: Database) -> None:
    assert crawls.seed_validator(db, SEED.url) is None


def test_a_seed_whose_pages_were_settled_is_asked_with_its_validator(db: Database) -> None:
    read_seed(db, Reason.FAILED_GONE, Reason.DROPPED_NOT_ARTICLE)
    assert crawls.seed_validator(db, SEED.url) == ETAG


def test_a_failed_page_makes_the_next_crawl_read_the_seed_again(db: Database) -> None:
    read_seed(db, Reason.FAILED_TIMEOUT)
    assert crawls.seed_validator(db, SEED.url) is None


def test_a_run_that_was_cut_short_makes_the_next_crawl_read_the_seed_again(db: Database) -> None:
    for state in (None, RunState.INTERRUPTED, RunState.FAILED):
        read_seed(db, state=state)
        assert crawls.seed_validator(db, SEED.url) is None, state


def test_a_failed_visit_does_not_hide_the_validator_of_the_one_before(db: Database) -> None:
    read_seed(db)
    crawls.save_seed(db, None, visit(Validator(), reason=Reason.FAILED_TIMEOUT, status=None))
    assert crawls.seed_validator(db, SEED.url) == ETAG


def test_a_host_that_asked_for_a_pause_is_left_alone_until_it_ends(db: Database) -> None:
    until = now() + timedelta(hours=1)
    crawls.save_wait(db, "Harbour.example", until)
    assert crawls.wait_until(db, "harbour.example") == until
    later = until + timedelta(hours=1)
    crawls.save_wait(db, "harbour.example", later)
    assert crawls.wait_until(db, "HARBOUR.example") == later
    crawls.save_wait(db, "harbour.example", now() - timedelta(seconds=1))
    assert crawls.wait_until(db, "harbour.example") is None
    assert crawls.wait_until(db, "ferry.example") is None
