"""Takedowns: what was taken down, and what people ask for; each can be done and undone here."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock, withdrawing
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import DeskRefusal
from aggregator.errors import TakedownError, UnknownArticleError
from aggregator.model.desk import Action, Scope
from aggregator.model.takedown import Order, RequestState, Takedown, TakedownScope
from aggregator.store import takedown_requests, takedowns

_SHOWN = 100


def routes(desk: Desk) -> list[Route]:
    """The log of takedowns with the requests; taking down, undoing, granting, refusing."""

    def show(asked: Asked) -> Response:
        return desk.page(
            "takedowns.html",
            asked.visitor,
            done=takedowns.log(desk.db, _SHOWN),
            requests=takedown_requests.requests(desk.db, RequestState.OPEN, _SHOWN),
        )

    def take(posted: Posted) -> Response:
        url, words = posted.fields.text("article"), _why(posted)
        order = Order(TakedownScope.ARTICLE, "", words, posted.visitor.who)
        _noted(
            desk,
            Action(posted.visitor.who, "taken down", url, after=words),
            lambda: _told(withdrawing.take_down(desk.db, desk.settings, order, url, clock.now())),
        )
        return to("takedowns")

    def undo(posted: Posted) -> Response:
        number = posted.number()
        _noted(
            desk,
            Action(posted.visitor.who, "takedown undone", str(number)),
            lambda: _told(withdrawing.undo_numbered(desk.db, number, clock.now())),
        )
        return to("takedowns")

    def answer(posted: Posted) -> Response:
        number, words = posted.number(), _why(posted)
        order = Order(TakedownScope.ARTICLE, "", words, posted.visitor.who)
        match posted.fields.text("do"):
            case "grant":
                _noted(
                    desk,
                    Action(posted.visitor.who, "request granted", str(number), after=words),
                    lambda: _told(withdrawing.grant(desk.db, desk.settings, number, order, clock.now())),
                )
            case "refuse":
                _noted(
                    desk,
                    Action(posted.visitor.who, "request refused", str(number), after=words),
                    lambda: takedown_requests.refuse(desk.db, number, words, clock.now()),
                )
            case _:
                raise DeskRefusal("Nobody knows what to do with this request.")
        return to("takedowns")

    return [
        desk.get("/takedowns", Scope.READ, show),
        desk.post("/takedowns", Scope.TAKEDOWN, take),
        desk.post("/takedowns/{number:int}/undo", Scope.TAKEDOWN, undo),
        desk.post("/requests/{number:int}", Scope.TAKEDOWN, answer),
    ]


def _noted(desk: Desk, action: Action, work: Callable[[], str | None]) -> None:
    """Do it and note it; what the rules of takedowns refuse is told as that."""
    try:
        desk.noted(action, work)
    except (TakedownError, UnknownArticleError) as error:
        raise DeskRefusal(str(error)) from error


def _why(posted: Posted) -> str:
    words = " ".join(posted.fields.text("reason", 300).split())
    if not words:
        raise DeskRefusal("Please say why. Nothing was done.")
    return words


def _told(done: Takedown) -> str:
    count = len(done.article_ids)
    state = "undone" if done.undone_at else "taken down"
    return f"takedown {done.id}, {state}: {count} article{'' if count == 1 else 's'}. {done.order.reason}"
