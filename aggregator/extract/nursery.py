"""The parent's side of the fork server: starts workers, kills them, starts the server anew if it died.

A server comes from a process that is warm, if there is one: this one itself (``fork_server``), or one that
lends servers (``lent_by``). Else it starts from nothing, which takes two seconds.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Protocol, Self

import aggregator
from aggregator.extract import orders
from aggregator.extract.errors import ExtractCrashError

# Imports and models take 2 s on an idle machine.
_START_SECONDS = 120.0
_TRIES = 3
_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class WorkerHandle:
    """A worker process and the line to it."""

    pid: int
    line: Connection

    def is_alive(self) -> bool:
        """Whether an idle worker still holds its end: a line that ended can be read at once."""
        try:
            return not self.line.poll(0)
        except OSError:
            return False


class Server(Protocol):
    """A server's process, with what is used of ``Popen``."""

    def poll(self) -> int | None:
        """None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; ``subprocess.TimeoutExpired`` if it still runs after so many seconds."""

    def kill(self) -> None:
        """End it at once."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


Begun = tuple[Server, socket.socket]
"""A server, and our end of the line to it."""


class _Forked:
    """A server that this process forked, with what is used of ``Popen``."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._has_ended = False

    def poll(self) -> int | None:
        if not self._has_ended:
            try:
                self._has_ended = os.waitpid(self._pid, os.WNOHANG)[0] != 0
            except ChildProcessError:  # somebody else has seen it off
                self._has_ended = True
        return 0 if self._has_ended else None

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else monotonic() + timeout
        while self.poll() is None:
            if until is not None and monotonic() > until:
                raise subprocess.TimeoutExpired("the extraction server", timeout or 0)
            sleep(_POLL_SECONDS)
        return 0

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()


_forked: list[Begun] = []
"""The server that ``fork_server`` made, until a nursery takes it."""

_lenders: list[Callable[[], Begun]] = []


@contextlib.contextmanager
def lent_by(lend: Callable[[], Begun]) -> Iterator[None]:
    """Take servers from somebody who has a warm process, until the end, even within another one's time.

    ``lend`` raises EOFError when there is none to be had; servers then start from nothing.
    """
    _lenders.append(lend)
    try:
        yield
    finally:
        _lenders.remove(lend)


def fork_server(*unwanted: int) -> None:
    """Fork a server off this process, which must be warm and have no threads; the next nursery uses it.

    ``unwanted`` are handles that the server must not hold: their other ends would never see them closed.
    """
    from aggregator.extract import forkserver  # late: it loads every library of extraction

    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        for handle in unwanted:
            os.close(handle)
        try:
            forkserver.serve(theirs)
        finally:
            os._exit(0)
    theirs.close()
    _forked.append((_Forked(pid), ours))


class Nursery:
    """Starts and ends workers; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._control: socket.socket | None = None
        self._alive: dict[int, WorkerHandle] = {}
        self._is_closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The workers' process ids."""
        return tuple(self._alive)

    def start(self) -> WorkerHandle:
        """A warm worker.

        Raises:
            ExtractCrashError: the server cannot be started, or the nursery is closed.
        """
        with self._lock:
            for _ in range(_TRIES):
                if self._is_closed:
                    break
                with contextlib.suppress(OSError, EOFError):
                    return self._start()
                self._end_server()
        raise ExtractCrashError(
            "no extraction process: python -m aggregator.extract.forkserver ended at once"
        )

    def kill(self, worker: WorkerHandle) -> str:
        """End a worker and say how it ended, for the log."""
        with self._lock:
            worker.line.close()
            if self._alive.pop(worker.pid, None) is None or self._control is None:
                return "ended before"
            try:
                self._control.sendall(orders.KILL + orders.NUMBER.pack(worker.pid))
                return _ending(self._answer())
            except (OSError, EOFError):
                return "its server ended"

    def close(self) -> None:
        """End the server, which ends all workers; nothing can be started afterwards."""
        with self._lock:
            self._is_closed = True
            self._end_server()

    def _start(self) -> WorkerHandle:
        control = self._ensure_server()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(control, [orders.START], [theirs.fileno()])
                pid = self._answer()
            except (OSError, EOFError):
                ours.close()
                raise
        worker = WorkerHandle(pid, Connection(ours.detach()))
        self._alive[pid] = worker
        return worker

    def _answer(self) -> int:
        """A number from the server; EOFError if it is gone."""
        if self._control is None:
            raise EOFError
        data = self._control.recv(orders.NUMBER.size, socket.MSG_WAITALL)
        if len(data) < orders.NUMBER.size:
            raise EOFError
        return int(orders.NUMBER.unpack(data)[0])

    def _ensure_server(self) -> socket.socket:
        if self._control is not None and self._server is not None and self._server.poll() is None:
            return self._control
        for begin in (_taken, _lent, _start_server):
            self._end_server()
            if begun := begin():
                self._server, self._control = begun
                self._control.settimeout(_START_SECONDS)
                if self._control.recv(1) == orders.READY:
                    return self._control
        raise EOFError

    def _end_server(self) -> None:
        """Close our end and see the server off; its workers die with it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            with self._server as server:
                try:
                    server.wait(timeout=2)
                except subprocess.TimeoutExpired:
                    server.kill()
            self._server = None
        self._alive.clear()


def _taken() -> Begun | None:
    """The server that this process has forked, once."""
    return _forked.pop() if _forked else None


def _lent() -> Begun | None:
    """One from somebody else's warm process."""
    with contextlib.suppress(EOFError):
        return _lenders[-1]() if _lenders else None
    return None


def _start_server() -> Begun:
    """A server from nothing."""
    ours, theirs = socket.socketpair()
    with theirs:
        handle = theirs.fileno()
        server = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", "aggregator.extract.forkserver", str(handle)],
            pass_fds=[handle],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_environment(),
        )
    return server, ours


def _environment() -> dict[str, str]:
    """The environment in which the server finds this very package, and numpy starts no threads of its own."""
    root = str(Path(aggregator.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with exit code {os.waitstatus_to_exitcode(status)}"
