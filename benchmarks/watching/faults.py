"""Faults: what is made to go wrong at which outlet, when, and which alarms tell of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from watching.outlets import Made, Piece

from aggregator.model.alarm import AlarmKind
from aggregator.model.crawl import Reason

LICENCE_EVERY: Final = timedelta(days=7)
LOCAL = Callable[[Random, Piece], Piece | None]


@dataclass(frozen=True)
class Kind:
    """A kind of fault: the alarms that name it, what it does to articles and visits, whom it may befall.

    ``moves`` is how often it sets texts elsewhere on their pages, too: an assumption, no one recorded layouts
    before and after.
    """

    name: str
    count: int
    told_by: frozenset[AlarmKind]
    change: LOCAL = lambda _, piece: piece
    answer: Callable[[Random], Reason | None] = lambda _: None
    fits: Callable[[Made], bool] = lambda _: True
    days: float | None = None
    moves: float = 0.0
    looked_at_every: timedelta = timedelta()

    def interval(self, of_outlet: timedelta) -> timedelta:
        """The expected interval: the outlet's, at least the time between two looks at what it befalls."""
        return max(of_outlet, self.looked_at_every)


@dataclass(frozen=True)
class Fault:
    """A fault at an outlet; ``end`` is None where nobody repairs it within the fortnight."""

    kind: Kind
    outlet: Made
    start: datetime
    end: datetime | None

    def change(self, random: Random, piece: Piece) -> Piece | None:
        """What becomes of an article while it is so."""
        changed = self.kind.change(random, piece)
        return replace(changed, container=f"new {changed.container}") if changed and self._moves else changed

    @property
    def _moves(self) -> bool:
        return Random(f"{self.outlet.slug} {self.start}").random() < self.kind.moves

    def is_on(self, at: datetime) -> bool:
        """Whether it is so at a moment."""
        return self.start <= at and (self.end is None or at < self.end)


def _sometimes(share: float) -> LOCAL:
    return lambda random, piece: piece if random.random() < share else None


def _always(**changes: object) -> LOCAL:
    return lambda _, piece: replace(piece, **changes)  # type: ignore[arg-type]


def _longer(low: float, high: float) -> LOCAL:
    def change(random: Random, piece: Piece) -> Piece:
        return replace(piece, chars=int(piece.chars * random.uniform(low, high)))

    return change


def _at_least(daily: float) -> Callable[[Made], bool]:
    return lambda outlet: outlet.a_day >= daily


A = AlarmKind
_RATES: Final = frozenset({A.SILENT, A.THIN})
KINDS: Final = (
    Kind("silent", 4, _RATES, _sometimes(0)),
    Kind("thin", 2, _RATES, _sometimes(0.15), fits=_at_least(15)),
    Kind("failing (no address)", 1, frozenset({A.FAILING}), answer=lambda _: Reason.FAILED_DNS),
    Kind("failing (503)", 1, frozenset({A.FAILING}), answer=lambda _: Reason.FAILED_HTTP),
    Kind(
        "failing (three in four)",
        1,
        frozenset({A.FAILING}),
        answer=lambda random: Reason.FAILED_TIMEOUT if random.random() < 0.75 else None,
    ),
    Kind("failing, recovering", 2, frozenset({A.FAILING}), answer=lambda _: Reason.FAILED_HTTP, days=2),
    Kind("layout: text lost", 1, frozenset({A.LAYOUT}), _longer(0.1, 0.3), fits=_at_least(3), moves=0.75),
    Kind("layout: text and more", 1, frozenset({A.LAYOUT}), _longer(3, 5), fits=_at_least(3), moves=0.75),
    Kind("layout: furniture", 1, frozenset({A.LAYOUT}), _always(cut=0.6), fits=_at_least(3)),
    Kind("layout: no article", 1, frozenset({A.LAYOUT}), _always(no_article=True), fits=_at_least(3)),
    Kind(
        "coverage: byline",
        1,
        frozenset({A.COVERAGE}),
        _always(byline=False),
        fits=lambda outlet: outlet.a_day >= 3 and outlet.byline > 0.5,
    ),
    Kind("coverage: date", 1, frozenset({A.COVERAGE}), _always(date=False), fits=_at_least(3)),
    Kind(
        "coverage: picture",
        1,
        frozenset({A.COVERAGE}),
        _always(image=False),
        fits=lambda outlet: outlet.a_day >= 3 and outlet.image > 0.5,
    ),
    Kind("dates: future", 1, frozenset({A.DATES}), _always(lag_minutes=-300), fits=_at_least(3)),
    Kind("dates: a month back", 1, frozenset({A.DATES}), _always(lag_minutes=43_200), fits=_at_least(3)),
    Kind("language", 1, frozenset({A.LANGUAGE}), _always(foreign=True), fits=_at_least(3)),
    Kind("robots.txt", 1, frozenset({A.ROBOTS})),
    Kind("licence page", 1, frozenset({A.LICENCE}), looked_at_every=LICENCE_EVERY),
    Kind(
        "duplicates",
        1,
        frozenset({A.DUPLICATES}),
        _always(copy=True),
        fits=lambda outlet: outlet.a_day >= 3 and outlet.copies < 0.3,
    ),
)


def drawn(
    random: Random,
    outlets: Sequence[Made],
    span: tuple[datetime, datetime],
    intervals: Mapping[str, timedelta],
) -> list[Fault]:
    """All faults, each at an outlet of its own, early enough to be found in one interval and a half.

    Where outlets are few, faults that fit none of those that are left do not happen.
    """
    begin, end = span
    free, faults = list(outlets), []
    wanted = [kind for kind in KINDS for _ in range(kind.count)]
    for kind in sorted(wanted, key=lambda kind: kind.fits(outlets[-1])):
        allowed = {each.slug: 1.5 * kind.interval(intervals[each.slug]) for each in free}
        fitting = [each for each in free if kind.fits(each) and begin + allowed[each.slug] < end]
        if not fitting:
            continue
        outlet = random.choice(fitting)
        free.remove(outlet)
        latest = (end - allowed[outlet.slug] - begin) / timedelta(hours=1)
        start = begin + timedelta(hours=random.uniform(0, latest))
        over = start + timedelta(days=kind.days) if kind.days else None
        faults.append(Fault(kind, outlet, start, over))
    return faults
