"""The web server: one process that answers readers until it is asked to stop."""

import errno
import gc
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from aggregator.errors import ConfigError, PortBusyError
from aggregator.extract import phrasebook

GOODBYE_SECONDS = 5  # for requests under way when the server is asked to stop
BACKLOG = 2048  # connections that wait while the server is busy; the system may allow fewer
_STOPPING = (signal.SIGINT, signal.SIGTERM)

TURN_SECONDS = 0.0005
"""How long one thread computes while another waits: by Python's own 5 ms each step of a short answer waits as
long as the answer takes while a long one is being made."""

YOUNG_OBJECTS = 10_000
"""New objects between two looks for circles of garbage: a page makes a thousand that live on, no circle."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that holds the port from now on; port 0 takes a free one.

    Raises:
        PortBusyError: another program listens there.
        ConfigError: the host is not an address of this machine, or the port is not for us.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}: {error.strerror}: set [site] host") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(
                f"port {port} on {host} is busy: stop the other program or set [site] port / --port"
            ) from error
        raise ConfigError(
            f"cannot listen on port {port} of {host}: {error.strerror}: set [site] host and port"
        ) from error
    return listener


def build_server(app: Starlette, host: str, port: int, *, access_log: bool = False) -> uvicorn.Server:
    """A quiet server for the app, not yet started; ``run`` starts it, its ``should_exit`` ends it."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        log_level="info" if access_log else "warning",
        access_log=access_log,
        server_header=False,
        proxy_headers=False,  # the app believes those that the settings name, and uvicorn the whole machine
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )
    return uvicorn.Server(config)


def answer_evenly() -> None:
    """Have this process, which is about to serve, give short answers as soon beside long ones.

    What has been loaded until now is not looked through for garbage again: that took a tenth of a second, as
    long as ten pages, and some page had to wait for it.
    """
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


def run(server: uvicorn.Server, listener: socket.socket | None = None) -> None:
    """Answer until SIGINT, SIGTERM or ``should_exit``, then return normally.

    ``listener`` is from ``listen``, for a caller that wants to be sure of the port before it starts
    anything else; without it the port is taken here.

    Raises:
        PortBusyError: another program listens on the port.
    """
    # What an article's changes are told by takes half a second to read: not while its reader waits.
    threading.Thread(target=phrasebook.book, name="phrases", daemon=True).start()
    held = listener or listen(server.config.host, server.config.port)
    with held, _stopped_by_signals(server):
        server.run(sockets=[held])


def serve(app: Starlette, host: str, port: int) -> None:
    """Listen on the port and answer readers until SIGINT or SIGTERM.

    Raises:
        PortBusyError: another program listens on the port.
    """
    run(build_server(app, host, port))


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    # uvicorn raises the signal that stopped it once more when it is done; a clean stop is no error.
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
