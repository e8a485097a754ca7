"""Clusters of articles that carry one text, made one by one in the order of time, in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregator.dedupe.candidates import COMMON_CLUSTERS, best, chosen, hits, period_of
from aggregator.dedupe.likeness import Likeness
from aggregator.dedupe.shingles import Sample, sample
from aggregator.dedupe.words import Words
from aggregator.model.duplicate import CopyKind


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs: its cluster, named by the id of its first article, and what told so."""

    cluster: str
    of: str | None = None
    kind: CopyKind | None = None
    likeness: Likeness | None = None
    shared_rows: int = 0


@dataclass(slots=True)
class _Period:
    """What is remembered of one period's articles."""

    number: int
    rows: dict[int, tuple[str, ...]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, Words] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)


class Clusters:
    """All clusters of the last two periods. Memory holds about 8 kB for each of their articles."""

    def __init__(self) -> None:
        self._periods: list[_Period] = []

    def add(self, name: str, outlet: str, at: datetime, text: Words, text_hash: str | None) -> Placed:
        """Place an article; ``at`` must not lie before that of the one added last.

        ``text_hash`` is that of ``fingerprint.text_hash``: equal ones are equal texts.
        """
        self._turn(period_of(at))
        found = sample(text)
        placed = self._equal(outlet, text_hash) or self._alike(outlet, text, found) or Placed(name)
        period = self._periods[-1]
        period.texts[name] = text
        period.clusters[name] = placed.cluster
        period.outlets[name] = outlet
        if text_hash:
            period.hashes.setdefault(text_hash, name)
        self._keep_rows(name, placed.cluster, found)
        return placed

    def _turn(self, number: int) -> None:
        """Begin a new period if it is time, and forget what is older than the last one."""
        if not self._periods or number > self._periods[-1].number:
            self._periods = [p for p in self._periods if p.number == number - 1] + [_Period(number)]

    def _equal(self, outlet: str, text_hash: str | None) -> Placed | None:
        for period in reversed(self._periods) if text_hash else ():
            if first := period.hashes.get(text_hash or ""):
                kind = CopyKind.IDENTICAL if period.outlets[first] == outlet else CopyKind.SYNDICATED
                return Placed(period.clusters[first], first, kind)
        return None

    def _alike(self, outlet: str, text: Words, found: Sample) -> Placed | None:
        seen = hits(found, lambda row: [name for p in self._periods for name in p.rows.get(row, ())])
        candidates = chosen(seen, lambda name: self._period_of(name).clusters[name])
        match = best(text, outlet, candidates, self._known, seen.probes)
        if match is None:
            return None
        cluster = self._period_of(match.of).clusters[match.of]
        return Placed(cluster, match.of, match.likeness.kind, match.likeness, match.shared_rows)

    def _known(self, name: str) -> tuple[Words, str]:
        period = self._period_of(name)
        return period.texts[name], period.outlets[name]

    def _period_of(self, name: str) -> _Period:
        return next(period for period in self._periods if name in period.texts)

    def _keep_rows(self, name: str, cluster: str, found: Sample) -> None:
        """Remember an article's rows; of a cluster each once, so that copies do not make them common."""
        period = self._periods[-1]
        for row in found.rows:
            holders = period.rows.get(row, ())
            if len(holders) < COMMON_CLUSTERS and all(period.clusters[one] != cluster for one in holders):
                period.rows[row] = (*holders, name)
