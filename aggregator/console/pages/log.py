"""The log: what was done at the desk, and who may work there."""

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock
from aggregator.console.desk import Asked, Desk
from aggregator.model.desk import Scope
from aggregator.store import audit, desk_logins, desk_tokens, desk_users

_PAGE = 50


def routes(desk: Desk) -> list[Route]:
    """The log, and the people and tokens."""

    def log(asked: Asked) -> Response:
        before = asked.query("before")
        found = audit.entries(
            desk.db,
            limit=_PAGE + 1,
            before_id=int(before) if before.isdecimal() and len(before) < 18 else None,  # noqa: PLR2004 - digits of a row's number
            who=asked.query("who") or None,
            subject=asked.query("subject") or None,
        )
        older = found[_PAGE - 1].id if len(found) > _PAGE else None
        return desk.page(
            "log.html",
            asked.visitor,
            entries=found[:_PAGE],
            older=older,
            who=asked.query("who"),
            subject=asked.query("subject"),
        )

    def people(asked: Asked) -> Response:
        at = clock.now()
        return desk.page(
            "people.html",
            asked.visitor,
            users=desk_users.every(desk.db),
            tokens=desk_tokens.every(desk.db),
            locked=desk_logins.locked(desk.db, at),
        )

    return [desk.get("/log", Scope.AUDIT, log), desk.get("/people", Scope.AUDIT, people)]
