"""The watch over outlets, over simulated fortnights: what it finds, how soon, how often it cries in vain.

    python benchmarks/watch.py 101 102 103

Each number is a seed: sixty generated outlets (large to weekly, in six countries, with nights, weekends,
bursts, slack days and holidays), eight weeks to learn from, then a fortnight in which 24 faults befall 24 of
them. A fault counts as found when an alarm of its kind is raised within one expected interval and a half:
the longest pause of the outlet in the weeks that were learned, a day at least (of a licence page: the week
between two looks). Every other alarm is a false one.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from watching.fortnight import HOUR, Outcome, run  # noqa: E402


def main() -> None:
    """Run all seeds and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--hours", type=float, default=1, help="between two looks")
    asked = parser.parse_args()
    outcomes = []
    for seed in asked.seeds:
        start = time.process_time()
        outcomes.append(run(seed, asked.hours * HOUR))
        print(line(outcomes[-1], time.process_time() - start), flush=True)
    whole(outcomes)


def line(outcome: Outcome, seconds: float) -> str:
    """A seed's result, and what was wrong in it."""
    found = [alarm for _, _, alarm in outcome.found if alarm]
    counts = f"{len(found)} of {len(outcome.found)} found, {len(outcome.false)} false alarms"
    told = [f"seed {outcome.seed}: {counts} of {len(outcome.alarms)}, {seconds:.0f} s of CPU"]
    told += [
        f"    missed: {fault.kind.name}, {fault.outlet.size}, {fault.outlet.a_day:.1f} a day, "
        f"within {1.5 * interval / HOUR:.0f} h"
        for fault, interval, alarm in outcome.found
        if alarm is None
    ]
    told += [
        f"    false: {alarm.finding.outlet}: {alarm.finding.kind.value}: {alarm.finding.words}"
        for alarm in outcome.false
    ]
    return "\n".join(told)


def whole(outcomes: list[Outcome]) -> None:
    """The kinds over all seeds, and the two figures that count."""
    hours: dict[str, list[float]] = {}
    counts: Counter[str] = Counter()
    for fault, _, alarm in (each for outcome in outcomes for each in outcome.found):
        counts[fault.kind.name] += 1
        hours.setdefault(fault.kind.name, [])
        if alarm:
            hours[fault.kind.name].append((alarm.raised_at - fault.start) / HOUR)
    print(f"\n{'fault':28} {'found':>9} {'hours to the alarm (median, longest)':>38}")
    for name, number in counts.items():
        took = hours[name]
        words = f"{median(took):8.1f} {max(took):8.1f}" if took else ""
        print(f"{name:28} {len(took):3} of {number:2} {words:>38}")
    false = sum(len(outcome.false) for outcome in outcomes) / len(outcomes) / 2
    found = [sum(alarm is not None for *_, alarm in outcome.found) for outcome in outcomes]
    print(
        f"\nfound of 24: {sum(found) / len(found):.1f} (least {min(found)}); false alarms a week: {false:.2f}"
    )


if __name__ == "__main__":
    main()
