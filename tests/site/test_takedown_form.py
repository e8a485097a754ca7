"""The public form for takedown requests, and what a takedown does to the running site."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from published import CARDS, article, publish
from reading import Reader

from aggregator.config import Settings
from aggregator.model.outlet import RightsMode
from aggregator.model.takedown import Order, TakedownScope
from aggregator.site.forms import FormError
from aggregator.site.pages.takedown import PER_HOUR, Gate
from aggregator.store import outlets, takedown_requests
from aggregator.withdrawing import take_down

WISH = {
    "address": "https://harbour.example/1",
    "reason": "This is <b>my</b> diary.",
    "name": "Zoë Tide",
    "contact": "zoe@tide.example",
}


def test_what_is_written_into_the_form_waits_for_the_operator(own: Reader) -> None:
    form = own.get("/takedown")
    assert form.status == 200
    assert 'action="/takedown"' in form.text
    answer = own.post("/takedown", WISH)
    assert answer.status == 200
    (request,) = takedown_requests.requests(own.db, None, 10)
    assert f"has the number {request.id}" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (request.wish.name, request.wish.contact) == ("Zoë Tide", "zoe@tide.example")
    assert request.wish.reason == "This is <b>my</b> diary."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "what is wrong"),
        ({"contact": ""}, "how to answer you"),
        ({"address": ""}, "the address of the page"),
        ({"address": "the one about the ferry"}, "whole address"),
    ],
)
def test_a_form_that_lacks_something_comes_back_with_what_was_written(
    own: Reader, changes: dict[str, str], words: str
) -> None:
    answer = own.post("/takedown", WISH | changes)
    assert answer.status == 400
    assert words in answer.text
    assert "Zoë Tide" in answer.text
    assert "<b>my</b>" not in answer.text
    assert takedown_requests.requests(own.db, None, 10) == []


def test_other_sites_programs_and_floods_are_not_taken(own: Reader) -> None:
    assert own.post("/takedown", WISH, origin="https://elsewhere.example").status == 403
    assert own.post("/takedown", WISH | {"website": "https://spam.example"}).status == 200
    assert own.post("/takedown", WISH | {"reason": "x" * 30_000}).status == 413
    assert own.post("/takedown", {f"f{number}": "x" for number in range(40)}).status == 400
    assert takedown_requests.requests(own.db, None, 10) == []
    for _ in range(PER_HOUR):
        assert own.post("/takedown", WISH).status == 200
    assert own.post("/takedown", WISH).status == 429


def test_the_gate_opens_again_after_an_hour() -> None:
    gate, at = Gate(), datetime(2031, 4, 5, tzinfo=UTC)
    for _ in range(PER_HOUR):
        gate.enter(at)
    with pytest.raises(FormError, match="Too many"):
        gate.enter(at + timedelta(minutes=59))
    gate.enter(at + timedelta(minutes=61))


def test_a_takedown_shows_everywhere_at_once(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"), article("harbour", 2, "Tides"))
    places = (
        "/",
        "/outlet/harbour",
        "/search?q=ferry",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sitemap.xml",
    )
    path = own.get(own.address("The ferry stays")).headers["location"]
    settings = Settings()
    order = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "Ada Desk")
    started = time.monotonic()
    take_down(own.db, settings, order, "https://harbour.example/1", datetime.now(UTC))
    gone = own.get(path)
    assert time.monotonic() - started < 2
    assert gone.status == 410
    assert "asked by the outlet" in gone.text
    assert "ferry" not in gone.text.lower()
    for place in places:
        text = own.get(place).text
        assert "The ferry stays" not in text, place
        assert "number 1 of" not in text, place
    assert "deleted-entry" in own.get("/feed.atom").text
    assert "Tides" in own.get("/").text
