"""What commands that read a file of articles share: the spool, the output, the progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from aggregator.cli.context import stderr

if TYPE_CHECKING:
    from aggregator.dedupe.bulk import Spool

Work = tuple["Spool", Callable[[str], object], Callable[[], None]]


@contextmanager
def writing(source: Path, out: Path, *, is_quiet: bool) -> "Iterator[Work]":
    """The articles of ``source``, what writes to ``out``, and what is called after each article.

    ``out`` takes its place at the end, whole; ``-`` is standard output.

    Raises:
        ArticlesError: the source cannot be read.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from aggregator.dedupe import bulk  # late: --help must not wait for it
    from aggregator.extract.bulk import output

    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = is_quiet or not console.is_terminal
    with ExitStack() as stack:
        file: TextIO = sys.stdout if str(out) == "-" else stack.enter_context(output(out))
        bars = stack.enter_context(Progress(*columns, console=console, transient=True, disable=is_silent))
        task = bars.add_task("reading", total=None)
        spool = stack.enter_context(bulk.spooled(source))
        bars.update(task, description="comparing", total=len(spool.times))
        yield spool, file.write, lambda: bars.advance(task)
