"""Webhooks and hubs: told of everything, once at least, whatever fails, and never of a text."""

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr
from store.samples import NOON, article, outlet, page, pages

from aggregator import delivering, publishing, withdrawing
from aggregator.config import Settings, SiteSettings, WebhookSettings, WebSubSettings, environment
from aggregator.model.delivery import DeliveryState, EventKind
from aggregator.model.takedown import Order, TakedownScope
from aggregator.store import articles, outbox, outlets
from aggregator.store.engine import Database

SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four chr").decode()
CARDS = {"harbour": outlet("harbour")}
BASE = "https://news.example"


class Receiver:
    """Somebody who is told; ``status`` is what it answers, ``holds`` keeps it from answering."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.holds = threading.Event()
        self.holds.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                receiver.holds.wait(30)
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def events(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.holds.set()
    made.server.shutdown()
    made.server.server_close()


def told(*, hooks: dict[str, str] | None = None, hubs: tuple[str, ...] = ()) -> Settings:
    made = {name: WebhookSettings(url=url, secret=SecretStr(SECRET)) for name, url in (hooks or {}).items()}
    site = SiteSettings(base_url=BASE)
    return Settings(site=site, webhooks=made, websub=WebSubSettings(hubs=hubs))


def publish(db: Database, settings: Settings, count: int = 2) -> None:
    outlets.sync(db, [*CARDS.values()])
    articles.save(db, None, pages(count))
    assert publishing.publish(db, CARDS, settings, NOON).published == count


def test_what_went_out_changed_and_was_withdrawn_is_told_in_order(db: Database, receiver: Receiver) -> None:
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings)
    corrected = article(1, blocks=article(501).blocks)
    articles.save(db, None, [page(corrected)])
    assert delivering.deliver(db, settings, NOON) == {DeliveryState.DELIVERED: 2}
    publishing.publish(db, CARDS, settings, NOON)
    delivering.deliver(db, settings, NOON)
    order = Order(TakedownScope.ARTICLE, "", "asked", "desk")
    withdrawing.take_down(db, settings, order, article(1).url, NOON)
    delivering.deliver(db, settings, NOON)
    kinds = [each["type"].removeprefix("publication.") for each in receiver.events]
    assert kinds == ["published", "published", "updated", "withdrawn"]
    first, last = receiver.events[0]["data"], receiver.events[-1]["data"]
    assert first["url"] == f"{BASE}/article/{first['id']}"
    assert first["source"].startswith("https://harbour.example/news/")
    assert last == {"id": last["id"], "url": f"{BASE}/article/{last['id']}", "reason": "asked"}
    assert not any(b"met on the quay" in body for _, body in receiver.got)
    assert delivering.deliver(db, settings, NOON) == {}


def test_a_message_is_signed_as_standard_webhooks_describes(db: Database, receiver: Receiver) -> None:
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings, 1)
    delivering.deliver(db, settings, NOON)
    headers, body = receiver.got[0]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"a key of twenty-four chr", content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300


def test_a_webhook_that_fails_is_tried_again_with_the_same_id(db: Database, receiver: Receiver) -> None:
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings, 3)
    receiver.status = 500
    assert delivering.deliver(db, settings, NOON) == {DeliveryState.WAITING: 1}
    standing = outbox.standings(db)["cms"]
    assert standing.counts == {DeliveryState.WAITING: 3}
    assert standing.detail == "it answered 500"
    receiver.status = 200
    later = NOON + delivering.pause(1)
    assert delivering.deliver(db, settings, later) == {DeliveryState.DELIVERED: 3}
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids[0] in ids[1:]
    assert len(set(ids)) == 3


def test_after_ten_attempts_a_delivery_failed_and_can_be_retried(db: Database, receiver: Receiver) -> None:
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings, 1)
    receiver.status = 500
    at = NOON
    for _ in range(delivering.ATTEMPTS):
        delivering.deliver(db, settings, at)
        at += timedelta(hours=13)
    assert outbox.standings(db)["cms"].counts == {DeliveryState.FAILED: 1}
    assert delivering.deliver(db, settings, at) == {}
    receiver.status = 200
    assert outbox.retry(db, "cms", at) == 1
    assert delivering.deliver(db, settings, at) == {DeliveryState.DELIVERED: 1}


def test_pauses_grow_from_seconds_to_half_a_day() -> None:
    pauses = [delivering.pause(attempt).total_seconds() for attempt in range(1, delivering.ATTEMPTS)]
    assert pauses[:3] == [5, 20, 80]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 12 * 3600


def test_one_that_hangs_keeps_neither_editions_nor_others_waiting(db: Database, receiver: Receiver) -> None:
    other = Receiver()
    settings = told(hooks={"hangs": receiver.url, "works": other.url}, hubs=("http://127.0.0.1:9/",))
    receiver.holds.clear()
    started = time.monotonic()
    publish(db, settings, 3)
    ended = delivering.deliver(db, settings, NOON, timeout_seconds=1.0)
    assert time.monotonic() - started < 25
    assert ended == {DeliveryState.DELIVERED: 3, DeliveryState.WAITING: 4}
    standings = outbox.standings(db)
    assert "no answer within" in (standings["hangs"].detail or "")
    assert standings["http://127.0.0.1:9/"].counts == {DeliveryState.WAITING: 3}
    other.server.shutdown()
    other.server.server_close()


def test_a_hub_is_told_of_every_feed_that_changed(db: Database, receiver: Receiver) -> None:
    settings = told(hubs=(receiver.url,))
    publish(db, settings)
    assert delivering.deliver(db, settings, NOON) == {DeliveryState.DELIVERED: 2}
    ((_, body),) = receiver.got
    asked = parse_qs(body.decode())
    assert asked["hub.mode"] == ["publish"]
    wanted = ("feed.atom", "feed.json", "outlet/harbour/feed.rss", "topic/harbour/feed.atom")
    assert {f"{BASE}/{path}" for path in wanted} <= set(asked["hub.url"])
    assert f"{BASE}/feed.atom?language=en" in asked["hub.url"]
    assert len(asked["hub.url"]) == len(set(asked["hub.url"]))


def test_nobody_is_told_what_was_before_it_was_set_up(db: Database, receiver: Receiver) -> None:
    publish(db, told(), 2)
    settings = told(hooks={"cms": receiver.url})
    assert delivering.deliver(db, settings, NOON) == {}
    assert receiver.got == []


def test_a_webhook_gets_only_the_events_that_it_wants(db: Database, receiver: Receiver) -> None:
    only = WebhookSettings(url=receiver.url, secret=SecretStr(SECRET), events=(EventKind.WITHDRAWN,))
    settings = told().model_copy(update={"webhooks": {"cms": only}})
    publish(db, settings, 2)
    assert delivering.deliver(db, settings, NOON) == {}


def test_what_was_withdrawn_before_it_could_be_told_is_not_told(db: Database, receiver: Receiver) -> None:
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings, 1)
    order = Order(TakedownScope.ARTICLE, "", "asked", "desk")
    withdrawing.take_down(db, settings, order, article(1).url, NOON)
    ended = delivering.deliver(db, settings, NOON)
    assert ended == {DeliveryState.DROPPED: 1, DeliveryState.DELIVERED: 1}
    assert [each["type"] for each in receiver.events] == ["publication.withdrawn"]


PROGRAM = """
import sys
from aggregator.store.engine import Database
from aggregator import config, delivering
from store.samples import NOON
db = Database.open(sys.argv[1])
delivering.deliver(db, config.load(), NOON)
"""


def test_a_process_killed_in_the_middle_loses_no_delivery(
    database_url: str, receiver: Receiver, tmp_path: Path
) -> None:
    db = Database.open(database_url)
    settings = told(hooks={"cms": receiver.url})
    publish(db, settings, 2)
    receiver.holds.clear()
    hook = json.dumps({"cms": {"url": receiver.url, "secret": SECRET}})
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    extra = {"PYTHONPATH": path, "AGGREGATOR_WEBHOOKS": hook, "AGGREGATOR_HOME": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, database_url], env=os.environ | extra)
    deadline = time.monotonic() + 60
    while not receiver.got:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    receiver.holds.set()
    later = NOON + timedelta(minutes=5)
    assert delivering.deliver(db, settings, later) == {DeliveryState.DELIVERED: 2}
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(set(ids)) == 2
    db.close()


def test_a_secret_is_in_no_childs_environment() -> None:
    assert SECRET not in str(environment(told(hooks={"cms": "https://cms.example/"})))
