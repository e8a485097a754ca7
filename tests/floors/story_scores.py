"""How well predicted stories meet labelled ones."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scores:
    precision: float
    recall: float
    b_cubed: float


def scores(found: Mapping[str, object], truth: Mapping[str, str]) -> Scores:
    """Pairwise precision and recall, and B-cubed F1, over the articles of ``found``."""
    both = Counter((truth[name], found[name]) for name in found)
    of_truth = Counter(truth[name] for name in found)
    of_found = Counter(found.values())
    hits = _pairs(both)
    precision = sum(both[truth[n], found[n]] / of_found[found[n]] for n in found) / len(found)
    recall = sum(both[truth[n], found[n]] / of_truth[truth[n]] for n in found) / len(found)
    return Scores(
        hits / max(_pairs(of_found), 1),
        hits / max(_pairs(of_truth), 1),
        2 * precision * recall / (precision + recall),
    )


def moved(one: Mapping[str, object], other: Mapping[str, object]) -> float:
    """Share of articles whose story in ``other`` is not what their story in ``one`` became."""
    became: dict[object, object] = {}
    taken: set[object] = set()
    for (before, after), _ in Counter((one[name], other[name]) for name in one).most_common():
        if before not in became and after not in taken:
            became[before] = after
            taken.add(after)
    return sum(became.get(one[name]) != other[name] for name in one) / len(one)


def _pairs(counts: Counter[object] | Counter[str] | Counter[tuple[str, object]]) -> float:
    return sum(count * (count - 1) / 2 for count in counts.values())
