"""A worker process: pages in, articles out, over one socket."""

import contextlib
import time
from multiprocessing.connection import Connection

from aggregator.errors import AggregatorError
from aggregator.extract.errors import ExtractCrashError, PageError
from aggregator.extract.orders import Done, Task
from aggregator.extract.page import extract
from aggregator.model.article import Article


def serve(handle: int) -> None:
    """Answer tasks until the socket's other end closes. Owns ``handle``."""
    with Connection(handle) as line, contextlib.suppress(EOFError, OSError):
        while True:
            line.send(run(line.recv()))


def run(task: Task) -> Done:
    """Extract one page; any error becomes part of the answer, so that a bad page cannot end the worker."""
    started = time.process_time()
    result: Article | AggregatorError
    try:
        result = extract(task.page, task.rules, homepage=task.homepage, usual_chars=task.usual_chars)
    except AggregatorError as error:
        result = error
    except MemoryError:
        result = ExtractCrashError(f"{task.page.url}: the page needs more memory than a worker may take")
    except Exception as error:  # noqa: BLE001 - foreign parsers raise anything; the page is counted as failed
        result = PageError(f"{task.page.url}: {type(error).__name__}: {error}")
    return Done(result, time.process_time() - started)
