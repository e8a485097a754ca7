"""Requests at moments fixed before the first is sent, so that a slow answer cannot hold back the next ones.

Each time counts from the moment that the request was due, as readers wait (no coordinated omission), until
the system handed over the last byte. What this process then does with the answer is not the site's time:
beside a site that needs few milliseconds, a client that computes as long would be half of what is told.
"""

import json
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import h11

PER_SECOND: Final = 20
CHUNK: Final = 1 << 16


@dataclass
class Asked:
    """A request on its way: its number, and what has come of it."""

    number: int
    due: float
    status: int = 0
    size: int = 0
    ended: float = 0.0


@dataclass
class Connection:
    """A connection that is kept, as browsers keep theirs."""

    socket: socket.socket
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.CLIENT))
    asked: Asked | None = None

    def send(self, message: bytes, request: h11.Request, asked: Asked) -> None:
        """Ask; ``message`` is ``request`` as it travels."""
        self.asked = asked
        self.socket.sendall(message)
        self.http.send(request)
        self.http.send(h11.EndOfMessage())

    def is_closed(self) -> bool:
        """Whether the other side has ended it."""
        try:
            return not self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def receive(self) -> Asked | None:
        """What was asked if the answer is there now."""
        data = self.socket.recv(CHUNK)
        now = time.monotonic()
        self.http.receive_data(data)
        asked = self.asked
        if asked is None:
            raise SystemExit(f"the site said {data!r} without having been asked")
        while (event := self.http.next_event()) is not h11.NEED_DATA:
            match event:
                case h11.Response():
                    asked.status = event.status_code
                case h11.Data():
                    asked.size += len(event.data)
                case h11.EndOfMessage():
                    asked.ended, self.asked = now, None
                    self.http.start_next_cycle()
                    return asked
                case _:
                    raise SystemExit(f"the site ended an answer before its end: {event}")
        return None


class Asking:
    """Asks a site: as many connections as there are requests on their way."""

    def __init__(self, base: str) -> None:
        self.host, self.port = urlsplit(base).hostname or "", urlsplit(base).port or 80
        self.waiting = select.epoll()
        self.open: dict[int, Connection] = {}

    def request(self, path: str, cookie: str) -> tuple[bytes, h11.Request]:
        """A request for a path, as it travels and as it is."""
        headers = [("Host", f"{self.host}:{self.port}"), ("Accept-Encoding", "gzip"), ("Accept", "*/*")]
        request = h11.Request(
            method="GET", target=path, headers=[*headers, *([("Cookie", cookie)] if cookie else [])]
        )
        return bytes(h11.Connection(h11.CLIENT).send(request) or b""), request

    def idle(self) -> Connection:
        """A connection on which nothing is awaited; what the site closed, as it does after a while, goes."""
        for number, each in list(self.open.items()):
            if each.asked is None and not each.is_closed():
                return each
            if each.asked is None:
                self.drop(number)
        made = Connection(socket.create_connection((self.host, self.port)))
        made.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.waiting.register(made.socket, select.EPOLLIN)
        self.open[made.socket.fileno()] = made
        return made

    def drop(self, number: int) -> None:
        """Have done with a connection."""
        self.waiting.unregister(number)
        self.open.pop(number).socket.close()

    def until(self, moment: float | None) -> list[Asked]:
        """What was answered until then; without a moment, until nothing is awaited any more."""
        done = []
        while any(each.asked for each in self.open.values()):
            left = None if moment is None else moment - time.monotonic()
            if left is not None and left <= 0:
                break
            for number, _ in self.waiting.poll(left):
                if self.open[number].asked is None and self.open[number].is_closed():
                    self.drop(number)
                else:
                    done += filter(None, [self.open[number].receive()])
        if moment is not None:
            time.sleep(max(moment - time.monotonic(), 0))
        return done


def asked(base: str, paths: list[str], cookie: str) -> list[tuple[float, int, int]]:
    """For each path in turn the milliseconds, the status and the bytes of the body as it travelled.

    A ``{}`` in the cookie is another word in each request.
    """
    asking, first = Asking(base), time.time_ns()
    requests = [
        asking.request(path, cookie.format(first + number) if cookie else "")
        for number, path in enumerate(paths)
    ]
    start, done = time.monotonic() + 0.1, list[Asked]()
    for number, (message, request) in enumerate(requests):
        due = start + number / PER_SECOND
        done += asking.until(due)
        asking.idle().send(message, request, Asked(number, due))
    done += asking.until(None)
    done.sort(key=lambda each: each.number)
    return [((each.ended - each.due) * 1000, each.status, each.size) for each in done]


def main() -> None:
    """Read an address, paths and a cookie as JSON, ask, and write what came of each."""
    told: dict[str, Any] = json.load(sys.stdin)
    json.dump(asked(told["base"], told["paths"], told["cookie"]), sys.stdout)


if __name__ == "__main__":
    main()
