"""A pool of extraction processes with a time limit for each page, which heals when a worker dies.

One thread of the parent minds one worker: it sends a page, waits for the answer as long as a page may take,
and has the worker killed and replaced if none comes. No lock or pipe is shared between workers, so a worker
that dies at any moment harms only its own page (pebble's pool shares one pipe and breaks when an idle worker
is killed).
"""

import asyncio
import contextlib
import os
import queue
import threading
from concurrent.futures import Future, InvalidStateError
from types import TracebackType
from typing import Self

from aggregator.errors import AggregatorError
from aggregator.extract import phrasebook
from aggregator.extract.errors import ExtractCrashError, ExtractTimeoutError
from aggregator.extract.nursery import Nursery, WorkerHandle
from aggregator.extract.orders import Done, Task
from aggregator.model.article import Article
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage

# libxml2 and Python keep what a page made them take; a new worker costs some milliseconds.
PAGES_A_WORKER = 500
Job = tuple[Task, "Future[Article]"]


class ExtractorPool:
    """Processes that extract articles; usable from asyncio (``extract``) and from threads (``submit``).

    ``page_seconds`` is wall time, counted from the moment a warm worker has the page.

    Raises:
        ConfigError: a file of the operator's phrases is wrong; workers could only die of it.
    """

    def __init__(self, processes: int, page_seconds: float) -> None:
        phrasebook.read(phrasebook.own_folder())
        self._page_seconds = page_seconds
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._nursery = Nursery()
        self._is_closed = False
        self._lock = threading.Lock()
        self._cpu_seconds = 0.0
        self._minders = [
            threading.Thread(target=self._mind, name=f"extractor-{number}", daemon=True)
            for number in range(max(1, processes))
        ]
        for minder in self._minders:
            minder.start()

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds that workers have spent on pages that gave an answer."""
        return self._cpu_seconds

    @property
    def worker_pids(self) -> tuple[int, ...]:
        """The process ids of the living workers."""
        return self._nursery.pids

    async def extract(
        self, page: FetchedPage, rules: Rules, homepage: str | None = None, *, usual_chars: int | None = None
    ) -> Article:
        """The article on the page, without blocking the event loop.

        Raises:
            ExtractTimeoutError: the page took longer than ``page_seconds``.
            ExtractCrashError: the worker died on it, or the pool is closed.
            PageError: as ``aggregator.extract.page.extract`` says.
        """
        return await asyncio.wrap_future(self.submit(page, rules, homepage, usual_chars=usual_chars))

    def submit(
        self, page: FetchedPage, rules: Rules, homepage: str | None = None, *, usual_chars: int | None = None
    ) -> Future[Article]:
        """The article to come; a future that is cancelled before its turn is skipped."""
        future: Future[Article] = Future()
        if self._is_closed:
            future.set_exception(ExtractCrashError(f"{page.url}: the extractor is closed"))
        else:
            self._jobs.put((Task(page, rules, homepage, usual_chars), future))
        return future

    async def close(self) -> None:
        """End all workers; pages still waiting end with ``ExtractCrashError``."""
        await asyncio.to_thread(self.shut)

    def shut(self) -> None:
        """The same for callers without an event loop."""
        self._is_closed = True
        for _ in self._minders:
            self._jobs.put(None)
        self._nursery.close()
        for minder in self._minders:
            minder.join()
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                _settle(job[1], ExtractCrashError(f"{job[0].page.url}: the extractor was closed"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shut()

    def _mind(self) -> None:
        """One thread's life: a worker, and page after page."""
        worker: WorkerHandle | None = None
        pages = 0
        while (job := self._jobs.get()) is not None:
            task, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if worker is None or pages >= PAGES_A_WORKER or not worker.is_alive():
                    self._drop(worker)
                    worker, pages = self._nursery.start(), 0
                pages += 1
                _settle(future, self._ask(worker, task))
            except AggregatorError as error:
                self._drop(worker)
                worker = None
                _settle(future, error)
            except Exception as error:  # noqa: BLE001 - an answer that cannot be read must not end the thread
                self._drop(worker)
                worker = None
                _settle(future, ExtractCrashError(f"{task.page.url}: {type(error).__name__}: {error}"))
        self._drop(worker)

    def _drop(self, worker: WorkerHandle | None) -> None:
        if worker is not None:
            self._nursery.kill(worker)

    def _ask(self, worker: WorkerHandle, task: Task) -> Article | AggregatorError:
        """The worker's answer; raises if there is none, so that the worker is replaced."""
        url = task.page.url
        try:
            worker.line.send(task)
            if not worker.line.poll(self._page_seconds):
                raise ExtractTimeoutError(f"{url}: extraction took longer than {self._page_seconds:g} s")
            done: Done = worker.line.recv()
        except (OSError, EOFError) as error:
            raise ExtractCrashError(f"{url}: the worker died ({self._nursery.kill(worker)})") from error
        with self._lock:
            self._cpu_seconds += done.cpu_seconds
        if isinstance(done.result, ExtractCrashError):
            raise done.result
        return done.result


def _settle(future: Future[Article], result: Article | AggregatorError) -> None:
    with contextlib.suppress(InvalidStateError):
        if isinstance(result, Article):
            future.set_result(result)
        else:
            future.set_exception(result)


def core_count() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
