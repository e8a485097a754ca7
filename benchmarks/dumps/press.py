"""Invented outlets on loopback, behind a proxy: many pages of one kind and size, for long crawls."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dumps.filling import Writer
from replayed import Replay

OUTLETS, PAGES = 200, 50
LINKS: Final = 150
"""Links in each of header, aside and footer: a page has about 40 kB, and mostly what is no article."""


class Press:
    """What the outlets have, by address; the same for one seed."""

    def __init__(self) -> None:
        self._writer, self._pick = Writer(), random.Random(5)
        self.now = datetime.now(UTC)
        self.hosts = [f"press{number}.example" for number in range(OUTLETS)]

    def body(self, url: str) -> tuple[str, bytes] | None:
        """Type and body of what an address has."""
        asked = urlsplit(url)
        if asked.path == "/feed.xml":
            return "application/rss+xml", self._feed(str(asked.hostname)).encode()
        if asked.path.startswith("/news/"):
            return "text/html; charset=utf-8", self._page(int(asked.path.rsplit("/", 1)[1])).encode()
        return None

    def _feed(self, host: str) -> str:
        items = "".join(
            f"<item><title>No. {n}</title><link>http://{host}/news/{n}</link><guid>http://{host}/news/{n}</guid>"
            f"<pubDate>{format_datetime(self.now - timedelta(minutes=n))}</pubDate></item>"
            for n in range(PAGES)
        )
        return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'

    def _page(self, number: int) -> str:
        blocks = [str(block[2]) for block in self._writer.text("en")]
        title, at = " ".join(blocks[0].split()[:8]), self.now - timedelta(minutes=number)
        links = "".join(
            f'<li><a href="/news/{n}">{" ".join(blocks[n % 12].split()[:6])}</a></li>' for n in range(LINKS)
        )
        paragraphs = "".join(f"<p>{block}</p>" for block in blocks)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta property="og:type" content="article"><meta property="article:published_time" '
            f'content="{at.isoformat()}"></head><body><nav><ul>{links}</ul></nav><main><article><h1>{title}</h1>'
            f"{paragraphs}</article></main><aside><ul>{links}</ul></aside><footer><ul>{links}</ul></footer></body></html>"
        )


@contextmanager
def printing() -> Iterator[Replay]:
    """Run the press on a free port; its cards and settings are those of a replay."""
    press, lock = Press(), threading.Lock()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                found = press.body(self.path)
            kind, body = found or ("text/plain", b"not here")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        proxy = f"http://127.0.0.1:{server.server_address[1]}"
        yield Replay(Path(), proxy, {host: {} for host in press.hosts})
    finally:
        server.shutdown()
        server.server_close()
