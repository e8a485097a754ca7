"""Bulk extraction: a manifest of saved pages in, a file of articles out, in the same order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from aggregator.errors import AggregatorError, ConfigError
from aggregator.extract import manifest, record
from aggregator.extract.errors import PageError
from aggregator.extract.manifest import Line
from aggregator.extract.pool import ExtractorPool
from aggregator.model.article import Article
from aggregator.model.outlet import Rules

# Pages waiting for each process: enough to keep it busy, few enough to hold in memory (10 MiB each at most).
_AHEAD = 4
Waiting = tuple[Line, "Future[Article] | str"]


@dataclass(frozen=True, slots=True)
class BulkReport:
    """How many lines the manifest had, and how many of them gave an error line instead of an article."""

    pages: int
    errors: int
    cpu_seconds: float


class OutputError(ConfigError):
    """The file of articles cannot be written."""

    exit_code = 73


def _as_it_is(article: Article) -> Article:
    return article


def run(
    source: Path,
    write: Callable[[str], object],
    pool: ExtractorPool,
    ahead: int,
    advance: Callable[[], None],
    *,
    clean: Callable[[Article], Article] = _as_it_is,
) -> BulkReport:
    """Extract all pages of a manifest; ``write`` gets one line for each, in the manifest's order.

    At most ``ahead`` pages are held at once; ``advance`` is called after each page. ``clean`` sees the
    articles in the manifest's order and gives what is written of each.

    Raises:
        ManifestError: the manifest cannot be read.
    """
    waiting: deque[Waiting] = deque()
    pages = errors = 0
    rows = manifest.lines(source)
    while True:
        while len(waiting) < ahead and (line := next(rows, None)) is not None:
            waiting.append((line, _submit(line, pool)))
        if not waiting:
            return BulkReport(pages, errors, pool.cpu_seconds)
        text, is_error = _finish(*waiting.popleft(), clean)
        write(text + "\n")
        pages += 1
        errors += is_error
        advance()


def count(source: Path) -> int:
    """The number of pages in a manifest, for a progress bar.

    Raises:
        ManifestError: the manifest cannot be read.
    """
    return sum(1 for _ in manifest.lines(source))


def window(processes: int) -> int:
    """How many pages to hold at once for a number of processes."""
    return processes * _AHEAD


def _submit(line: Line, pool: ExtractorPool) -> Future[Article] | str:
    if line.error is not None:
        return line.error
    try:
        return pool.submit(manifest.read(line), Rules())
    except AggregatorError as error:
        return str(error)


def _finish(
    line: Line, outcome: Future[Article] | str, clean: Callable[[Article], Article]
) -> tuple[str, bool]:
    if isinstance(outcome, str):
        return record.failure(line.id, line.url, outcome), True
    try:
        return record.record(line.id, clean(outcome.result())), False
    except PageError as error:
        return record.failure(line.id, line.url, f"{error.reason.value}: {error}"), True
    except AggregatorError as error:
        return record.failure(line.id, line.url, str(error)), True


@contextmanager
def output(path: Path) -> Iterator[TextIO]:
    """A file to write to that takes its name only when all is written; on an error nothing is left.

    Raises:
        OutputError: the folder is missing or cannot be written to.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        file = beside.open("w", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        with file:
            yield file
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
