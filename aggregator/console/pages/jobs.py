"""Work under way: its page tells how it goes, by itself, until it ends."""

from starlette.responses import Response
from starlette.routing import Route

from aggregator.console.desk import Asked, Desk
from aggregator.console.errors import NotThere
from aggregator.console.jobs import JobState
from aggregator.model.desk import Scope

REFRESH_SECONDS = 2


def routes(desk: Desk) -> list[Route]:
    """A piece of work."""

    def show(asked: Asked) -> Response:
        job = desk.jobs.get(asked.number())
        if job is None:
            raise NotThere("This work is not known any more; the log tells that it was begun.")
        response = desk.page("job.html", asked.visitor, job=job, lines=list(job.lines)[::-1])
        if job.state is JobState.RUNNING:
            # Works without script, and ends with the work.
            response.headers["Refresh"] = str(REFRESH_SECONDS)
        return response

    return [desk.get("/jobs/{number:int}", Scope.READ, show)]
