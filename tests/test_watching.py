"""The watch at work: what crawls stored is counted by hours, judged, told, and heeded when people speak."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from store.samples import NOON, SEED, article, end, outlet, page

from aggregator import noticing, watching
from aggregator.config import Settings, SmtpSettings, WatchSettings, WebhookSettings
from aggregator.model.alarm import Alarm, AlarmKind, AlarmState
from aggregator.model.article import CONTAINER, FieldOrigin
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.delivery import DeliveryState
from aggregator.model.page import Validator
from aggregator.store import alarms, articles, crawls, notices, outlet_hours, outlets, robots_files, usuals
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database

SIGNS = "sixteen letters!"
CARDS = {slug: outlet(slug) for slug in ("harbour", "summit")}


def visit(db: Database, hours: float, reason: Reason = Reason.STORED, slug: str = "harbour") -> None:
    at = NOON + timedelta(hours=hours)
    seed = replace(SEED, url=f"https://{slug}.example/feed.xml")
    crawls.save_seed(db, None, SeedVisit(slug, seed, reason, 200, None, Validator(), 9, 2, at))


def opened(db: Database) -> None:
    outlets.sync(db, list(CARDS.values()))


def look(db: Database, hours: float, settings: Settings | None = None) -> watching.Checked:
    return watching.check(db, settings or Settings(), CARDS, NOON + timedelta(hours=hours))


def test_pages_and_visits_are_counted_by_hours_once(db: Database) -> None:
    opened(db)
    bare = article(2, byline=(), published=None, images=(), language="de")
    pages = [
        page(article(1)),
        page(bare),
        end(3, Reason.FAILED_GONE, at=NOON),
        end(4, Reason.DROPPED_NO_TEXT),
    ]
    articles.save(db, None, pages)
    visit(db, 0.2)
    visit(db, 0.4, Reason.FAILED_DNS)
    for _ in range(2):
        outlet_hours.count(db, NOON + timedelta(hours=1))
    (hour,) = outlet_hours.read(db, NOON)["harbour"]
    assert (hour.hour, hour.stored, hour.no_article, hour.failed_hard) == (NOON, 2, 1, 1)
    assert (hour.visits, hour.visits_failed, hour.found, hour.new) == (2, 1, 18, 4)
    assert (hour.headlines, hour.bylines, hour.dates, hour.images, hour.foreign) == (2, 1, 1, 1, 1)
    assert hour.chars == (len(article(1).body), len(bare.body))
    assert (hour.ages, hour.last_article) == ((120,), 2)
    assert hour.answered_at == NOON + timedelta(hours=0.2)


def standing(number: int, container: str, *, hours: float = 0) -> PageArticle:
    """An article whose text stands in an element of its page."""
    origins = (FieldOrigin("blocks", "trafilatura"), FieldOrigin(CONTAINER, container))
    return page(article(number, origins=origins, fetched_at=NOON + timedelta(hours=hours)))


def test_where_texts_stand_is_counted(db: Database) -> None:
    opened(db)
    articles.save(db, None, [standing(1, "main/div"), standing(2, "main/div"), standing(3, "article")])
    outlet_hours.count(db, NOON + timedelta(hours=1))
    (hour,) = outlet_hours.read(db, NOON)["harbour"]
    assert hour.containers == {"main/div": 2, "article": 1}


def test_hours_that_are_over_stay_when_later_ones_are_counted(db: Database) -> None:
    opened(db)
    for hours in (0, 1, 5, 9):
        visit(db, hours)
        outlet_hours.count(db, NOON + timedelta(hours=hours + 0.5))
    found = outlet_hours.read(db, NOON)["harbour"]
    assert [(each.hour - NOON, each.visits) for each in found] == [
        (timedelta(hours=hours), 1) for hours in (0, 1, 5, 9)
    ]


def test_an_outlet_that_fails_is_told_and_goes_by_itself(db: Database) -> None:
    opened(db)
    for hours in range(3):
        visit(db, hours, Reason.FAILED_DNS)
    (raised,) = look(db, 3).raised
    assert (raised.finding.kind, raised.finding.cause, raised.finding.since) == (
        AlarmKind.FAILING,
        "failed/dns",
        NOON,
    )
    assert look(db, 3.1).raised == []
    visit(db, 4)
    assert look(db, 4.1).over == []
    visit(db, 5)
    assert [alarm.id for alarm in look(db, 5.1).over] == [raised.id]


def test_alarms_of_an_outlet_whose_card_is_gone_are_over(db: Database) -> None:
    opened(db)
    for hours in range(3):
        visit(db, hours, Reason.FAILED_DNS)
    look(db, 3)
    checked = watching.check(db, Settings(), {"summit": CARDS["summit"]}, NOON + timedelta(hours=4))
    assert (len(checked.over), checked.standing) == (1, [])


@pytest.fixture
def taught(db: Database) -> Database:
    """An outlet that brought two articles an hour with bylines for 16 days, as counted hours."""
    opened(db)
    with db.session() as session:
        rows = [
            {
                "outlet": "harbour", "hour": NOON + timedelta(hours=hour), "visits": 1, "stored": 2,
                "headlines": 2, "bylines": 2, "dates": 2, "images": 2, "complete": 2,
                "chars": [230, 400 + hour], "cuts": [40, 80], "ages": [90, 200],
                "arrived_at": NOON + timedelta(hours=hour, minutes=30),
                "answered_at": NOON + timedelta(hours=hour, minutes=30),
            }
            for hour in range(-16 * 24, 0)
        ]  # fmt: skip
        outlet_hours.insert_rows(session, outlet_hours.OutletHourRow, rows)
        mark = {"id": 1, "hour": NOON, "before_fetch": 0, "before_visit": 0}
        outlet_hours.upsert_rows(session, outlet_hours.WatchProgressRow, [mark])
    return db


@pytest.fixture
def moved(taught: Database) -> Alarm:
    """The alarm of an outlet whose texts stand in another element of their pages than before."""
    with taught.session() as session:
        session.execute(update(outlet_hours.OutletHourRow).values(containers={"main/div": 2}))
    for hours in range(6):
        articles.save(taught, None, [standing(hours + 1, "section/article", hours=hours)])
        visit(taught, hours + 0.1)
    (raised,) = look(taught, 5.5).raised
    return raised


def test_a_new_layout_is_told_by_where_texts_stand_and_hides_no_silence(
    taught: Database, moved: Alarm
) -> None:
    assert (moved.finding.kind, moved.finding.since) == (AlarmKind.LAYOUT, NOON)
    assert "section/article" in moved.finding.words
    visit(taught, 40)
    assert {alarm.finding.kind for alarm in look(taught, 40.1).raised} == {AlarmKind.SILENT}


def test_a_new_layout_that_reads_well_is_what_is_usual_from_then_on(taught: Database, moved: Alarm) -> None:
    watching.resolve(taught, [moved.id], "ada", NOON + timedelta(hours=6))
    for hours in range(6, 15):
        articles.save(taught, None, [standing(hours + 1, "section/article", hours=hours)])
        visit(taught, hours + 0.1)
    assert look(taught, 15).standing == []
    known = usuals.every(taught)["harbour"]
    assert known.containers == {"section/article"}


def test_a_silent_outlet_is_told_with_its_last_good_article(taught: Database) -> None:
    articles.save(taught, None, [page(article(1))])
    visit(taught, 0.1)
    assert look(taught, 0.5).raised == []
    for hours in range(1, 8):
        visit(taught, hours)
    (raised,) = look(taught, 7.1).raised
    assert (raised.finding.kind, raised.finding.since) == (AlarmKind.SILENT, NOON + timedelta(seconds=1))
    assert raised.last_good_article == 1
    assert raised.finding.expected is not None
    assert raised.finding.expected > 10
    articles.save(taught, None, [page(article(2, fetched_at=NOON + timedelta(hours=8)))])
    visit(taught, 8)
    assert len(look(taught, 8.1).over) == 1


def test_lost_bylines_are_told_and_a_persons_word_makes_them_usual(taught: Database) -> None:
    for number in range(8):
        late = NOON + timedelta(minutes=20 * number)
        articles.save(taught, None, [page(article(number, byline=(), fetched_at=late))])
    visit(taught, 2.6)
    raised = look(taught, 2.7).raised
    assert [(one.finding.kind, one.finding.aspect) for one in raised] == [(AlarmKind.COVERAGE, "byline")]
    at = NOON + timedelta(hours=2.8)
    assert watching.resolve(taught, [raised[0].id], "lin", at, "no bylines any more") == [raised[0].id]
    assert look(taught, 2.9).raised == []
    usual = usuals.get(taught, "harbour")
    assert usual is not None
    assert usual.shares["byline"].share < 0.1
    assert usual.shares["image"].share > 0.9


def test_changed_robots_txt_is_told_until_a_person_takes_it(db: Database) -> None:
    opened(db)
    origin = "https://harbour.example"
    for hours, rules in enumerate(("allow: /", "allow: /", None, "disallow: /")):
        at = NOON + timedelta(hours=hours)
        robots_files.note(db, "harbour", origin, (503 if rules is None else 200, rules), at)
    (raised,) = look(db, 4).raised
    assert (raised.finding.kind, raised.finding.aspect) == (AlarmKind.ROBOTS, origin)
    assert "+ disallow: /" in raised.finding.words
    watching.resolve(db, [raised.id], "lin", NOON)
    assert look(db, 5).raised == []


class Mailbox(socketserver.StreamRequestHandler):
    """A mail server that keeps what it takes, and refuses everything while told to."""

    taken: list[str]
    is_down: bool

    def handle(self) -> None:
        mailbox = type(self)
        self.wfile.write(b"554 not now\r\n" if mailbox.is_down else b"220 here\r\n")
        data: list[str] | None = None
        while line := self.rfile.readline().decode():
            if data is None:
                is_data = line.upper().startswith("DATA")
                data = [] if is_data else None
                self.wfile.write(b"354 go on\r\n" if is_data else b"250 yes\r\n")
            elif line == ".\r\n":
                mailbox.taken.append("".join(data))
                data = None
                self.wfile.write(b"250 taken\r\n")
            else:
                data.append(line)


@pytest.fixture
def mailbox() -> Iterator[tuple[type[Mailbox], int]]:
    handler = type("Fresh", (Mailbox,), {"taken": [], "is_down": False})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield handler, server.server_address[1]
        server.shutdown()


def mailing(port: int) -> Settings:
    smtp = SmtpSettings(host="127.0.0.1", port=port, security="none", sender="watch@news.example")
    return Settings(watch=WatchSettings(mail=("desk@news.example",)), smtp=smtp)


def failed_at_once(db: Database, settings: Settings) -> None:
    opened(db)
    for hours in range(3):
        for slug in CARDS:
            visit(db, hours, Reason.FAILED_DNS, slug)
    look(db, 3, settings)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_alarms_are_mailed_in_one_message_and_nothing_is_lost_while_the_server_is_down(
    db: Database, mailbox: tuple[type[Mailbox], int]
) -> None:
    box, port = mailbox
    settings = mailing(port)
    failed_at_once(db, settings)
    box.is_down = True
    at = NOON + timedelta(hours=3)
    assert noticing.notify(db, settings, at) == {DeliveryState.WAITING: 2}
    assert "554" in (notices.standings(db)["mail"].detail or "")
    assert noticing.notify(db, settings, at) == {}
    box.is_down = False
    later = at + timedelta(minutes=1)
    assert noticing.notify(db, settings, later) == {DeliveryState.DELIVERED: 2}
    assert len(box.taken) == 1
    assert "Subject: [Aggregator] 2 new alarms" in box.taken[0]
    assert "harbour: failing since 2031-04-05 12:00 UTC" in box.taken[0]
    visit(db, 4)
    visit(db, 5)
    look(db, 5.1, settings)
    assert noticing.notify(db, settings, later) == {}  # gathered: a message every 15 minutes at most
    assert noticing.notify(db, settings, NOON + timedelta(hours=6)) == {DeliveryState.DELIVERED: 1}
    assert "Over:" in box.taken[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_an_alarm_that_was_over_before_anybody_was_told_nobody_is_told(
    db: Database, mailbox: tuple[type[Mailbox], int]
) -> None:
    box, port = mailbox
    settings = mailing(port)
    failed_at_once(db, settings)
    for hours in (4, 5):
        for slug in CARDS:
            visit(db, hours, slug=slug)
    look(db, 6, settings)
    assert noticing.notify(db, settings, NOON + timedelta(hours=6)) == {}
    assert box.taken == []


class Hook(BaseHTTPRequestHandler):
    """A webhook that keeps what it is told."""

    got: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_webhook_is_told_of_alarms_signed_and_of_nothing_else(db: Database) -> None:
    handler = type("Fresh", (Hook,), {"got": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        hook = WebhookSettings(
            url=f"http://127.0.0.1:{server.server_address[1]}/", secret=SecretStr(SIGNS), events=()
        )
        settings = Settings(webhooks={"ops": hook}, watch=WatchSettings(webhooks=("ops",)))
        failed_at_once(db, settings)
        noticing.notify(db, settings, NOON + timedelta(hours=3))
        server.shutdown()
    ((headers, body),) = handler.got
    told = json.loads(body)
    assert told["type"] == "alarms"
    assert [alarm["outlet"] for alarm in told["data"]["raised"]] == ["harbour", "summit"]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(SIGNS.encode(), content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_an_acknowledged_alarm_stays_until_it_is_over(db: Database) -> None:
    failed_at_once(db, Settings())
    assert alarms.acknowledge(db, [1], "lin", NOON) == [1]
    states = {alarm.id: alarm.state for alarm in look(db, 4).standing}
    assert states == {1: AlarmState.ACKNOWLEDGED, 2: AlarmState.RAISED}
