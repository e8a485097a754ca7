"""What passes between the pool, its fork server and its workers."""

import struct
from dataclasses import dataclass

from aggregator.errors import AggregatorError
from aggregator.model.article import Article
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage

START = b"S"
KILL = b"K"
READY = b"R"
NUMBER = struct.Struct("!q")


@dataclass(frozen=True, slots=True)
class Task:
    """One page to extract, with its outlet's rules, home page and usual length of an article."""

    page: FetchedPage
    rules: Rules
    homepage: str | None = None
    usual_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: the article or the error, and the CPU seconds it took."""

    result: Article | AggregatorError
    cpu_seconds: float
