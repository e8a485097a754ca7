"""Crawling: a crawl is a child process that runs Scrapy over a batch of outlets."""

import json
import os
import pickle
import signal
import subprocess
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from aggregator import launching
from aggregator import outlets as cards
from aggregator.config import Settings, environment
from aggregator.errors import AddressRefusedError, CrawlError
from aggregator.extract import phrasebook
from aggregator.model.article import Article
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Outlet, SeedKind
from aggregator.model.page import FetchedPage

GRACE_SECONDS = 20.0
"""How long a crawl that is asked to end may finish its open requests; then it is killed."""

_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """A page just ended."""

    outlet: str
    url: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Usage:
    """What a crawl cost.

    CPU seconds of its own process and of its extraction workers, peak memory of its own process, and the
    longest time in seconds that its event loop was blocked.
    """

    cpu_seconds: float = 0.0
    workers_cpu_seconds: float = 0.0
    peak_bytes: int = 0
    loop_blocked: float = 0.0


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl went; ``counts`` maps outlet to reason to pages, ``run_id`` is 0 if it never started."""

    run_id: int
    state: RunState
    outlets: tuple[str, ...]
    counts: Mapping[str, Mapping[Reason, int]]
    seconds: float
    detail: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Trial:
    """A page of a trial: an article, or why there is none."""

    page_url: str
    reason: Reason
    article: Article | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a home page shows to somebody who wants to add its outlet.

    ``found`` lists addresses that were tried as feeds or sitemaps, and whether each is one.
    """

    url: str
    status: int
    body: bytes
    charset: str | None
    robots_txt: str
    found: tuple[tuple[str, bool], ...]


