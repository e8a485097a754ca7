"""What the watch, the scheduler and people leave behind: usuals, alarms, slips, takedowns, the log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.alarm import AlarmKind, Finding
from aggregator.model.crawl import RunState
from aggregator.model.desk import Action, CardVersion, Role, Scope, Token
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Outlet
from aggregator.model.slip import Slip, SlipKind
from aggregator.model.takedown import NewRequest, Order, TakedownScope
from aggregator.model.watched import Level, Share, Usual
from aggregator.store import (
    alarms,
    audit,
    crawls,
    desk_cards,
    desk_tokens,
    desk_users,
    licence_pages,
    robots_files,
    slips,
    takedown_requests,
    takedowns,
    usuals,
)
from aggregator.store.engine import Database
from aggregator.watch.measures import LEVELS, SHARES
from aggregator.watch.settling import Turn

ACTIONS: Final = 3_000
ALARMS: Final = 120
SLIPS: Final = 600
TAKEDOWNS: Final = 60
REQUESTS: Final = 80
UNDER_WAY: Final = 3
USERS: Final = 20
_HOUR: Final = timedelta(hours=1)


def happen(db: Database, made: Sequence[Outlet], hour: datetime) -> None:
    """Write all of it, the newest at ``hour``."""
    usuals.keep(db, [_usual(one.slug, number, hour) for number, one in enumerate(made)])
    _pages_of_outlets(db, made, hour)
    _alarms(db, made, hour)
    slips.note(db, [_slip(made[number % len(made)].slug, number, hour) for number in range(SLIPS)])
    _people(db, made, hour)
    _takedowns(db, hour)
    for place in range(UNDER_WAY):
        batch = [one.slug for one in made[place * 50 : place * 50 + 50]]
        if batch:
            run = crawls.start_run(db, batch, 1, at=hour - timedelta(minutes=5))
            crawls.end_run(db, run, RunState.INTERRUPTED, "killed", at=hour)


def _usual(slug: str, number: int, hour: datetime) -> Usual:
    """A learned week, busier by day, of about ten articles a day."""
    rates = tuple(0.1 + 0.06 * ((place + number) % 24) for place in range(168))
    shares = {name: Share(0.9, 40.0, 400) for name in SHARES}
    levels = {name: Level((800.0, 1500.0, 2100.0, 3000.0, 6000.0), 40.0, 400) for name in LEVELS}
    return Usual(slug, hour, 6.0, 400, rates, 8.0, 20.0, 1.4, 1.0, shares, levels)


def _pages_of_outlets(db: Database, made: Sequence[Outlet], hour: datetime) -> None:
    for number, one in enumerate(made):
        robots_files.note(db, one.slug, one.homepage.rstrip("/"), (200, "user-agent: *\ndisallow: /x"), hour)
        if number % 2:
            page = LicencePage(
                one.slug, f"{one.homepage}licence", hour, "0" * 64, text="All may be copied. " * 60
            )
            licence_pages.keep(db, page)


def _alarms(db: Database, made: Sequence[Outlet], hour: datetime) -> None:
    """Half of them are over; twenty of those that are not were seen by somebody."""
    kinds = tuple(AlarmKind)
    findings = tuple(
        Finding(
            made[number * 7 % len(made)].slug,
            kinds[number % len(kinds)],
            hour - number * _HOUR,
            "bench",
            "9 of 10 articles used to have a byline; 1 of the last 20 has one",
            str(number),
            0.9,
            0.05,
            20,
        )
        for number in range(2 * ALARMS)
    )
    raised, _ = alarms.apply(db, Turn(findings, (), ()), hour)
    numbers = [one.id for one in raised]
    alarms.resolve(db, numbers[ALARMS:], "olga", hour)
    alarms.acknowledge(db, numbers[:20], "olga", hour)


def _slip(slug: str, number: int, hour: datetime) -> Slip:
    kind = SlipKind.MISSED if number % 3 else SlipKind.OVERLAPPING
    due = hour - number * _HOUR / 4
    return Slip(slug, kind, due, due + _HOUR, 1 + number % 4, 7 if kind is SlipKind.OVERLAPPING else None)


def _people(db: Database, made: Sequence[Outlet], hour: datetime) -> None:
    for number in range(USERS):
        desk_users.add(db, f"person{number}", tuple(Role)[number % 3], "no hash", hour)
        token = Token(0, f"token{number}", frozenset({Scope.READ}), hour, "olga")
        desk_tokens.add(db, token, f"{number:064x}")
    for number in range(ACTIONS):
        slug = made[number % len(made)].slug
        at = hour - (ACTIONS - number) * _HOUR / 4
        text = "\n".join(f'key{line} = "value {number}"' for line in range(20))
        action = Action(f"person{number % USERS}", "card edited", slug, text, text)
        audit.note(db, action if number % 3 else Action("olga", "outlet paused", slug, "not paused"), at)
        if number % 3:
            desk_cards.keep(db, CardVersion(0, slug, at, "olga", "edited", text), None)


def _takedowns(db: Database, hour: datetime) -> None:
    for number in range(TAKEDOWNS):
        order = Order(TakedownScope.ARTICLE, "", "asked by the person in the picture", "olga")
        takedowns.take_down(db, order, [number * 3 + 1], hour - number * _HOUR)
    for number in range(REQUESTS):
        wish = NewRequest(f"https://outlet{number}.example/{number}", "Ada", "ada@quay.example", "It is me.")
        takedown_requests.ask(db, wish, hour - number * _HOUR)
