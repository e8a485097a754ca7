"""Generated outlets: how each of them publishes, what its articles are like, and how it is visited."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

HOUR: Final = timedelta(hours=1)
MONDAY: Final = datetime(2031, 3, 3, tzinfo=UTC)
COUNTRIES: Final = (("AA", 0), ("BB", 1), ("CC", -5), ("DD", 8), ("EE", 3), ("FF", 10))
"""Countries with their hours east of Greenwich."""

_SIZES: Final = (("large", 10), ("middle", 24), ("small", 16), ("tiny", 5), ("weekly", 5))


@dataclass(frozen=True)
class Pages:
    """Where texts stand on an outlet's pages: how often by each of its templates, how often elsewhere."""

    templates: tuple[float, ...]
    odd: float

    @classmethod
    def drawn(cls, random: Random) -> "Pages":
        """Half of outlets have one template; a third sets one text in twenty to four elsewhere."""
        others = random.choice((0, 0, 0, 1, 1, 2))
        odd = random.choice((0.0, random.uniform(0, 0.05), random.uniform(0.05, 0.25)))
        return cls((1.0, *(random.uniform(0.02, 0.8) for _ in range(others))), odd)

    def container(self, random: Random, day: int, odd: float) -> str:
        """Where the next text stands; of the day's odd ones half stand in one place."""
        if random.random() < odd:
            return random.choice((f"text {random.random()}", f"special {day}"))
        return f"template {random.choices(range(len(self.templates)), self.templates)[0]}"


@dataclass(frozen=True)
class Made:
    """A generated outlet: its true rate an hour of the local week, and what its articles are like."""

    slug: str
    size: str
    country: str
    rates: tuple[float, ...]
    days_spread: float
    bursts: float
    visit_minutes: float
    failures: float
    byline: float
    date: float
    image: float
    complete: float
    foreign: float
    copies: float
    copies_spread: float
    no_article: float
    chars: float
    chars_spread: float
    briefs: float
    cut: float
    lag_minutes: float
    pages: Pages

    @property
    def a_day(self) -> float:
        """Articles a day."""
        return sum(self.rates) / 7


@dataclass(frozen=True)
class Piece:
    """An article as it was published, before anything goes wrong with it."""

    at: datetime
    byline: bool
    date: bool
    image: bool
    complete: bool
    foreign: bool
    copy: bool
    no_article: bool
    chars: int
    cut: float
    lag_minutes: float
    container: str = ""


