"""The process that is warm and forks workers: run as ``python -m aggregator.extract.forkserver FD``.

Python's own forkserver imports the parent's main module into every worker (for ``python -m scrapy`` all of
Scrapy). This one knows nothing but extraction, forks in milliseconds, and shares its memory with its workers.

Orders come over a Unix socket, one byte each: ``S`` with a socket attached starts a worker on it, the answer
is its pid in eight bytes; ``K`` and eight bytes kill a worker, the answer is its wait status. The end of the
socket is the end of the server, and its end kills the workers, so that no orphan outlives a killed parent.
A process that is warm itself forks one (``aggregator.extract.nursery.fork_server``) instead of starting it.
"""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys

from aggregator.extract import worker
from aggregator.extract.orders import KILL, NUMBER, READY, START
from aggregator.extract.warm import warm

_PR_SET_PDEATHSIG = 1
# A worker starts at 0.3 GB of address space, the largest pages of 777 took it to 0.4 GB, 4 MB of pure text to
# 0.55 GB. A page that wants more than this would end in the kernel's out-of-memory killer, which may pick
# another process.
LARGEST_ADDRESS_SPACE_BYTES = 2 * 1024**3


def serve(control: socket.socket) -> None:
    """Serve orders until the parent closes its end; the process is warm."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    control.sendall(READY)
    while True:
        order, handles, _, _ = socket.recv_fds(control, 1, 1)
        if order == START and handles:
            _start(control, handles[0])
        elif order == KILL:
            _kill(control)
        else:
            return


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent ends; elsewhere the closed socket has to do."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _start(control: socket.socket, handle: int) -> None:
    server = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        _be_worker(handle, server)
    os.close(handle)
    control.sendall(NUMBER.pack(pid))


def _be_worker(handle: int, server: int) -> None:
    """Work until the socket ends, then leave without the parent's exit handlers."""
    status = 1
    try:
        die_with_parent()
        if os.getppid() != server:
            return  # it had ended before it was asked for: nobody would end a page that hangs
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (LARGEST_ADDRESS_SPACE_BYTES, LARGEST_ADDRESS_SPACE_BYTES))
        worker.serve(handle)
        status = 0
    finally:
        os._exit(status)


def _kill(control: socket.socket) -> None:
    """Kill and reap a worker; only here are workers reaped, so a pid cannot mean another process."""
    (pid,) = NUMBER.unpack(control.recv(NUMBER.size, socket.MSG_WAITALL))
    status = 0
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    control.sendall(NUMBER.pack(status))


if __name__ == "__main__":
    die_with_parent()
    warm()
    serve(socket.socket(fileno=int(sys.argv[1])))
