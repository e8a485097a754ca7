"""The desk for programs: JSON under ``/desk/api``, for tokens alone; a cookie opens nothing here."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aggregator import clock, passwords
from aggregator.console import crawls
from aggregator.console.desk import Desk
from aggregator.console.errors import DeskRefusal, NotLoggedIn, NotThere, TooLarge
from aggregator.console.jobs import Job
from aggregator.console.pages.outlets import Line, lines, pause
from aggregator.console.pages.review import decide
from aggregator.console.visitor import Visitor
from aggregator.model.desk import Action, Scope
from aggregator.store import alarms, audit, decisions, desk_figures, desk_tokens
from aggregator.store.decisions import Standing

LARGEST_BYTES: Final = 20_000
_SHOWN: Final = 200
_BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True)
class Call:
    """What a program asks for: who it is, where, and with what."""

    visitor: Visitor
    request: Request
    body: dict[str, Any]

    def word(self, name: str) -> str:
        """A word of the body; empty if it has none."""
        value = self.body.get(name, "")
        return value.strip()[:300] if isinstance(value, str) else ""


Answer = Callable[[Call], Any]


def routes(desk: Desk) -> list[Route]:
    """What programs may ask for and do."""
    return [
        _route(desk, "GET", "/api/overview", Scope.READ, lambda _call: _overview(desk)),
        _route(desk, "GET", "/api/outlets", Scope.READ, lambda _call: _outlets(desk)),
        _route(desk, "GET", "/api/review", Scope.READ, lambda _call: _review(desk)),
        _route(desk, "GET", "/api/jobs/{number:int}", Scope.READ, lambda call: _job(desk, call)),
        _route(desk, "GET", "/api/log", Scope.AUDIT, lambda _call: _log(desk)),
        _route(desk, "POST", "/api/outlets/{slug}/{do}", Scope.OUTLETS, lambda call: _act(desk, call)),
        _route(desk, "POST", "/api/review/{number:int}/{do}", Scope.REVIEW, lambda call: _say(desk, call)),
    ]


def _route(desk: Desk, method: str, path: str, scope: Scope, answer: Answer) -> Route:
    def take(request: Request, body: dict[str, Any]) -> Response:
        visitor = _program(desk, request)
        visitor.need(scope)
        return JSONResponse(answer(Call(visitor, request, body)))

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(take, request, await _body(request) if method == "POST" else {})

    return Route(path, handle, methods=[method])


def _program(desk: Desk, request: Request) -> Visitor:
    """The program whose token the request carries.

    Raises:
        NotLoggedIn: it has none, or one that is unknown, revoked or over.
    """
    header = request.headers.get("authorization", "")
    secret = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
    token = desk_tokens.find(desk.db, passwords.digest(secret), clock.now()) if secret else None
    if token is None:
        raise NotLoggedIn("Send a token that is good, as Authorization: Bearer …")
    return Visitor(f"token:{token.name}", token.scopes)


async def _body(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise TooLarge(f"At most {LARGEST_BYTES:,} bytes are taken.")
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise DeskRefusal("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise DeskRefusal("The body is no JSON object.")
    return found


def _overview(desk: Desk) -> dict[str, Any]:
    figures = desk.figures.fortnight(clock.now())
    states = [one.value for one in (Standing.IN_REVIEW, Standing.QUEUED, Standing.SCHEDULED, Standing.HELD)]
    names = ("new", "stored", "copies", "revisions", "no_article", "forbidden", "dropped", "failed")
    return {
        "counted_until": figures.counted_until.isoformat() if figures.counted_until else None,
        "hours": {name: [getattr(one, name) for one in figures.hours] for name in names}
        | {"published": list(figures.published_hours)},
        "days": {name: [getattr(one, name) for one in figures.days] for name in names}
        | {"published": list(figures.published_days)},
        "waiting": desk_figures.waiting(desk.db, states),
        "alarms": [
            {
                "number": one.id,
                "outlet": one.finding.outlet,
                "kind": one.finding.kind.value,
                "words": one.finding.words,
                "since": one.finding.since.isoformat(),
                "state": one.state.value,
            }
            for one in alarms.listed(desk.db)
        ],
    }


def _outlets(desk: Desk) -> list[dict[str, Any]]:
    return [_outlet(line) for line in lines(desk, clock.now())]


def _outlet(line: Line) -> dict[str, Any]:
    return {
        "slug": line.slug,
        "name": line.name,
        "state": line.state,
        "stored_by_day": list(line.rhythm),
        "success": line.brought.success,
        "last_article": line.arrived_at.isoformat() if line.arrived_at else None,
        "next_crawl": line.next_at.isoformat() if line.next_at else None,
    }


def _review(desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "number": one.decided.article_id,
            "revision": one.decided.revision,
            "outlet": one.outlet,
            "headline": one.headline,
            "url": one.url,
            "mode": one.decided.mode,
            "reason": one.decided.reason,
        }
        for one in decisions.waiting(desk.db, Standing.IN_REVIEW, limit=_SHOWN)
    ]


def _job(desk: Desk, call: Call) -> dict[str, Any]:
    job = desk.jobs.get(int(call.request.path_params["number"]))
    if job is None:
        raise NotThere("This work is not known any more.")
    return _told(job)


def _told(job: Job) -> dict[str, Any]:
    return {
        "number": job.id,
        "kind": job.kind,
        "subject": job.subject,
        "state": job.state.value,
        "told": job.told,
        "problem": job.problem,
    }


def _log(desk: Desk) -> list[dict[str, Any]]:
    return [
        {
            "number": one.id,
            "at": one.at.isoformat(),
            "who": one.action.who,
            "action": one.action.action,
            "subject": one.action.subject,
            "outcome": one.action.outcome.value,
        }
        for one in audit.entries(desk.db, limit=_SHOWN)
    ]


def _act(desk: Desk, call: Call) -> dict[str, Any]:
    slug, who = str(call.request.path_params["slug"]), call.visitor.who
    desk.shelf.card(slug)
    match call.request.path_params["do"]:
        case "pause" | "resume" as word:
            pause(desk, who, slug, paused=word == "pause")
            return {"slug": slug, "paused": word == "pause"}
        case "crawl":
            begun = Action(who, "crawl begun", slug)
            return _told(desk.noted(begun, lambda: crawls.begin(desk.shelf, desk.jobs, [slug], who)))
    raise NotThere("An outlet can be paused, resumed and crawled.")


def _say(desk: Desk, call: Call) -> dict[str, Any]:
    number, reason = int(call.request.path_params["number"]), call.word("reason")
    match call.request.path_params["do"]:
        case "approve":
            decide(desk, call.visitor.who, number, call.word("revision"))
        case "refuse":
            if not reason:
                raise DeskRefusal("Say why, as reason.")
            decide(desk, call.visitor.who, number, call.word("revision"), reason)
        case _:
            raise NotThere("An article can be approved and refused.")
    return {"number": number, "state": decisions.of(desk.db, [number])[number].standing.value}