def crawl(
    settings: Settings,
    slugs: Sequence[str],
    *,
    seeds: Sequence[SeedKind] = (),
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> CrawlReport:
    """Crawl outlets and wait for the end.

    ``seeds`` narrows the kinds of seeds; ``stop`` asks the crawl to end: what is open is finished, the rest
    is left to the next crawl. A crawl over ``crawl.minutes`` is ended the same way.

    Raises:
        CrawlError: the process could not start or died; the message holds its last words.
        ConfigError: a file in the folder of phrases is wrong; the process would die of it.
    """
    started = monotonic()
    phrasebook.read(settings.path(settings.phrases))
    arguments = ["batch", "-a", f"outlets={','.join(slugs)}"]
    if seeds:
        arguments += ["-a", f"kinds={','.join(seeds)}"]
    tally = _Tally(on_progress)
    with _scrapy(settings, arguments, settings.crawl.minutes * 60, stop) as events:
        for event in events:
            tally.take(event)
    if tally.failure is not None:
        raise CrawlError(tally.failure)
    if tally.ended is None and stop is not None and stop.is_set():
        # Before it could listen nothing was open; after that, what was open is left to the next crawl.
        when = "before its open pages had ended" if tally.run_id else "while it started"
        tally.ended = {"state": RunState.INTERRUPTED, "detail": f"asked to end {when}"}
    if tally.ended is None:
        raise CrawlError(f"the crawl of {len(slugs)} outlets died before its end; what it stored is safe")
    return CrawlReport(
        run_id=tally.run_id,
        state=RunState(tally.ended["state"]),
        outlets=tuple(slugs),
        counts={outlet: dict(counter) for outlet, counter in tally.counts.items()},
        seconds=monotonic() - started,
        detail=tally.ended["detail"],
        usage=Usage(**{name: tally.ended[name] for name in Usage.__slots__ if name in tally.ended}),
    )


@dataclass(slots=True)
class _Tally:
    """What a crawl's events add up to."""

    on_progress: Callable[[Progress], None] | None
    run_id: int = 0
    counts: defaultdict[str, Counter[Reason]] = field(default_factory=lambda: defaultdict(Counter))
    ended: dict[str, Any] | None = None
    failure: str | None = None

    def take(self, event: dict[str, Any]) -> None:
        match event:
            case {"event": "started", "run": int(number)}:
                self.run_id = number
            case {"event": "page", "outlet": str(outlet), "url": str(url), "reason": str(word)}:
                self.counts[outlet][Reason(word)] += 1
                if self.on_progress is not None:
                    self.on_progress(Progress(outlet, url, Reason(word)))
            case {"event": "ended"}:
                self.ended = event
            case {"event": "error", "message": str(message)}:
                self.failure = message


def trial(settings: Settings, outlet: Outlet, articles: int = 3) -> tuple[Trial, ...]:
    """Fetch and extract the first articles of an outlet; nothing is stored, nothing kept.

    Raises:
        CrawlError: the crawl died.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cards.write(outlet, folder)
        changed = settings.model_copy(update={"outlets": folder})
        found = results(changed, ["trial", "-a", f"outlets={outlet.slug}", "-a", f"articles={articles}"])
    return tuple(result for result in found if isinstance(result, Trial))


def look(settings: Settings, url: str) -> Look:
    """Fetch a home page, its robots.txt and whatever may be its feeds and sitemaps.

    Raises:
        CrawlError: the page cannot be fetched; the message says why.
    """
    for result in results(settings, ["look", "-a", f"url={url}"]):
        match result:
            case Look():
                return result
            case Trial(detail=detail):
                raise CrawlError(f"{url}: {detail}")
    raise CrawlError(f"{url}: no answer")


def page(settings: Settings, url: str, outlet: Outlet | None = None) -> FetchedPage:
    """Fetch one page as a crawl would: robots.txt, the guard, limits; an outlet's manners if there is one.

    Raises:
        AddressRefusedError: the address is a private one.
        CrawlError: the page cannot be fetched; the message says why.
    """
    with tempfile.TemporaryDirectory() as name:
        arguments = ["page", "-a", f"url={url}"]
        if outlet is not None:
            cards.write(outlet, Path(name))
            settings = settings.model_copy(update={"outlets": Path(name)})
            arguments += ["-a", f"outlets={outlet.slug}"]
        for result in results(settings, arguments):
            match result:
                case FetchedPage():
                    return result
                case Trial(reason=reason, detail=detail):
                    kind = AddressRefusedError if reason is Reason.FAILED_ADDRESS else CrawlError
                    raise kind(f"{url}: {reason.value}: {detail}")
    raise CrawlError(f"{url}: no answer")


def results(
    settings: Settings,
    arguments: Sequence[str],
    seconds: float = 300.0,
    stop: threading.Event | None = None,
) -> list[object]:
    """What a spider of its own, with these arguments, hands over: its process ends after so many seconds.

    Raises:
        CrawlError: the process could not start; the message holds its last words.
    """
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "results.pickle"
        with _scrapy(settings, [*arguments, "-a", f"out={out}"], seconds, stop) as events:
            for event in events:
                if event.get("event") == "error":
                    raise CrawlError(str(event["message"]))
        handed: list[object] = []
        if out.exists():
            with out.open("rb") as file:  # our own child wrote it, into a folder that only we can read
                while file.peek(1):
                    handed.append(pickle.load(file))  # noqa: S301 - see above
        return handed


@contextmanager
def _scrapy(
    settings: Settings, arguments: Sequence[str], seconds: float, stop: threading.Event | None
) -> Iterator[Iterator[dict[str, Any]]]:
    proxy = {"http_proxy": settings.http_proxy, "https_proxy": settings.http_proxy}
    variables = {key: value for key, value in proxy.items() if value}
    process = launching.start(arguments, os.environ | environment(settings) | variables)
    over = threading.Event()
    guard = threading.Thread(target=_end_in_time, args=(process, seconds, stop, over), daemon=True)
    guard.start()
    try:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        yield (json.loads(line) for line in process.stdout if line.startswith("{"))
    finally:
        # Nobody reads any more, and a crawl that waits for a reader would not hear that it is to end.
        if process.stdout is not None:
            process.stdout.close()
        _ask_to_end(process)
        over.set()
        guard.join()
        if isinstance(process, launching.WarmProcess):
            process.close()


def _end_in_time(
    process: launching.Process, seconds: float, stop: threading.Event | None, over: threading.Event
) -> None:
    deadline = monotonic() + seconds
    while not over.wait(_POLL_SECONDS):
        if process.poll() is not None:
            return
        if monotonic() > deadline or (stop is not None and stop.is_set()):
            _ask_to_end(process)
            return


def _ask_to_end(process: launching.Process) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
