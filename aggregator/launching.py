"""Launching: a crawl's process starts from nothing, or is forked from one that is warm.

A crawl from nothing imports for seconds before it asks for its first page: Scrapy and the spiders, then the
libraries and language models of extraction. Whoever starts many crawls keeps a process that has them all
(``kept_warm``), and each crawl is a fork of it: there in milliseconds, and sharing its memory. So are the
servers of extraction workers that he needs himself.
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Self, TypeVar

from aggregator import config, project
from aggregator.errors import CrawlError
from aggregator.extract import nursery

SIZE = struct.Struct("!q")
"""Before each order its length in bytes, and in each answer a process id."""

READY = b"R"
MODULE = "spiders.warm"
_START_SECONDS = 120.0
_TRIES = 2  # one for a warm process that has died meanwhile
_STDERR = 2
_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
"""Large blocks go back to the system at once; glibc would learn to keep them: a quarter of peak memory."""

_Begun = TypeVar("_Begun")


@dataclass(frozen=True, slots=True, eq=False)
class WarmProcess:
    """What the warm process forked; used as ``subprocess.Popen`` is. A crawl's output can be read.

    It is known by a handle and not by its number, which may come to be another process's.
    """

    handle: int
    stdout: IO[str] | None = None

    def poll(self) -> int | None:
        """0 when it has ended, however it did, else None."""
        return 0 if self._ends_within(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """0 when it has ended.

        Raises:
            subprocess.TimeoutExpired: it still runs after so many seconds.
        """
        if not self._ends_within(timeout):
            raise subprocess.TimeoutExpired("what the warm process forked", timeout or 0)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended gets none."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give the handle back."""
        os.close(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()
        self.close()

    def _ends_within(self, seconds: float | None) -> bool:
        waiting = select.poll()  # select() itself knows no handles from 1,024 on
        waiting.register(self.handle, select.POLLIN)
        return bool(waiting.poll(None if seconds is None else seconds * 1000))


Process = subprocess.Popen[str] | WarmProcess


class Warm:
    """The warm process: started with the first order, anew if it died; safe to use from many threads.

    An order is for a crawl, or for a server of extraction. A patient one keeps nobody waiting: it is made
    ready beside the second order, and what is asked for until then starts from nothing. Who makes one crawl
    only has no use for it. It is begun once: where it cannot start, all start from nothing.
    """

    def __init__(self, *, is_patient: bool = False) -> None:
        self._lock = threading.Lock()
        self._is_patient = is_patient
        self._asked = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._is_begun = False
        self._is_over = False

    @property
    def pid(self) -> int | None:
        """Its process id; None before the first order and after its end."""
        return None if self._server is None else self._server.pid

    @property
    def is_ready(self) -> bool:
        """Whether the next order will be a fork."""
        return self._control is not None

    def start(self, arguments: Sequence[str], variables: Mapping[str, str]) -> WarmProcess:
        """A crawl.

        Raises:
            EOFError: the warm process cannot be started, or is not ready and patient.
        """
        order = _order(variables, arguments)
        return self._begin(variables, lambda control: _crawl(order, control))

    def lend(self) -> tuple[WarmProcess, socket.socket]:
        """A server of extraction workers with this process's environment, and our end of the line to it.

        One that would read other phrases than the warm process has ends before it says that it is ready.

        Raises:
            EOFError: as ``start``.
        """
        variables = _whole(os.environ) | {"AGGREGATOR_HOME": str(config.home())}
        order = _order(variables, None)
        return self._begin(variables, lambda control: _extraction(order, control))

    def _begin(self, variables: Mapping[str, str], begin: Callable[[socket.socket], _Begun]) -> _Begun:
        self._asked += 1
        if self._is_patient and self._control is None:
            if self._asked > 1 and not self._is_begun:
                self._is_begun = True
                threading.Thread(target=self.prepare, args=(variables,), daemon=True).start()
            raise EOFError("the warm process is not ready yet")
        with self._lock:
            for _ in range(_TRIES):
                with contextlib.suppress(OSError, EOFError):
                    return begin(self._ensure_server(variables))
                self._end_server()
        raise EOFError("the warm process ended")

    def prepare(self, variables: Mapping[str, str]) -> None:
        """Start the warm process before it is asked for a crawl; what is wrong shows with the next crawl."""
        with self._lock, contextlib.suppress(OSError, EOFError):
            self._ensure_server(_whole(variables))
        self._is_begun = False

    def end(self) -> None:
        """End the warm process; the crawls it forked see that and end as if asked to."""
        self._is_over = True
        if self._server is not None:
            self._server.kill()  # whoever waits for its start waits no longer
        with self._lock:
            self._end_server()

    def _end_server(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def _ensure_server(self, variables: Mapping[str, str]) -> socket.socket:
        if self._control is not None:
            return self._control
        if self._is_over:
            raise EOFError("the warm process has ended for good")
        ours, theirs = socket.socketpair()
        with theirs:
            handle = theirs.fileno()
            self._server = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                [sys.executable, "-m", MODULE, str(handle)],
                cwd=project.root(),
                env=dict(variables) | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                pass_fds=[handle],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        if ours.recv(1) != READY:
            ours.close()
            raise EOFError("the warm process ended while it started")
        self._control = ours
        return ours


def _order(variables: Mapping[str, str], arguments: Sequence[str] | None) -> bytes:
    return json.dumps({"arguments": arguments, "variables": dict(variables)}).encode()


def _crawl(order: bytes, control: socket.socket) -> WarmProcess:
    ours, theirs = os.pipe()
    stdout = os.fdopen(ours, encoding="utf-8")
    try:
        return WarmProcess(_handle(order, theirs, control), stdout)
    except (OSError, EOFError):
        stdout.close()
        raise
    finally:
        os.close(theirs)


def _extraction(order: bytes, control: socket.socket) -> tuple[WarmProcess, socket.socket]:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            return WarmProcess(_handle(order, theirs.fileno(), control)), ours
        except (OSError, EOFError):
            ours.close()
            raise


def _handle(order: bytes, theirs: int, control: socket.socket) -> int:
    """A handle of the process that is forked for an order, and has ``theirs``."""
    socket.send_fds(control, [SIZE.pack(len(order))], [theirs, _STDERR])
    control.sendall(order)
    answer, handles, _, _ = socket.recv_fds(control, SIZE.size, 1)
    if handles:
        return handles[0]
    raise EOFError(f"the warm process answered {answer!r}")


_warm: list[Warm] = []
"""The warm processes of this program; the last one is used."""


@contextlib.contextmanager
def kept_warm(*, is_patient: bool = False) -> Iterator[Warm | None]:
    """Fork crawls and extraction from a warm process until the end, even within another one's time.

    It is there with the first order, or patiently, as ``Warm`` tells. Where the system has no handles of
    processes (Linux has), all start from nothing as ever.
    """
    if not hasattr(os, "pidfd_open"):
        yield None
        return
    made = Warm(is_patient=is_patient)
    _warm.append(made)
    try:
        with nursery.lent_by(made.lend):
            yield made
    finally:
        _warm.remove(made)
        made.end()


def start(arguments: Sequence[str], variables: Mapping[str, str]) -> Process:
    """Start ``scrapy crawl`` with these arguments, its standard output a pipe, in a session of its own.

    ``variables`` is the whole environment but for what Python needs to find the project.

    Raises:
        CrawlError: there is no project, or the process cannot be started.
    """
    variables = _whole(variables)
    if _warm:
        # What is wrong with the warm process is wrong with a crawl from nothing, too, or is no matter then.
        with contextlib.suppress(EOFError):
            return _warm[-1].start(arguments, variables)
    try:
        return subprocess.Popen(  # noqa: S603 - our own program; slugs and URLs are single arguments
            [sys.executable, "-m", "scrapy", "crawl", *arguments],
            cwd=project.root(),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches us alone; we ask the crawl to end
        )
    except OSError as error:
        raise CrawlError(f"a crawl cannot be started: {error}") from error


def _whole(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Python finds the project."""
    path = os.pathsep.join(filter(None, [str(project.root()), variables.get("PYTHONPATH")]))
    return _ALLOCATOR | dict(variables) | {"PYTHONPATH": path}
