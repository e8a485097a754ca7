"""The desk's app, to stand beside the readers' pages in one server."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.config import Settings
from aggregator.console import desk as desks
from aggregator.console import failures
from aggregator.console.desk import Desk
from aggregator.console.headers import DeskHeaders
from aggregator.console.pages import (
    adding,
    api,
    article,
    card,
    jobs,
    lists,
    log,
    login,
    me,
    outlet,
    outlets,
    overview,
    review,
    schedule,
    takedowns,
    watch,
)
from aggregator.store import desk_users
from aggregator.store.engine import Database

_NOT_FOUND = 404
_PARTS = (
    *(login, overview, outlets, adding, card, outlet, review, article),
    *(schedule, takedowns, jobs, watch, me, log, api, lists),
)


@contextmanager
def opened(db: Database, settings: Settings) -> Iterator[tuple[BaseRoute, ...]]:
    """What answers under ``/desk``; as long as there is no user, everything there is not found.

    At the end the work that was begun there is asked to end, and waited for.
    """
    if not settings.desk.enabled:
        yield ()
        return
    desk = desks.build(db, settings)
    try:
        yield _routes(desk)
    finally:
        desk.jobs.stop()


def _routes(desk: Desk) -> tuple[BaseRoute, ...]:
    folder = Path(str(resources.files("aggregator.console"))) / "static"
    pages = [route for part in _PARTS for route in part.routes(desk)]
    app = Starlette(
        routes=[
            *pages,
            Mount("/static", StaticFiles(directory=folder)),
        ],
        middleware=[Middleware(DeskHeaders)],
        exception_handlers=failures.handlers(desk),
    )
    app.router.redirect_slashes = False
    is_open = _Opening(desk.db)

    def front(_request: Request) -> Response:
        if not is_open():
            raise HTTPException(_NOT_FOUND)
        return RedirectResponse("/desk/", desks.SEE_OTHER)

    return Route("/desk", front, methods=["GET"]), Mount("/desk", _Closed(app, is_open))


class _Opening:
    """Whether anybody may work at the desk; asked of the store until somebody may."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_known = False

    def __call__(self) -> bool:
        self._is_known = self._is_known or desk_users.is_anybody(self._db)
        return self._is_known


class _Closed:
    """An app that nobody finds as long as it is not open."""

    def __init__(self, app: ASGIApp, is_open: _Opening) -> None:
        self._app, self._is_open = app, is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or let the site say that there is nothing."""
        if not await run_in_threadpool(self._is_open):
            raise HTTPException(_NOT_FOUND)
        await self._app(scope, receive, send)
