"""The newsstand's server: all outlets on their ports of 127.0.0.1, in a thread of its own."""

import errno
import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import uvicorn

from aggregator import clock as real_clock
from aggregator import project
from aggregator.errors import AggregatorError, ConfigError, PortBusyError
from aggregator.model.outlet import Outlet
from aggregator.newsstand import cards, content
from aggregator.newsstand.app import Clock, create_app
from aggregator.newsstand.newsroom import Newsroom

ADDRESS = "127.0.0.1"
STATE_FILE = "newsstand.json"
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_BACKLOG = 128


class Newsstand:
    """The running newsstand; also a context manager that stops at its end.

    ``urls`` maps each outlet's slug to its home page; ``newsroom`` knows every article's address.
    """

    def __init__(self, server: uvicorn.Server, thread: threading.Thread, newsroom: Newsroom) -> None:
        self._server, self._thread = server, thread
        self.newsroom = newsroom
        self.urls: Mapping[str, str] = MappingProxyType(
            {slug: f"{base}/" for slug, base in newsroom.bases.items()}
        )

    def cards(self, folder: Path | None = None) -> list[Outlet]:
        """The outlets' cards with the addresses that they are served on; ``folder`` holds the originals."""
        return cards.cards(folder or project.demo_data() / content.CARDS_FOLDER, self.newsroom.bases)

    def write_cards(self, folder: Path) -> None:
        """Write these cards into a folder, one TOML file each."""
        cards.write(self.cards(), folder)

    def stop(self) -> None:
        """Close all ports; answers under way get a moment to end."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    state: Path,
    *,
    ports: Mapping[str, int] | None = None,
    folder: Path | None = None,
    clock: Clock = real_clock.now,
) -> Newsstand:
    """Serve the demo until ``stop``.

    Args:
        state: folder that remembers the first start, from which all dates count; made if missing.
        ports: port by slug where it differs from the outlet's own; 0 takes any free one.
        folder: the demo's content; by default what comes with the program.
        clock: what time it is.

    Raises:
        PortBusyError: another program listens on a port; names port and outlet.
        ConfigError: a file of the content or of the state is wrong.
    """
    demo = content.read(folder or project.demo_data())
    wanted = {slug: (ports or {}).get(slug, outlet.port) for slug, outlet in demo.outlets.items()}
    first_start = _first_start(state, clock)
    sockets = _listen(wanted)
    bound = {slug: sock.getsockname()[1] for slug, sock in sockets.items()}
    newsroom = Newsroom(demo, {slug: f"http://{ADDRESS}:{port}" for slug, port in bound.items()}, first_start)
    app = create_app(newsroom, {port: slug for slug, port in bound.items()}, clock)
    config = uvicorn.Config(
        app, loop="asyncio", http="h11", ws="none", lifespan="off", log_config=None, access_log=False,
        timeout_graceful_shutdown=2, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": list(sockets.values())}, name="newsstand", daemon=True
    )
    thread.start()
    _await_start(server, thread)
    return Newsstand(server, thread, newsroom)


def _listen(ports: Mapping[str, int]) -> dict[str, socket.socket]:
    """Bind all ports or none."""
    with ExitStack() as opened:
        sockets = {}
        for slug, port in ports.items():
            sock = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((ADDRESS, port))
                sock.listen(_BACKLOG)
            except OSError as error:
                raise _port_error(slug, port, error) from error
            sockets[slug] = sock
        opened.pop_all()
    return sockets


def _port_error(slug: str, port: int, error: OSError) -> PortBusyError:
    if error.errno == errno.EADDRINUSE:
        return PortBusyError(
            f"{ADDRESS}:{port} (demo outlet {slug}): another program listens there; end it and try again"
        )
    return PortBusyError(f"{ADDRESS}:{port} (demo outlet {slug}): cannot listen: {error.strerror or error}")


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            server.should_exit = True
            raise AggregatorError("the demo newsstand did not start; run again with --log json to see why")
        time.sleep(0.01)


def _first_start(state: Path, clock: Clock) -> datetime:
    file = state / STATE_FILE
    try:
        moment = datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["first_start"])
    except FileNotFoundError:
        moment = clock().replace(microsecond=0)
        state.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"first_start": moment.isoformat()}) + "\n", encoding="utf-8")
        fresh.replace(file)
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{file}: not the newsstand's memory of its first start; delete it to start the demo anew"
        ) from error
    if moment.tzinfo is None:
        raise ConfigError(f"{file}: first_start has no time zone; delete the file to start the demo anew")
    return moment
