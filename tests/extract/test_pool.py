"""The pool: each page ends in time with an answer, whatever happens to its worker."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import pytest
from handmade import article_html, make_page

from aggregator.extract.errors import ExtractCrashError, ExtractTimeoutError, NoTextError, NotHtmlError
from aggregator.extract.orders import Task
from aggregator.extract.pool import ExtractorPool
from aggregator.model.outlet import Rules

NO_RULES = Rules()
PAGE = make_page(article_html())
# Nested repetition without a match takes a regular expression years on a line of this length.
HANGS = Rules(cut_lines=(r"(\w+\s?)*!",))


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(processes=1, page_seconds=1.0) as pool:
        yield pool


def wait_for(truth: Callable[[], object], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not truth() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(truth())


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def test_page_becomes_an_article_and_its_cost_is_known(pool: ExtractorPool) -> None:
    before = pool.cpu_seconds
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"
    assert 0 < pool.cpu_seconds - before < 5


def test_page_that_hangs_is_ended_in_time_and_the_next_one_works(pool: ExtractorPool) -> None:
    pool.submit(PAGE, NO_RULES).result(60)
    started = time.monotonic()
    with pytest.raises(ExtractTimeoutError, match="longer than 1 s"):
        pool.submit(PAGE, HANGS).result(60)
    assert time.monotonic() - started < 3
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"


def test_worker_that_is_killed_costs_its_page_only(pool: ExtractorPool) -> None:
    pool.submit(PAGE, NO_RULES).result(60)
    hanging = pool.submit(PAGE, HANGS)
    assert wait_for(hanging.running)
    time.sleep(0.1)
    os.kill(pool.worker_pids[0], signal.SIGKILL)
    with pytest.raises(ExtractCrashError, match="SIGKILL"):
        hanging.result(60)
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"


def test_idle_worker_that_is_killed_costs_no_page(pool: ExtractorPool) -> None:
    pool.submit(PAGE, NO_RULES).result(60)
    (pid,) = pool.worker_pids
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not is_alive(pid))
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"


def test_server_that_is_killed_is_started_anew(pool: ExtractorPool) -> None:
    pool.submit(PAGE, NO_RULES).result(60)
    (pid,) = pool.worker_pids
    done = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True)
    os.kill(int(done.stdout), signal.SIGKILL)
    assert wait_for(lambda: not is_alive(pid))
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"


def test_errors_of_pages_come_back_as_themselves(pool: ExtractorPool) -> None:
    for html, error in (
        (b"", NoTextError),
        (b"%PDF-1.7", NotHtmlError),
        (bytes(range(1, 32)) * 999, NotHtmlError),
    ):
        with pytest.raises(error):
            pool.submit(make_page(html), NO_RULES).result(60)


def test_page_of_fifty_megabytes_ends_with_an_answer(pool: ExtractorPool) -> None:
    line = b"<p>The bridge over the harbour opened on Tuesday after six years of work.</p>"
    future = pool.submit(
        make_page(b"<html><head><title>Bridge</title></head><body>" + line * 650_000), NO_RULES
    )
    assert isinstance(future.exception(120), ExtractTimeoutError | ExtractCrashError | None)
    assert pool.submit(PAGE, NO_RULES).result(60).headline == "Bridge opens"


def test_event_loop_stays_responsive() -> None:
    async def main() -> float:
        pool = ExtractorPool(processes=1, page_seconds=5.0)
        longest = 0.0
        pages = asyncio.gather(*(pool.extract(PAGE, NO_RULES) for _ in range(20)))
        while not pages.done():
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before)
        assert len(await pages) == 20
        await pool.close()
        return longest

    assert asyncio.run(main()) < 0.5


def test_closed_pool_answers_every_page_and_leaves_no_process() -> None:
    pool = ExtractorPool(processes=2, page_seconds=30.0)
    pool.submit(PAGE, NO_RULES).result(60)
    pids = pool.worker_pids
    waiting = [pool.submit(PAGE, HANGS) for _ in range(4)]
    assert wait_for(lambda: sum(future.running() for future in waiting) == 2)
    pool.shut()
    assert [type(future.exception(5)) for future in waiting] == [ExtractCrashError] * 4
    assert isinstance(pool.submit(PAGE, NO_RULES).exception(5), ExtractCrashError)
    assert all(wait_for(lambda pid=pid: not is_alive(pid)) for pid in pids)


def test_workers_die_with_a_killed_parent_and_ignore_its_interrupt() -> None:
    code = (
        "import sys, time; from handmade import *; from aggregator.extract.pool import ExtractorPool;"
        "from aggregator.model.outlet import Rules; pool = ExtractorPool(1, 600.0);"
        "pool.submit(make_page(article_html()), Rules()).result();"
        "pool.submit(make_page(article_html()), Rules(cut_lines=(r'(\\w+\\s?)*!',)));"
        "print(*pool.worker_pids, flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, signal.SIGINT)
        time.sleep(0.2)
        assert is_alive(worker)
        parent.kill()
    assert wait_for(lambda: not is_alive(worker))


def test_a_worker_whose_server_ended_before_it_began_takes_no_page() -> None:
    ours, theirs = socket.socketpair()
    code = (
        "import sys; from aggregator.extract import forkserver;"
        "forkserver._be_worker(int(sys.argv[1]), server=int(sys.argv[2]))"
    )
    with ours, theirs:
        handle = theirs.fileno()
        command = [sys.executable, "-c", code, str(handle)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run([*command, "1"], pass_fds=[handle], env=environment, timeout=60, check=False)
        assert done.returncode == 1
        with subprocess.Popen([*command, str(os.getpid())], pass_fds=[handle], env=environment) as worker:
            theirs.close()
            line = Connection(ours.detach())
            line.send(Task(PAGE, NO_RULES, None, None))
            assert line.poll(60)
            line.close()
            assert worker.wait(60) == 0
