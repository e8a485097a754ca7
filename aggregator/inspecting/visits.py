"""Visits: a site asked over HTTP, and one of our own started for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urljoin, urlsplit

from starlette.applications import Starlette

from aggregator.checking.finding import Document
from aggregator.errors import SiteSilentError
from aggregator.site import server as web

TIMEOUT_SECONDS = 30.0
REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
LARGEST_BYTES = 50_000_000  # the sitemap protocol's own limit; no document of ours is larger
_HEADERS = {"User-Agent": "aggregator-check", "Accept": "*/*"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Asks a site whose links begin with ``base_url`` at the address ``at``, where it listens.

    They differ when a site is asked beside the web server that stands before it.
    """

    base_url: str
    at: str

    def followed(self, url: str) -> Document:
        """The same after redirects within the site, as a reader gets it; the last one if they never end."""
        found = self.get(url)
        for _ in range(REDIRECTS):
            target = urljoin(found.url, found.headers.get("location", ""))
            if found.status not in _MOVED or not target.startswith(self.base_url):
                break
            found = self.get(target)
        return found

    def get(self, url: str) -> Document:
        """What the site answers under one of its own addresses; redirects are answers.

        Raises:
            SiteSilentError: nobody listens there, or the answer breaks off.
        """
        parts = urlsplit(self.at.rstrip("/") + url.removeprefix(self.base_url.rstrip("/")))
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.netloc, timeout=TIMEOUT_SECONDS)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers=_HEADERS)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Document(url, answer.status, headers, answer.read(LARGEST_BYTES))
        except (OSError, HTTPException) as error:
            raise SiteSilentError(
                f"{url}: no answer from {parts.netloc} ({error}); is the site up?"
            ) from error
        finally:
            connection.close()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The app on a free port of this machine while the context is open; its address."""
    listener = web.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = web.build_server(app, "127.0.0.1", port)
    thread = threading.Thread(target=web.run, args=(server, listener), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(web.GOODBYE_SECONDS * 2)
