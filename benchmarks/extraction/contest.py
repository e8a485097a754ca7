"""Programs in processes of their own: asked page by page, stopped when they hang, started anew."""

import gc
import json
import logging
import multiprocessing
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from extraction.corpus import Row
from extraction.programs import PROGRAMS, Program

WARM_SECONDS = 120.0
LIVE_POSTS = 1800
# As our workers have it, for all alike: Python's own setting costs any of them a twentieth more.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


@dataclass(frozen=True)
class Answer:
    """What a program made of a page, the CPU milliseconds it took, and what went wrong if anything did."""

    row: Row
    cost: float
    fault: str = ""


def serve(name: str, line: Connection) -> None:
    """A program's process: answers page after page until the other end closes."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    program = PROGRAMS[name][2]
    if name == "ours":
        from aggregator.extract.warm import warm

        warm()
    _answer(program, "https://example.org/2026/warm", live_blog(20))
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    line.send("ready")
    while True:
        try:
            url, body = line.recv()
        except EOFError:
            return
        line.send(_answer(program, url, body))


def _answer(program: Program, url: str, body: bytes) -> Answer:
    started = time.process_time()
    try:
        row, fault = program(url, body), ""
    except Exception as error:  # noqa: BLE001 - a peer may fail as it likes; it is counted
        row, fault = {}, type(error).__name__
    return Answer(row, 1000 * (time.process_time() - started), fault)


class Contestant:
    """One program in its process, which is started anew when it dies or is stopped."""

    def __init__(self, name: str, page_seconds: float) -> None:
        self.name, self._page_seconds = name, page_seconds
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self.name, theirs), daemon=True)
        self._process.start()
        theirs.close()
        try:
            is_ready = self._line.poll(WARM_SECONDS) and bool(self._line.recv())
        except EOFError:
            is_ready = False
        if not is_ready:
            sys.exit(f"{self.name}: does not start")

    def ask(self, url: str, body: bytes) -> Answer:
        """What the program makes of a page."""
        try:
            self._line.send((url, body))
            if self._line.poll(self._page_seconds):
                answer: Answer = self._line.recv()
                return answer
            fault = "stopped"
        except (EOFError, OSError):
            fault = "died"
        self.close()
        self._start()
        return Answer({}, 1000 * self._page_seconds if fault == "stopped" else 0.0, fault)

    def close(self) -> None:
        """End the process."""
        self._line.close()
        self._process.kill()
        self._process.join()


def live_blog(posts: int = LIVE_POSTS) -> bytes:
    """A page such as a live blog's: many short posts, each with its time, and JSON-LD that breaks off.

    With all its posts it has 1.3 MB; such a page took an extractor 2 s.
    """
    said = "The council went on to count the ropes, and the ferry did not leave the pier in the rain. "
    updates = json.dumps([{"@type": "BlogPosting", "articleBody": said * 3}] * posts)[:-400]
    made = "".join(
        f"<div class='post'><time datetime='2026-03-03T08:{number % 60:02}:00Z'>08:{number % 60:02}</time>"
        f"<h3>Rope {number} is counted</h3><p>{said * 3}</p><p><a href='/live#{number}'>Share</a></p></div>"
        for number in range(posts)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>Ferry, live</title><script type='application/ld+json'>"
        f'{{"@type": "LiveBlogPosting", "liveBlogUpdate": {updates}</script></head>'
        f"<body><main><article><h1>Ferry, live</h1>{made}</article></main></body></html>"
    ).encode()


def turns(contestants: Sequence[Contestant], number: int) -> Iterator[Contestant]:
    """All contestants in turn; who begins changes from page to page."""
    first = number % len(contestants)
    yield from (*contestants[first:], *contestants[:first])
