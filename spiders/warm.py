"""The process that is warm and forks crawls: run as ``python -m spiders.warm FD`` in the project's folder.

It has imported all that a crawl and its extraction need, and has read nothing of any database. An order comes
over a Unix socket: its length in eight bytes, with the crawl's standard output and error attached, then JSON
with the arguments of ``scrapy crawl`` and the environment. Without arguments it is a server of extraction
workers that is asked for, and the line to it is attached in the output's place. The answer is the process id
in eight bytes, a handle of the process attached. The end of the socket is the end of this process; crawls see
that their parent is gone and end as if asked to, and servers of extraction end at once.
"""

import gc
import json
import logging
import os
import pkgutil
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import itemadapter  # noqa: F401 - Scrapy imports it late
import scrapy.cmdline
import scrapy.commands
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

import pipelines
import spiders
from aggregator import config, store
from aggregator.extract import forkserver, nursery, phrasebook
from aggregator.extract.warm import forget, warm
from aggregator.launching import READY, SIZE
from spiders import extensions

_PACKAGES = (spiders, pipelines, store, scrapy.commands)
_CLASSES = (
    "DOWNLOADER", "DUPEFILTER_CLASS", "ITEM_PROCESSOR", "LOG_FORMATTER", "RETRY_EXCEPTIONS", "SCHEDULER",
    "SPIDER_LOADER_CLASS", "STATS_CLASS", "DOWNLOADER_MIDDLEWARES_BASE", "EXTENSIONS_BASE",
    "SPIDER_MIDDLEWARES_BASE",
)  # fmt: skip
"""Scrapy's own settings that name what a crawl imports late."""
_THRESHOLD = gc.get_threshold()


def main(control: socket.socket) -> None:
    """Serve orders until the parent closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _load()
    warm()
    phrases = phrasebook.own_stamp()
    signal.signal(signal.SIGCHLD, _see_off)
    control.sendall(READY)
    while True:
        size, handles, _, _ = socket.recv_fds(control, SIZE.size, 2)
        if len(size) < SIZE.size or not handles:
            return
        order = json.loads(_received(control, SIZE.unpack(size)[0]))
        # A child must not be seen off before there is a handle of it: its number could be another's.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = os.fork()
        if pid == 0:
            control.close()
            out, errors = handles
            _become(order["variables"], errors)
            if order["arguments"] is None:
                _extract(out, phrases)
            _prepare_crawl(out, phrases)
            with suppress(SystemExit):
                scrapy.cmdline.execute(["scrapy", "crawl", *order["arguments"]])
            _leave()
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [SIZE.pack(pid)], [handle])
        for each in (*handles, handle):
            os.close(each)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def _load() -> None:
    """Import what Scrapy would import for a crawl, without its reactor: that is each crawl's own."""
    for package in _PACKAGES:
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if module.name != __name__:
                import_module(module.name)
    for name in _CLASSES:
        named = getattr(default_settings, name)
        for path in [named] if isinstance(named, str) else named:
            load_object(path)


def _received(control: socket.socket, size: int) -> bytes:
    data = control.recv(size, socket.MSG_WAITALL)
    if len(data) < size:
        raise EOFError
    return data


def _see_off(_number: int, _frame: Any) -> None:
    """Reap crawls that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(variables: dict[str, str], errors: int) -> None:
    """Be as a process that was started with this environment, and with this handle for its errors."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    os.environ.clear()
    os.environ.update(variables)
    config.settings.cache_clear()
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)


def _extract(line: int, phrases: object) -> NoReturn:
    """Serve extraction until the line ends; one for whom the phrases are others says nothing and ends."""
    try:
        with socket.socket(fileno=line) as control:
            if phrasebook.own_stamp() == phrases:
                forkserver.serve(control)
    finally:
        os._exit(0)


def _prepare_crawl(out: int, phrases: object) -> None:
    """Have a server of extraction for this crawl, and be ready for Scrapy with this handle as its output."""
    extensions.shared_bytes = extensions.status_bytes("VmRSS") or 0
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if phrasebook.own_stamp() == phrases:
        nursery.fork_server(out)
    else:
        forget()  # the operator has changed his phrases: workers start from nothing and read them
    os.dup2(out, sys.stdout.fileno())
    os.close(out)
    logging.disable(logging.NOTSET)
    gc.set_threshold(*_THRESHOLD)


def _leave() -> NoReturn:
    """End at once: to be taken apart, what is shared would be copied, a seventh of a small crawl's time."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
