"""A gate before an outlet: what it serves under another address, with another robots.txt if told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASSED = ("content-type", "etag", "last-modified")


@dataclass
class Gate:
    """The address of the gate; ``robots`` is what its robots.txt says instead of the outlet's own."""

    base: str
    robots: str | None = None


@contextmanager
def gate(outlet: str) -> Iterator[Gate]:
    """Open a gate before the outlet at this address until the end of the block."""
    behind = outlet.rstrip("/")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = 200, {"content-type": "text/plain"}, (opened.robots or "").encode()
            if self.path != "/robots.txt" or opened.robots is None:
                status, headers, body = self._asked()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _asked(self) -> tuple[int, dict[str, str], bytes]:
            connection = HTTPConnection(urlsplit(behind).netloc, timeout=20)
            connection.request("GET", self.path)
            answer = connection.getresponse()
            body = answer.read().replace(behind.encode(), opened.base.encode())
            connection.close()
            kept = {name: value for name in PASSED if (value := answer.getheader(name))}
            return answer.status, kept, body

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
            """Nothing: tests read the store."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    opened = Gate(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