@dataclass
class World:
    """All outlets of a seed, the holidays of their countries, and what they publish in so many weeks."""

    seed: int
    weeks: int
    start: datetime = MONDAY
    outlets: list[Made] = field(default_factory=list)
    holidays: dict[str, dict[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw outlets and holidays."""
        random = Random(self.seed)
        sizes = [size for size, count in _SIZES for _ in range(count)]
        for number, size in enumerate(sizes):
            slug = f"outlet-{number:02}"
            self.outlets.append(_outlet(random, slug, size, Pages.drawn(Random(f"{self.seed} {slug} pages"))))
        for country, _ in COUNTRIES:
            days = random.sample(range(self.weeks * 7), k=random.choice((1, 2, 3)))
            self.holidays[country] = {day: random.uniform(0.25, 0.6) for day in days}

    def pieces(self, outlet: Made) -> Iterator[Piece]:
        """What an outlet publishes, in order of time."""
        random, on_pages = Random(f"{self.seed} {outlet.slug}"), Random(f"{self.seed} {outlet.slug} texts")
        for day in range(self.weeks * 7):
            published = _weekly if outlet.size == "weekly" else _day
            odd = min(outlet.pages.odd * on_pages.expovariate(1), 0.9)
            for piece in published(random, self, outlet, day):
                yield replace(piece, container=outlet.pages.container(on_pages, day, odd))


def _outlet(random: Random, slug: str, size: str, pages: Pages) -> Made:
    country, offset = random.choice(COUNTRIES)
    daily = {
        "large": random.uniform(60, 150),
        "middle": random.uniform(10, 45),
        "small": random.uniform(2, 8),
        "tiny": random.uniform(0.3, 0.8),
        "weekly": 1 / 7,
    }[size]
    return Made(
        slug=slug,
        size=size,
        country=country,
        rates=_rates(random, daily, offset),
        days_spread=random.uniform(0.12, 0.35),
        bursts=random.uniform(0.2, 0.8),
        visit_minutes=random.choice((15, 20, 30, 45, 60, 90, 120)),
        failures=random.uniform(0.001, 0.02),
        byline=random.choice((random.uniform(0.85, 1), random.uniform(0.3, 0.8))),
        date=random.uniform(0.95, 1),
        image=random.choice((random.uniform(0.85, 1), random.uniform(0.4, 0.8))),
        complete=random.choice((1.0, random.uniform(0.7, 0.95))),
        foreign=random.choice((0.0, random.uniform(0, 0.06))),
        copies=random.choice((0.02, random.uniform(0.05, 0.4))),
        copies_spread=random.uniform(0.1, 0.5),
        no_article=random.choice((0.0, random.uniform(0, 0.1))),
        chars=random.uniform(900, 5000),
        chars_spread=random.uniform(0.3, 0.7),
        briefs=random.choice((0.0, random.uniform(0.05, 0.3))),
        cut=random.uniform(0.01, 0.15),
        lag_minutes=random.uniform(2, 60),
        pages=pages,
    )


def _rates(random: Random, daily: float, offset: int) -> tuple[float, ...]:
    """A day with one or two hills and a night, weekdays that differ, and a weekend."""
    hills = [
        (random.uniform(6, 12), random.uniform(2, 4), 1.0),
        (random.uniform(13, 20), random.uniform(2, 4), 0.8),
    ]
    night = random.uniform(0.01, 0.15)
    hours = [
        night + sum(height * math.exp(-(((hour - at) / width) ** 2) / 2) for at, width, height in hills)
        for hour in range(24)
    ]
    weekdays = [random.uniform(0.85, 1.15) for _ in range(5)]
    weekdays += [
        weekend := random.choice((random.uniform(0.1, 0.4), random.uniform(0.5, 0.9))),
        weekend * 1.1,
    ]
    local = [weekdays[number // 24] * hours[number % 24] for number in range(168)]
    total = sum(local)
    return tuple(local[(number + offset) % 168] * daily * 7 / total for number in range(168))


def _day(random: Random, world: World, outlet: Made, day: int) -> Iterator[Piece]:
    spread = outlet.days_spread
    busy = random.gammavariate(1 / spread**2, spread**2) * world.holidays[outlet.country].get(day, 1.0)
    copies = min(max(random.gauss(outlet.copies, outlet.copies * outlet.copies_spread), 0.0), 0.9)
    for hour in range(24):
        at = world.start + timedelta(days=day, hours=hour)
        burst = random.gammavariate(1 / outlet.bursts**2, outlet.bursts**2)
        mean = outlet.rates[at.weekday() * 24 + hour] * busy * burst
        minutes = sorted(random.uniform(0, 60) for _ in range(_poisson(random, mean)))
        yield from (_piece(random, outlet, at + timedelta(minutes=minute), copies) for minute in minutes)


def _weekly(random: Random, world: World, outlet: Made, day: int) -> Iterator[Piece]:
    """One issue a week, on its weekday, at an hour that moves."""
    if day % 7 == int(outlet.slug[-2:]) % 5:
        at = world.start + timedelta(days=day, hours=min(max(random.gauss(10, 4), 0), 23.9))
        yield _piece(random, outlet, at, outlet.copies)


def _piece(random: Random, outlet: Made, at: datetime, copies: float) -> Piece:
    is_brief = random.random() < outlet.briefs
    return Piece(
        at=at,
        byline=random.random() < outlet.byline,
        date=random.random() < outlet.date,
        image=random.random() < outlet.image,
        complete=random.random() < outlet.complete,
        foreign=random.random() < outlet.foreign,
        copy=random.random() < copies,
        no_article=random.random() < outlet.no_article,
        chars=int(350 if is_brief else outlet.chars * math.exp(random.gauss(0, outlet.chars_spread))),
        cut=min(random.betavariate(2, 2 / outlet.cut - 2), 0.9),
        lag_minutes=outlet.lag_minutes * math.exp(random.gauss(0, 0.8)),
    )


def _poisson(random: Random, mean: float) -> int:
    """Knuth's way; means here are below a hundred."""
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count
