# ruff: noqa: F811 - the imported fixture and the arguments share their name, as pytest wants it
"""The bad habits server itself: each habit does what its name says."""

import socket
import threading
import time
from http.client import HTTPConnection, IncompleteRead

import pytest
from newsstand.answers import BOMB_BYTES, HUGE_BYTES, MEBIBYTE, robots
from newsstand.client import ask
from newsstand.server import (
    HABITS,
    Habits,
    habits,  # noqa: F401 - the fixture
)

from aggregator.model.outlet import SeedKind


def test_requests_are_counted_by_path_and_forgotten(habits: Habits) -> None:
    ask(habits.url("/good/1.html"))
    ask(habits.url("/good/1.html"))
    assert (habits.count("/good/1.html"), habits.count("/good/2.html")) == (2, 0)
    habits.forget()
    assert habits.count("/good/1.html") == 0


def test_scripts_are_played_in_order_and_the_last_answer_repeats(habits: Habits) -> None:
    assert [ask(habits.url("/unavailable-once.html")).status for _ in range(3)] == [503, 200, 200]
    assert ask(habits.url("/busy.html")).headers["retry-after"] == "1"


def test_validators_are_honoured_and_the_lying_one_shows_another_body(habits: Habits) -> None:
    assert ask(habits.url("/unchanged.html"), {"If-None-Match": '"v1"'}).status == 304
    first = ask(habits.url("/lying-etag.html"))
    second = ask(habits.url("/lying-etag.html"), {"If-None-Match": '"always"'})
    assert first.headers["etag"] == second.headers["etag"]
    assert first.body != second.body


def test_redirects_lead_where_they_say(habits: Habits) -> None:
    assert ask(habits.url("/to-metadata.html")).headers["location"].startswith("http://169.254.169.254/")
    assert ask(habits.url("/endless/7")).headers["location"] == "/endless/8"
    assert ask(habits.url("/redirect?to=http://127.0.0.1:1/x")).headers["location"] == "http://127.0.0.1:1/x"


@pytest.mark.parametrize("path", ["/cut-off.html", "/cut-off-chunked.html"])
def test_cut_off_bodies_end_before_they_promised(habits: Habits, path: str) -> None:
    with pytest.raises(IncompleteRead):
        ask(habits.url(path))


def test_wrong_charset_is_declared_over_other_bytes(habits: Habits) -> None:
    reply = ask(habits.url("/wrong-charset.html"))
    headers, body = reply.headers, reply.body
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "Туман над портом" in body.decode("windows-1251")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_huge_page_and_bomb_are_as_large_as_their_names_say(habits: Habits) -> None:
    assert int(ask(habits.url("/huge.html")).headers["content-length"]) == HUGE_BYTES
    assert len(ask(habits.url("/gzip-bomb.html")).body) < MEBIBYTE < BOMB_BYTES


def test_stopping_ends_slow_answers(habits: Habits) -> None:
    address = habits.server.server_address
    with socket.create_connection(("127.0.0.1", address[1]), timeout=5) as client:
        client.sendall(b"GET /slow.html HTTP/1.1\r\nHost: x\r\n\r\n")
        while not habits.count("/slow.html"):
            time.sleep(0.005)
        begun = time.monotonic()
        stopper = threading.Thread(target=habits.stop)
        stopper.start()
        assert client.recv(10) == b""
        stopper.join(5)
    assert time.monotonic() - begun < 3


def test_hanging_up_sends_not_a_byte(habits: Habits) -> None:
    connection = HTTPConnection("127.0.0.1", int(habits.server.server_address[1]), timeout=5)
    connection.request("GET", "/hangs-up.html")
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()


def test_robots_can_be_replaced(habits: Habits) -> None:
    habits.play("/robots.txt", robots("User-agent: *\nDisallow: /\n"))
    assert b"Disallow: /\n" in ask(habits.url("/robots.txt")).body
    habits.play("/robots.txt", robots(status=500))
    assert ask(habits.url("/robots.txt")).status == 500


def test_every_habit_but_the_silent_ones_answers(habits: Habits) -> None:
    silent = {"/slow.html", "/dripping.html", "/cut-off.html", "/cut-off-chunked.html", "/hangs-up.html"}
    large = {"/huge.html", "/huge-chunked.html"}
    for path in HABITS.keys() - silent - large:
        assert ask(habits.url(path)).status in {200, 204, 301, 302, 307, 308, 403, 404, 410, 429, 500, 503}, (
            path
        )


def test_card_points_to_the_served_feed(habits: Habits) -> None:
    feed = habits.feed("/good/1.html", "/gone.html")
    card = habits.outlet()
    assert [(seed.kind, seed.url) for seed in card.seeds] == [(SeedKind.FEED, feed)]
    assert habits.url("/gone.html").encode() in ask(habits.url("/feed.xml")).body
