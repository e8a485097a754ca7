"""The desk as its pages see it: the store, the settings, who asks, and the templates."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from aggregator import clock, passwords
from aggregator.config import DeskSettings, Settings
from aggregator.console import cookies, forms, wording
from aggregator.console.begun import Begun
from aggregator.console.errors import FormUsed, NotLoggedIn
from aggregator.console.figures import Figures
from aggregator.console.jobs import Jobs
from aggregator.console.planned import Plans
from aggregator.console.shelf import Shelf
from aggregator.console.visitor import Visitor
from aggregator.errors import AggregatorError
from aggregator.model.desk import Action, Lifetime, Outcome, Scope
from aggregator.site.compiled import Compiled
from aggregator.store import audit, desk_sessions
from aggregator.store.engine import Database

SEE_OTHER = 303
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that somebody asks for."""

    request: Request
    visitor: Visitor

    def query(self, name: str) -> str:
        """A value of the address's query, of bounded length; empty if there is none."""
        return self.request.query_params.get(name, "").strip()[:200]

    def number(self) -> int:
        """The number in the path."""
        return int(self.request.path_params["number"])

    def word(self, name: str = "slug") -> str:
        """A word in the path."""
        return str(self.request.path_params[name])


@dataclass(frozen=True, slots=True)
class Posted(Asked):
    """A form that somebody has sent."""

    fields: forms.Fields


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of the desk is made with."""

    db: Database
    settings: Settings
    templates: Environment
    lifetime: Lifetime
    shelf: Shelf
    figures: Figures
    plans: Plans
    begun: Begun
    jobs: Jobs

    @property
    def base_url(self) -> str:
        """The site's address."""
        return self.settings.site.base_url

    def page(self, template: str, visitor: Visitor | None, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from a template."""
        request_facts = {"visitor": visitor, "site": self.settings.site, "now": clock.now()}
        made = self.templates.get_template(template).render(request_facts | values)
        return HTMLResponse(made, status_code=status)

    def visitor(self, request: Request) -> Visitor:
        """The person of the request's session.

        Raises:
            NotLoggedIn: there is no such session, or it is over.
        """
        secret = cookies.read(request, cookies.SESSION, self.base_url)
        key = passwords.digest(secret) if secret else ""
        session = desk_sessions.find(self.db, key, clock.now(), self.lifetime) if secret else None
        if session is None or secret is None:
            raise NotLoggedIn("Your session is over, or you have not logged in yet.")
        return Visitor(session.user.name, session.user.role.scopes, session, secret)

    def get(self, path: str, scope: Scope, answer: Callable[[Asked], Response]) -> Route:
        """A route to a page for those who have the right; all that it reads is of one moment."""

        def handle(request: Request) -> Response:
            visitor = self.visitor(request)
            visitor.need(scope)
            with self.db.moment():
                return answer(Asked(request, visitor))

        return Route(path, handle, methods=["GET"])

    def post(
        self,
        path: str,
        scope: Scope,
        act: Callable[[Posted], Response],
        *,
        largest: int = forms.LARGEST_BYTES,
    ) -> Route:
        """A route to an action: a form of this session, sent from here, once, by who has the right."""

        def take(request: Request, fields: forms.Fields) -> Response:
            visitor = self.visitor(request)
            visitor.need(scope)
            number = forms.number_of(visitor.secret, fields)
            if not desk_sessions.take_form(self.db, passwords.digest(visitor.secret), number):
                raise FormUsed(
                    "Nothing was done a second time. Go back to the page and see what has become of it."
                )
            return act(Posted(request, visitor, fields))

        async def handle(request: Request) -> Response:
            fields = await forms.read(request, self.base_url, largest)
            return await run_in_threadpool(take, request, fields)

        return Route(path, handle, methods=["POST"])

    def noted(self, action: Action, work: Callable[[], Done]) -> Done:
        """Do something and note it in the log; words that ``work`` returns are what became of the thing.

        Raises:
            AggregatorError: what the work raised, noted as failed.
        """
        try:
            done = work()
        except AggregatorError as error:
            failed = Action(
                action.who, action.action, action.subject, action.before, str(error), Outcome.FAILED
            )
            audit.note(self.db, failed, clock.now())
            raise
        after = done if isinstance(done, str) and done else action.after
        noted = Action(action.who, action.action, action.subject, action.before, after)
        audit.note(self.db, noted, clock.now())
        return done


def to(path: str) -> Response:
    """On to a page of the desk, after a form."""
    return RedirectResponse(f"/desk/{path}", SEE_OTHER)


_COMPILED = Compiled()


def build(db: Database, settings: Settings) -> Desk:
    """The desk over a database."""
    templates = Environment(
        loader=PackageLoader("aggregator.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    templates.globals.update(release=_release())
    templates.filters.update(wording.FILTERS)
    return Desk(
        db,
        settings,
        templates,
        lifetime(settings.desk),
        Shelf(db, settings),
        Figures(db),
        Plans(db),
        Begun(db),
        Jobs(),
    )


def lifetime(rules: DeskSettings) -> Lifetime:
    """How long sessions last."""
    return Lifetime(timedelta(minutes=rules.idle_minutes), timedelta(hours=rules.longest_hours))


def _release() -> str:
    digest = hashlib.sha256()
    for package in ("aggregator.console", "aggregator.site"):
        for file in sorted(resources.files(package).joinpath("static").iterdir(), key=lambda each: each.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
