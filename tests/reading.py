"""Somebody who reads a running site through real connections."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from aggregator.config import ApiSettings, Settings, SiteSettings
from aggregator.site.app import create_app
from aggregator.site.server import build_server, listen, run
from aggregator.store import editions
from aggregator.store.engine import Database


@dataclass(frozen=True)
class Answer:
    """What the site answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the site, and a database that is its store."""

    port: int
    db: Database

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Send a form as a browser does."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        sent |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        try:
            connection.request("POST", path, urlencode(fields).encode(), sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def address(self, headline: str) -> str:
        """The path of the publication with this headline."""
        items = editions.front(self.db, limit=500).items
        found = next(each for each in items if each.headline == headline)
        return f"/article/{found.id}"

    def page(self, headline: str) -> Answer:
        """The page of the publication with this headline, after the redirect to its slug."""
        first = self.get(self.address(headline))
        return self.get(first.headers["location"]) if first.status == 301 else first


@contextmanager
def site_over(
    db: Database,
    *,
    contact: str | None = None,
    routes: Mapping[str, Callable[[Request], Response]] | None = None,
    per_minute: int = 0,
    proxies: tuple[str, ...] = (),
    pictures: Path = Path("nothing-here"),
    name: str = "The Test",
    install: Callable[[Starlette, Database, Settings], None] | None = None,
) -> Iterator[Reader]:
    """The site over a database, answering on a free port; ``routes`` are more paths that it answers.

    ``install`` adds to the app what is not the site's own.
    """
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    chosen = SiteSettings(name=name, base_url=f"http://127.0.0.1:{port}", contact=contact, proxies=proxies)
    settings = Settings(
        site=chosen, api=ApiSettings(requests_per_minute=per_minute), pictures=pictures.absolute()
    )
    app = create_app(db, settings)
    for path, answer in (routes or {}).items():
        app.add_route(path, answer)
    if install is not None:
        install(app, db, settings)
    server = build_server(app, "127.0.0.1", port)
    thread = threading.Thread(target=run, args=(server, listener))
    thread.start()
    try:
        yield Reader(port, db)
    finally:
        server.should_exit = True
        thread.join(20)
