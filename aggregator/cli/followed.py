"""Copies that followed their originals or their rights, as a person reads them."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aggregator.cli.context import stdout

if TYPE_CHECKING:
    from aggregator.following import Followed

_MOST_LINES = 50


def print_followed(copies: "Iterable[Followed]") -> int:
    """Print what became of each copy, the first ones by name, and the counts; how many there were."""
    console = stdout()
    counts: Counter[str] = Counter()
    for copy in copies:
        counts[copy.outcome.value] += 1
        if counts.total() <= _MOST_LINES:
            console.print(_line(copy), markup=False, soft_wrap=True)
    if counts.total() > _MOST_LINES:
        console.print(f"and {counts.total() - _MOST_LINES} more", markup=False)
    if counts:
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        console.print(f"what is out: {words}", markup=False)
    return counts.total()


def _line(copy: "Followed") -> str:
    out = copy.publication
    modes = out.mode.value if out.mode is copy.mode else f"{out.mode.value} to {copy.mode.value}"
    because = f": {copy.reason}" if copy.reason else ""
    return f"{copy.outcome.value:9}  {out.id:>6}  {out.outlet}  {modes}  {out.headline}{because}"
