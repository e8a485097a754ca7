"""What the programs' answers add up to, as Markdown tables."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

from extraction.contest import Answer, live_blog
from extraction.corpus import GENERAL, NEWS, Row
from extraction.programs import PEER

DAY_CHARS = len("2026-01-31")
MISSING = "-"


@dataclass
class Results:
    """What a program's pages gave: scores by set, what it told at all, costs, faults."""

    scores: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    told: set[str] = field(default_factory=set)
    costs: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    live_cost: float = 0.0

    def take(self, truth: Row, answer: Answer, score: ModuleType) -> None:
        """Count one page."""
        self.scores[truth["source_benchmark"]].append(score.page(truth, answer.row))
        self.told |= {name for name, value in answer.row.items() if value}
        if len(answer.row.get("published") or "") > DAY_CHARS:
            self.told.add("time")
        self.costs.append(answer.cost)
        if answer.fault:
            self.faults[answer.fault] += 1


def report(results: dict[str, Results], score: ModuleType) -> str:
    """All tables as Markdown."""
    parts = ("### Body: F1 of 4-grams", quality(results, score)), ("### Fields", fields(results, score))
    costs = ("### CPU milliseconds a page", cost(results))
    return "\n\n".join(f"{heading}\n\n{table}" for heading, table in (*parts, costs))


def quality(results: dict[str, Results], score: ModuleType) -> str:
    """F1 of each set, of the news sets together, and how far WCXB is from the peer's."""
    counts = Counter({name: len(rows) for name, rows in next(iter(results.values())).scores.items()})
    general = {name: _summary(score, result, GENERAL).get("F1") for name, result in results.items()}
    rows = []
    for name, result in results.items():
        sets = [_summary(score, result, one).get("F1") for one in NEWS]
        pooled = _summary(score, result, *NEWS)
        faults = ", ".join(f"{count} {word}" for word, count in result.faults.items())
        here, there = general[name], general.get(PEER)
        gap = f"{here - there:+.3f}" if here is not None and there is not None else MISSING
        told = [*sets, pooled.get("F1"), pooled.get("P"), pooled.get("R"), here]
        rows.append([name, *map(_share, told), gap, faults or MISSING])
    heads = [f"{one} ({counts[one]})" for one in NEWS]
    news = sum(counts[one] for one in NEWS)
    heads += [f"news ({news})", "precision", "recall", f"WCXB ({counts[GENERAL]})", "WCXB gap", "failed"]
    return _table(["program", *heads], rows)


FIELDS = {
    "title_exact": ("title", "title"),
    "title_norm": ("title, folded", "title"),
    "day": ("day", "published"),
    "exact": ("time", "time"),
    "author": ("authors F1", "authors"),
    "lang": ("language", "lang"),
}
"""Each score's heading, and what a program must tell at all to have one."""


def fields(results: dict[str, Results], score: ModuleType) -> str:
    """Title, date, authors and language over all pages whose truth tells them."""
    whole = {name: _summary(score, result, *result.scores) for name, result in results.items()}
    counts = next(iter(whole.values()))
    heads = [f"{words} ({counts.get(f'n_{key}', 0)})" for key, (words, _) in FIELDS.items()]
    rows = [
        [
            name,
            *(
                _share(one.get(key) if need in results[name].told else None)
                for key, (_, need) in FIELDS.items()
            ),
        ]
        for name, one in whole.items()
    ]
    return _table(["program", *heads], rows)


def cost(results: dict[str, Results]) -> str:
    """CPU milliseconds, and as ratios to the peer's in the same run."""
    peer = results.get(PEER)
    rows = []
    for name, result in results.items():
        costs = sorted(result.costs)
        median, mean = statistics.median(costs), statistics.mean(costs)
        ratios = [MISSING, MISSING]
        if peer is not None:
            ratios = [
                f"{median / statistics.median(peer.costs):.2f}",
                f"{mean / statistics.mean(peer.costs):.2f}",
            ]
        told = (median, mean, _quantile(costs, 0.95), _quantile(costs, 0.99), costs[-1], result.live_cost)
        rows.append([name, *(f"{one:.1f}" for one in told), *ratios])
    live = f"live blog of {len(live_blog()) / 1e6:.1f} MB"
    heads = ["median", "mean", "p95", "p99", "max", live, "median ratio", "mean ratio"]
    return _table(["program", *heads], rows)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _summary(score: ModuleType, result: Results, *sets: str) -> Row:
    rows = [row for one in sets for row in result.scores.get(one, ())]
    return dict(score.summary(rows)) if rows else {}


def _share(value: float | None) -> str:
    return MISSING if value is None else f"{value:.3f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[number]) for row in (heads, *rows)) for number in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cells[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)),
        ]
        return f"| {' | '.join(padded)} |"

    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join((line(heads), f"| {' | '.join(marks)} |", *map(line, rows)))
