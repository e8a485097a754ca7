# ruff: noqa: F811 - the imported fixture and the arguments share their name, as pytest wants it
"""The bad habits server itself: each habit does what its name says."""

import socket
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection, IncompleteRead

import pytest
from newsstand.answers import BOMB_BYTES, HUGE_BYTES, MEBIBYTE, robots
from newsstand.server import (
    HABITS,
    Habits,
    habits,  # noqa: F401 - the fixture
)

from aggregator.model.outlet import SeedKind


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(habits: Habits, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        habits.url(path), headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=5) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_requests_are_counted_by_path_and_forgotten(habits: Habits) -> None:
    ask(habits, "/good/1.html")
    ask(habits, "/good/1.html")
    assert (habits.count("/good/1.html"), habits.count("/good/2.html")) == (2, 0)
    habits.forget()
    assert habits.count("/good/1.html") == 0


def test_scripts_are_played_in_order_and_the_last_answer_repeats(habits: Habits) -> None:
    assert [ask(habits, "/unavailable-once.html")[0] for _ in range(3)] == [503, 200, 200]
    assert ask(habits, "/busy.html")[1]["retry-after"] == "1"


def test_validators_are_honoured_and_the_lying_one_shows_another_body(habits: Habits) -> None:
    assert ask(habits, "/unchanged.html", If_None_Match='"v1"')[0] == 304
    first = ask(habits, "/lying-etag.html")
    second = ask(habits, "/lying-etag.html", If_None_Match='"always"')
    assert first[1]["etag"] == second[1]["etag"]
    assert first[2] != second[2]


def test_redirects_lead_where_they_say(habits: Habits) -> None:
    assert ask(habits, "/to-metadata.html")[1]["location"].startswith("http://169.254.169.254/")
    assert ask(habits, "/endless/7")[1]["location"] == "/endless/8"
    assert ask(habits, "/redirect?to=http://127.0.0.1:1/x")[1]["location"] == "http://127.0.0.1:1/x"


@pytest.mark.parametrize("path", ["/cut-off.html", "/cut-off-chunked.html"])
def test_cut_off_bodies_end_before_they_promised(habits: Habits, path: str) -> None:
    with pytest.raises(IncompleteRead):
        ask(habits, path)


def test_wrong_charset_is_declared_over_other_bytes(habits: Habits) -> None:
    _, headers, body = ask(habits, "/wrong-charset.html")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "Туман над портом" in body.decode("windows-1251")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_huge_page_and_bomb_are_as_large_as_their_names_say(habits: Habits) -> None:
    assert int(ask(habits, "/huge.html")[1]["content-length"]) == HUGE_BYTES
    assert len(ask(habits, "/gzip-bomb.html")[2]) < MEBIBYTE < BOMB_BYTES


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
    assert b"Disallow: /\n" in ask(habits, "/robots.txt")[2]
    habits.play("/robots.txt", robots(status=500))
    assert ask(habits, "/robots.txt")[0] == 500


def test_every_habit_but_the_silent_ones_answers(habits: Habits) -> None:
    silent = {"/slow.html", "/dripping.html", "/cut-off.html", "/cut-off-chunked.html", "/hangs-up.html"}
    large = {"/huge.html", "/huge-chunked.html"}
    for path in HABITS.keys() - silent - large:
        assert ask(habits, path)[0] in {200, 204, 301, 302, 307, 308, 403, 404, 410, 429, 500, 503}, path


def test_card_points_to_the_served_feed(habits: Habits) -> None:
    feed = habits.feed("/good/1.html", "/gone.html")
    card = habits.outlet()
    assert [(seed.kind, seed.url) for seed in card.seeds] == [(SeedKind.FEED, feed)]
    assert habits.url("/gone.html").encode() in ask(habits, "/feed.xml")[2]
