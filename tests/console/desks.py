"""Somebody who works at the desk of a running site, through real connections."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from reading import Answer

from aggregator import clock
from aggregator.config import DeskSettings, Settings, SiteSettings
from aggregator.console import app as console
from aggregator.model.desk import Role
from aggregator.passwords import hashed
from aggregator.site.app import create_app
from aggregator.site.server import build_server, listen, run
from aggregator.store import desk_users
from aggregator.store.engine import Database

PASSWORD = "seven gulls on a pier"  # noqa: S105 - of invented people


@dataclass
class Worker:
    """A browser without a window: keeps cookies, fills in the forms of pages."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    secure: bool = False

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            for line in response.headers.get_all("set-cookie", []):
                self._keep(line)
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Mapping[str, str | list[str]], **headers: str) -> Answer:
        """Send a form as a browser does."""
        sent = {"Content_Type": "application/x-www-form-urlencoded", "Origin": self.base} | headers
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), **sent)

    def form(self, path: str) -> str:
        """What the last form of a page carries."""
        return unescape(re.findall(r'name="form" value="([^"]+)"', self.get(path).text)[-1])

    def log_in(self, name: str, password: str = PASSWORD, **more: str) -> Answer:
        fields = {"name": name, "password": password, "form": self.form("/desk/login")} | more
        return self.post("/desk/login", fields)

    def act(self, page: str, path: str, **fields: str | list[str]) -> Answer:
        """Open a page, and send a form of its session."""
        return self.post(path, fields | {"form": self.form(page)})


@dataclass
class Site:
    """A running site with a desk."""

    port: int
    db: Database
    settings: Settings

    def worker(self, name: str = "", password: str = PASSWORD) -> Worker:
        """Somebody new; logged in if named."""
        worker = Worker(self.port)
        if name:
            answer = worker.log_in(name, password)
            assert answer.status == 303, answer.text
        return worker


@contextmanager
def desk_over(
    db: Database, home: Path, desk: DeskSettings | None = None, **settings: object
) -> Iterator[Site]:
    """The site with its desk over a database, on a free port; folders lie in ``home``."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    base_url = str(settings.pop("base_url", f"http://127.0.0.1:{port}"))
    proxies = ("127.0.0.1",) if settings.pop("is_behind_proxy", False) else ()
    made = Settings(
        site=SiteSettings(name="The Test", base_url=base_url, port=port, proxies=proxies),
        desk=desk or DeskSettings(),
        outlets=home / "outlets",
        pages=home / "pages",
        **settings,  # type: ignore[arg-type]
    )
    with console.opened(db, made) as desk_routes:
        server = build_server(create_app(db, made, beside=desk_routes), "127.0.0.1", port)
        thread = threading.Thread(target=run, args=(server, listener))
        thread.start()
        try:
            yield Site(port, db, made)
        finally:
            server.should_exit = True
            thread.join(20)


@cache
def password_hash() -> str:
    return hashed(PASSWORD)


def add_users(db: Database) -> None:
    """One user of each role; all have one password."""
    for name, role in (("vera", Role.VIEWER), ("ed", Role.EDITOR), ("olga", Role.OPERATOR)):
        desk_users.add(db, name, role, password_hash(), clock.now())
