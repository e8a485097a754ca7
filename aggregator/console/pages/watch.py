"""What people say of alarms: that they have seen one, or that it is over."""

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock
from aggregator.console.desk import Desk, Posted, to
from aggregator.console.errors import DeskRefusal, NotThere
from aggregator.model.desk import Action, Scope
from aggregator.store import alarms


def routes(desk: Desk) -> list[Route]:
    """Acknowledging and resolving."""

    def act(posted: Posted) -> Response:
        alarm = alarms.get(desk.db, posted.number())
        if alarm is None:
            raise NotThere("There is no alarm of this number.")
        says = {"acknowledge": alarms.acknowledge, "resolve": alarms.resolve}.get(posted.fields.text("do"))
        if says is None:
            raise DeskRefusal("Nobody knows what to do with this alarm.")
        who = posted.visitor.who

        def work() -> str:
            says(desk.db, [alarm.id], who, clock.now())
            now = alarms.get(desk.db, alarm.id)
            return now.state.value if now else ""

        subject = f"{alarm.finding.outlet}: {alarm.finding.kind.value}"
        word = "alarm seen" if posted.fields.text("do") == "acknowledge" else "alarm ended"
        desk.noted(Action(who, word, subject, alarm.state.value), work)
        return to("")

    return [desk.post("/alarms/{number:int}", Scope.OUTLETS, act)]
