"""A process that has the program loaded and starts it by a fork: loading it anew takes a second each time.

A request is a line of JSON on standard input: arguments, environment, working directory, and the files for
standard output and standard error. The answer is a line with the process id. What is started is a process of
its own with all that it was given; only its modules were there before, and the warm process that its crawls
and extraction are forked from. A request with a process id and seconds is answered with the exit code, or
with ``null`` when the process still runs after so many seconds.
"""

import atexit
import gc
import importlib
import json
import os
import sys
import threading
import time

from aggregator import launching

LOADED = (
    "aggregator.cli.main",
    "aggregator.dumping",
    "aggregator.exporting",
    "aggregator.extract.page",
    "aggregator.inspecting",
    "aggregator.previewing",
    "aggregator.publishing",
    "aggregator.site.app",
    "aggregator.store.articles",
    "aggregator.withdrawing",
    "alembic.command",
    "rich.progress",
    "rich.table",
)
"""What commands load late."""

WARMED = {"archive", "crawl", "extract", "new", "reextract", "rules", "run", "try", "--discover"}
"""Words of commands that crawl or extract."""


def main(warm: launching.Warm | None) -> None:
    """Start what is asked for; return in each process that was started."""
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request = json.loads(line)
        if "pid" in request:
            print(json.dumps(exit_code(request["pid"], request["seconds"])), file=answers, flush=True)
            continue
        words = set(request["arguments"])
        if warm is not None and words & WARMED and "--help" not in words:
            warm.prepare(request["environment"])
        child = os.fork()
        if not child:
            answers.close()
            become(request)
            return
        print(child, file=answers, flush=True)
    sys.exit(0)


def exit_code(pid: int, seconds: float) -> int | None:
    """What a process ended with, None if it still runs after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            return None
        time.sleep(0.003)


def become(request: dict[str, object]) -> None:
    """Be a process that was started so."""
    arguments, environment = request["arguments"], request["environment"]
    assert isinstance(arguments, list)
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(request["folder"]))
    for number, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["output"], os.O_WRONLY),
        (2, request["errors"], os.O_WRONLY),
    ):
        opened = os.open(str(name), flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", encoding="utf-8") for number in (1, 2))
    sys.argv = ["aggregator", *arguments]


def leave(code: int) -> None:
    """End as Python does, but without taking apart what is shared: it would be copied for that."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - as the end does, it waits for threads
    atexit._run_exitfuncs()  # noqa: SLF001 - what the end runs
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    with launching.kept_warm() as made:
        main(made)
        from aggregator.cli.main import main as program

        try:
            program()
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                leave(end.code or 0)
            raise
