"""Bulk deduplication: a file of articles in, the cluster of each out, in the order of publication."""

import gzip
import json
import sys
import tempfile
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from aggregator.dedupe.clusters import Clusters, Placed
from aggregator.dedupe.fingerprint import text_hash
from aggregator.dedupe.words import words
from aggregator.errors import ConfigError
from aggregator.urls import site

_UNDATED = float("inf")
_FIELDS = ("title", "body", "url")


class ArticlesError(ConfigError):
    """The file of articles cannot be read."""

    exit_code = 66


class LineError(ConfigError):
    """A line is no article."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the file; ``published`` and ``language`` are None where they are not known."""

    id: str
    headline: str
    body: str
    outlet: str
    published: datetime | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DedupeReport:
    """What came of a file: articles, clusters, lines with an error, and how many of each kind of copy."""

    articles: int
    clusters: int
    errors: int
    kinds: dict[str, int]


@dataclass(slots=True)
class Spool:
    """A file's lines on disk, and in memory for each good one its time and place."""

    file: IO[bytes]
    times: "array[float]" = field(default_factory=lambda: array("d"))
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    errors: list[str] = field(default_factory=list)

    def order(self) -> list[int]:
        """The numbers of the good lines by time, undated ones last; of one time in the file's order."""
        return sorted(range(len(self.times)), key=self.times.__getitem__)

    def row(self, number: int) -> Row:
        """The article of a good line."""
        self.file.seek(self.offsets[number])
        return _row(self.file.readline())


def spool(source: Path, file: IO[bytes]) -> Spool:
    """Copy the lines of ``source`` (JSONL, ``.gz`` or ``-`` for standard input) to ``file``; look at each.

    A line that is no article becomes an error line of the output: ``{id, cluster, line, error}``.

    Raises:
        ArticlesError: the source cannot be read.
    """
    made = Spool(file)
    seen: dict[str, int] = {}
    try:
        with _opened(source) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    _take(made, line, number, seen)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArticlesError(f"{source}: cannot be read: {reason}; name a JSONL file, perhaps .gz") from error
    return made


def _take(made: Spool, line: bytes, number: int, seen: dict[str, int]) -> None:
    try:
        row = _row(line)
    except LineError as error:
        made.errors.append(_error_line(number, str(error)))
        return
    if (first := seen.setdefault(row.id, number)) != number:
        made.errors.append(_error_line(number, f"id {row.id!r} is that of line {first}, too"))
        return
    made.times.append(row.published.timestamp() if row.published else _UNDATED)
    made.offsets.append(made.file.tell())
    made.file.write(line if line.endswith(b"\n") else line + b"\n")


def _error_line(number: int, error: str) -> str:
    told = {"id": None, "cluster": None, "line": number, "error": f"line {number}: {error}"}
    return json.dumps(told, ensure_ascii=False)


def run(made: Spool, write: Callable[[str], object], advance: Callable[[], None]) -> DedupeReport:
    """Cluster the articles one by one; ``write`` gets a line for each, ``advance`` is called after it.

    A line is ``{id, cluster, kind, of, evidence}``: ``cluster`` is the id of its first article, ``of`` that
    of the article which this one was found to be a copy of. Articles without a date come last.
    """
    for line in made.errors:
        write(line + "\n")
    clusters = Clusters()
    kinds: Counter[str] = Counter()
    last = datetime.min.replace(tzinfo=UTC)
    count = 0
    for number in made.order():
        row = made.row(number)
        last = row.published or last
        placed = clusters.add(row.id, row.outlet, last, words(row.body), text_hash(row.headline, row.body))
        write(_line(row, placed) + "\n")
        kinds[placed.kind.value if placed.kind else ""] += 1
        count += 1
        advance()
    fresh = kinds.pop("", 0)
    return DedupeReport(count, fresh, len(made.errors), dict(kinds))


@contextmanager
def spooled(source: Path) -> Iterator[Spool]:
    """A spool in a temporary file, which is gone afterwards.

    Raises:
        ArticlesError: the source cannot be read.
    """
    with tempfile.TemporaryFile() as file:
        yield spool(source, file)


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    if str(source) == "-":
        yield sys.stdin.buffer
    else:
        with gzip.open(source) if source.suffix == ".gz" else source.open("rb") as file:
            yield file


def _line(row: Row, placed: Placed) -> str:
    evidence: dict[str, Any] | None = None
    if placed.likeness:
        evidence = {
            "why": placed.likeness.why,
            "score": placed.likeness.score,
            "shared_shingles": placed.shared_rows,
            **asdict(placed.likeness.evidence),
        }
    elif placed.of:
        evidence = {"why": "equal words", "score": 1.0}
    found = {
        "id": row.id,
        "cluster": placed.cluster,
        "kind": placed.kind,
        "of": placed.of,
        "evidence": evidence,
    }
    return json.dumps(found, ensure_ascii=False)


def _row(line: bytes) -> Row:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError(f"not JSON: {error}") from error
    if not isinstance(given, dict):
        raise LineError("not an object with id, title, body, url and published")
    name = given.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise LineError(f"id: a text or a number expected, got {name!r}")
    for key in (*_FIELDS, "lang"):
        value = given.get(key)
        if not (isinstance(value, str) or (value is None and key != "body")):
            raise LineError(f"{key}: a text expected, got {value!r}"[:200])
    title, body, url = (_encodable(given.get(key) or "") for key in _FIELDS)
    language = _encodable(given.get("lang") or "") or None
    return Row(_encodable(str(name)), title, body, site(url), _moment(given.get("published")), language)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)  # type: ignore[arg-type] # a TypeError is what it tells of other types
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise LineError(f"published: a time in ISO 8601 or null expected, got {value!r}"[:200]) from error


def _encodable(text: str) -> str:
    """The text without lone surrogates: JSON can write them, UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
