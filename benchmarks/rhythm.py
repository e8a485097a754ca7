"""Rhythm: when outlets are asked, and how soon their articles are seen, over generated weeks.

    python benchmarks/rhythm.py 101 102 103

Each number is a seed of sixty generated outlets (``watching/outlets.py``): large to weekly, with nights,
weekends, bursts and holidays. Eight weeks of visits teach; then a fortnight is visited every 15 minutes, by
the share of new entries alone, and by the learned week, through the schedule's own code.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from watching.fortnight import FORTNIGHT, crawled  # noqa: E402
from watching.outlets import Made, Piece, World  # noqa: E402

from aggregator.model.crawl import Reason  # noqa: E402
from aggregator.model.outlet import Adaptive, Outlet, Seed, SeedKind  # noqa: E402
from aggregator.model.page import Validator  # noqa: E402
from aggregator.model.watched import Usual  # noqa: E402
from aggregator.schedule.due import VISITS, Rhythm, next_run  # noqa: E402
from aggregator.store.crawls import SeedVisit  # noqa: E402
from aggregator.watch.rhythm import Shape, shape, tally  # noqa: E402
from aggregator.watch.usual import WEEKS, Past, learn  # noqa: E402

LISTED: Final = 30
"""Entries that a feed lists."""

SEED: Final = Seed(SeedKind.FEED, "https://outlet.example/feed.xml")
Next = Callable[[datetime, Sequence[SeedVisit]], datetime]


def visited(pieces: Sequence[Piece], begin: datetime, following: Next) -> tuple[int, list[float], int]:
    """Visits of a fortnight, minutes that each article waited for one, and articles that no visit saw."""
    at, end, number = begin, begin + FORTNIGHT, 0
    visits: list[SeedVisit] = []
    delays: list[float] = []
    count = lost = 0
    while at < end:
        count += 1
        new = []
        while number < len(pieces) and pieces[number].at <= at:
            new.append(pieces[number])
            number += 1
        lost += max(len(new) - LISTED, 0)
        delays += [(at - piece.at) / timedelta(minutes=1) for piece in new]
        visits = [
            SeedVisit("o", SEED, Reason.STORED, 200, None, Validator(), LISTED, len(new), at),
            *visits,
        ][:VISITS]
        at = following(at, visits)
    return count, delays, lost


def learned(world: World, outlet: Made, pieces: Sequence[Piece], everybody: Shape, begin: datetime) -> Usual:
    """What eight weeks have taught of an outlet."""
    hours, _ = crawled(world, outlet, pieces, None, begin)
    return learn(outlet.slug, hours, everybody, Past(), begin)


def ways(outlet: Made, usual: Usual) -> dict[str, Next]:
    """The schedules that are compared."""
    card = Outlet(outlet.slug, outlet.slug, "https://x.example", "en", "IE", (SEED,), schedule=Adaptive())
    return {
        "every 15 minutes": lambda at, _: at + timedelta(minutes=15),
        "by the share of new entries": lambda at, visits: next_run(card, at, Rhythm(visits), at),
        "by the learned week": lambda at, visits: next_run(card, at, Rhythm(visits, usual), at),
    }


def main() -> None:
    """Run all seeds and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seeds", type=int, nargs="+")
    for seed in parser.parse_args().seeds:
        print(f"seed {seed}: 60 generated outlets, a fortnight")
        for name, (count, delays, medians, lost) in compared(seed).items():
            print(
                f"  {name:28} {count:7} visits, an article waits {median(delays):5.1f} min (median), "
                f"{mean(delays):5.1f} (mean); median outlet {median(medians):6.1f}; {lost} lost"
            )


def compared(seed: int, every: int = 1) -> dict[str, tuple[int, list[float], list[float], int]]:
    """Each way with its visits, all delays, each outlet's median delay, and articles that were lost.

    ``every`` takes one of so many outlets.
    """
    world = World(seed, WEEKS + 2)
    world.outlets = world.outlets[::every]
    begin = world.start + timedelta(weeks=WEEKS)
    pieces = {outlet.slug: list(world.pieces(outlet)) for outlet in world.outlets}
    everybody = shape(
        tally(crawled(world, outlet, pieces[outlet.slug], None, begin)[0]) for outlet in world.outlets[::4]
    )
    found: dict[str, tuple[int, list[float], list[float], int]] = {}
    for outlet in world.outlets:
        usual = learned(world, outlet, pieces[outlet.slug], everybody, begin)
        later = [piece for piece in pieces[outlet.slug] if piece.at >= begin]
        for name, following in ways(outlet, usual).items():
            count, delays, lost = visited(later, begin, following)
            before = found.get(name, (0, [], [], 0))
            medians = before[2] + ([median(delays)] if delays else [])
            found[name] = (before[0] + count, before[1] + delays, medians, before[3] + lost)
    return found


if __name__ == "__main__":
    main()
