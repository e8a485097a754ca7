"""The page on which anybody can ask for a takedown, and what becomes of what they write."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.clock import now
from aggregator.errors import TakedownError
from aggregator.model.takedown import NewRequest
from aggregator.site import forms, prose
from aggregator.site.context import Site
from aggregator.site.pages.about import contact_link
from aggregator.site.routes import read
from aggregator.site.wording import later, say
from aggregator.store import takedown_requests

LARGEST_BYTES: Final = 20_000
LONGEST: Final = {"address": 2000, "name": 200, "contact": 300, "reason": 4000}
"""Characters of each field."""

PER_HOUR: Final = 30
"""Requests that the site takes in an hour, from all together: people ask seldom, programs often."""

_TRAP: Final = "website"  # a field that people do not see; programs fill every one
_NEEDED: Final = {
    "address": later("Please tell us the address of the page."),
    "contact": later("Please tell us how to answer you."),
    "reason": later("Please tell us what is wrong."),
}
_ADDRESS: Final = re.compile(r"https?://\S+\.\S+|https?://\S+/article/\S+|\d{1,18}")


@dataclass(slots=True)
class Gate:
    """Lets so many requests through in an hour."""

    times: deque[datetime] = field(default_factory=deque)

    def enter(self, at: datetime) -> None:
        """Count one more.

        Raises:
            FormError: too many came already.
        """
        while self.times and self.times[0] <= at - timedelta(hours=1):
            self.times.popleft()
        if len(self.times) >= PER_HOUR:
            raise forms.FormError(
                429, say("Too many requests came in the last hour; please try again later.")
            )
        self.times.append(at)


def routes(site: Site) -> list[Route]:
    """The routes of the form: showing it, and taking what was written."""
    gate = Gate()

    def form(request: Request) -> Response:
        about = prose.line(request.query_params.get("about", ""))[: LONGEST["address"]]
        return _form(site, {"address": about})

    async def ask(request: Request) -> Response:
        values: dict[str, str] = {}
        try:
            body = await forms.fields(request, site.settings.site.base_url, LARGEST_BYTES)
            values = {name: _value(body, name) for name in LONGEST}
            is_program = bool(_value(body, _TRAP))
            number = None if is_program else await run_in_threadpool(_keep, site, gate, values)
        except forms.FormError as refused:
            return _form(site, values, refused.status, refused.problem)
        return _page(site, thanks=True, number=number)

    return [read("/takedown", form), Route("/takedown", ask, methods=["POST"])]


def _form(site: Site, values: Mapping[str, str], status: int = 200, problem: str = "") -> Response:
    shown = {name: values.get(name, "") for name in LONGEST}
    contact = contact_link(site.settings.site.contact)
    facts = {"values": shown, "longest": LONGEST, "problem": problem, "contact_link": contact}
    return _page(site, status, thanks=False, number=None, **facts)


def _page(site: Site, status: int = 200, **values: Any) -> Response:
    response = site.page("takedown.html", status, **values)
    response.headers["Cache-Control"] = "no-store"
    return response


def _keep(site: Site, gate: Gate, values: Mapping[str, str]) -> int:
    missing = [words for name, words in _NEEDED.items() if not values[name]]
    if missing:
        raise forms.FormError(400, " ".join(map(say, missing)))
    if not _ADDRESS.fullmatch(values["address"]):
        raise forms.FormError(400, say("Please give the page’s whole address, such as https://…"))
    moment = now()
    gate.enter(moment)
    try:
        return takedown_requests.ask(site.db, NewRequest(**values), moment)
    except TakedownError:
        raise forms.FormError(
            503, say("Too many requests wait already; please write to us instead.")
        ) from None


def _value(body: Mapping[str, list[str]], name: str) -> str:
    return prose.line(body.get(name, [""])[0])[: LONGEST.get(name, 1)]
