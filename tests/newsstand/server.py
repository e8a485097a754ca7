"""A server on 127.0.0.1 that plays outlets with bad habits, each at a path of its own.

Use: ``from newsstand.server import Habits, habits`` in a test module or in conftest (``habits`` is the
fixture), then ``habits.url("/cut-off.html")``. ``HABITS`` lists the paths; ``play`` adds or replaces one.
"""

import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

import pytest
from newsstand import answers
from newsstand.answers import Answer

from aggregator.model.outlet import Outlet, Politeness, Rights, RightsMode, Seed, SeedKind

Script = tuple[Answer, ...]
_Connection = socket.socket | tuple[bytes, socket.socket]  # as socketserver's types have it; always the first

# The answers to the first, second, … request; the last one repeats.
HABITS: Mapping[str, Script] = MappingProxyType(
    {
        "/robots.txt": (answers.robots(),),
        "/": (Answer(body=b"<html><head><title>Habits</title></head><body><h1>Habits</h1></body></html>"),),
        "/busy.html": (answers.busy(429, "1"), answers.good(1)),
        "/busy-for-hours.html": (answers.busy(429, "7200"),),
        "/busy-until-a-date.html": (answers.busy(429, "Fri, 01 Jan 2100 00:00:00 GMT"),),
        "/busy-nonsense.html": (answers.busy(429, "soon"), answers.good(2)),
        "/unavailable-once.html": (answers.busy(503, None), answers.good(3)),
        "/unavailable.html": (answers.busy(503, None),),
        "/error.html": (Answer(status=500, body=b"error"),),
        "/forbidden.html": (Answer(status=403, body=b"no"),),
        "/missing.html": (Answer(status=404, body=b"not here"),),
        "/gone.html": (Answer(status=410, body=b"gone"),),
        "/moved.html": (answers.moved("/good/4.html"),),
        "/chain/1": (answers.moved("/chain/2"),),
        "/chain/2": (answers.moved("/chain/3", 302),),
        "/chain/3": (answers.moved("/chain/4", 307),),
        "/chain/4": (answers.moved("/good/5.html", 308),),
        "/loop/a": (answers.moved("/loop/b"),),
        "/loop/b": (answers.moved("/loop/a"),),
        "/to-metadata.html": (answers.moved("http://169.254.169.254/latest/meta-data/"),),
        "/to-private.html": (answers.moved("http://10.0.0.1/"),),
        "/to-file.html": (answers.moved("file:///etc/hostname"),),
        "/broken-bytes.html": (answers.broken_bytes(),),
        "/wrong-charset.html": (answers.russian("utf-8"),),
        "/unknown-charset.html": (answers.russian("x-nonsense", '<meta charset="windows-1251">'),),
        "/meta-charset.html": (answers.russian(None, '<meta charset="windows-1251">'),),
        "/no-charset.html": (answers.russian(None),),
        "/shift-jis.html": (answers.japanese(),),
        "/slow.html": (Answer(body=answers.good(6).body, wait_seconds=60),),
        "/dripping.html": (Answer(body=answers.good(7).body, pause_seconds=0.5, pieces=120),),
        "/cut-off.html": (Answer(body=answers.good(8).body, cut_after=700),),
        "/cut-off-chunked.html": (Answer(body=answers.good(9).body, cut_after=700, chunked=True),),
        "/hangs-up.html": (Answer(status=0),),
        "/gzip-bomb.html": (answers.gzip_bomb(),),
        "/false-gzip.html": (Answer(body=answers.good(10).body, headers=(("Content-Encoding", "gzip"),)),),
        "/huge.html": (answers.huge(chunked=False),),
        "/huge-chunked.html": (answers.huge(chunked=True),),
        "/nested.html": (answers.nested(),),
        "/empty.html": (Answer(),),
        "/no-content.html": (Answer(status=204, media_type=None),),
        "/html-feed.xml": (Answer(body=answers.page("Not a feed", ["Subscribe!"]).encode()),),
        "/page.pdf": (answers.pdf("application/pdf"),),
        "/pdf-as-html.html": (answers.pdf("text/html"),),
        "/noarchive.html": (
            Answer(body=answers.good(11).body, headers=(("X-Robots-Tag", "noarchive"),)),
        ),
        "/noindex.html": (Answer(body=answers.good(12).body, headers=(("X-Robots-Tag", "noindex"),)),),
        "/unchanged.html": (Answer(body=answers.good(13).body, headers=(("ETag", '"v1"'),)),),
        "/lying-etag.html": tuple(
            Answer(body=answers.good(number).body, headers=(("ETag", '"always"'), ("X-Lies", "1")))
            for number in (14, 15)
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came in; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Habits:
    """The running server; ``requests`` are those so far, in their order."""

    server: "_Server"
    scripts: dict[str, Script] = field(default_factory=lambda: dict(HABITS))
    requests: list[Request] = field(default_factory=list)
    turns: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        """The address without a closing slash."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path; ``/good/<number>.html`` is always a good article.

        ``/redirect?to=<url>`` redirects anywhere, ``/endless/<number>`` to the next number.
        """
        return self.base + path

    def play(self, path: str, *script: Answer) -> str:
        """Answer a path so from now on; gives its address."""
        with self.lock:
            self.scripts[path] = script
            self.turns.pop(path, None)
        return self.url(path)

    def feed(self, *paths: str, at: str = "/feed.xml") -> str:
        """Serve a feed of these paths; gives the feed's address."""
        return self.play(at, answers.feed([self.url(path) for path in paths]))

    def count(self, path: str) -> int:
        """How often a path was asked for, by GET, since the start or ``forget``."""
        with self.lock:
            return sum(1 for one in self.requests if one.path == path and one.method == "GET")

    def forget(self) -> None:
        """Forget the requests so far; the scripts go on where they are."""
        with self.lock:
            self.requests.clear()

    def outlet(
        self, seed: str = "/feed.xml", kind: SeedKind = SeedKind.FEED, *, allowed: bool = True
    ) -> Outlet:
        """A card for this server; without ``allowed`` its own address is refused by the guard."""
        networks = ("127.0.0.1/32",) if allowed else ()
        return Outlet(
            slug="habits",
            name="Bad Habits",
            homepage=self.url("/"),
            language="en",
            country="GB",
            seeds=(Seed(kind, self.url(seed)),),
            politeness=Politeness(0.0, 8, timeout_seconds=3.0, allow_addresses=networks),
            rights=Rights(mode=RightsMode.LINK),
        )

    def answer(self, request: Request) -> Answer:
        """What the server says to a request, which is counted."""
        parts = urlsplit(request.path)
        with self.lock:
            self.requests.append(request)
            script = self.scripts.get(parts.path)
            if script:
                turn = self.turns[parts.path]
                self.turns[parts.path] += 1
                return _conditional(script[min(turn, len(script) - 1)], request)
        return _by_pattern(parts.path, parts.query)

    def stop(self) -> None:
        """Close the server and all of its connections, also those that are being slow."""
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()


def _conditional(answer: Answer, request: Request) -> Answer:
    headers = dict(answer.headers)
    etag = headers.get("ETag")
    if etag and "X-Lies" not in headers and request.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=answer.headers, media_type=None)
    return answer


def _by_pattern(path: str, query: str) -> Answer:
    folder, _, name = path.strip("/").partition("/")
    number = name.removesuffix(".html")
    if folder == "good" and number.isdigit():
        return answers.good(int(number))
    if folder == "endless" and number.isdigit():
        return answers.moved(f"/endless/{int(number) + 1}")
    if folder == "redirect" and "to" in parse_qs(query):
        return answers.moved(parse_qs(query)["to"][0])
    return Answer(status=404, body=b"not here")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    habits: Habits

    def __init__(self) -> None:
        self.connections: set[_Connection] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: _Connection, client_address: tuple[str, int]) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Connection) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what these tests are about."""

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                assert isinstance(connection, socket.socket)
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.habits.answer(Request(self.command, self.path, headers))
        self._wait(answer.wait_seconds)
        if answer.status == 0:
            self.close_connection = True
            return
        self._head(answer)
        if self.command == "GET" and answer.status not in {204, 304}:
            self._body(answer)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.media_type:
            self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(answer.body) * answer.repeat))
        self.end_headers()

    def _body(self, answer: Answer) -> None:
        body = answer.body[: answer.cut_after]
        size = max(1, -(-len(body) // answer.pieces))
        for _ in range(answer.repeat):
            for start in range(0, len(body), size):
                piece = body[start : start + size]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
                self._wait(answer.pause_seconds)
        if answer.cut_after is not None:
            self.close_connection = True
        elif answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        if seconds and self.server.habits.stopping.wait(seconds):
            raise ConnectionAbortedError

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's own signature
        """Keep the tests' output clean."""


@pytest.fixture
def habits() -> Iterator[Habits]:
    """A fresh server with all bad habits."""
    server = _Server()
    server.habits = Habits(server)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="habits", daemon=True
    )
    thread.start()
    yield server.habits
    server.habits.stop()
    thread.join(5)
