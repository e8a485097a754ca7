"""Near-duplicates in the store: shingles, looked up and written in the transaction of their articles."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from aggregator.dedupe.candidates import COMMON_CLUSTERS, best, chosen, hits
from aggregator.dedupe.verdict import decide_near
from aggregator.dedupe.words import Words, words
from aggregator.model.article import plain_text
from aggregator.model.duplicate import Copy, Fresh, Original
from aggregator.store.incoming import IncomingArticle
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, ShingleRow
from aggregator.store.stock import Stock

# One parameter for thousands of values: binding each would cost more than looking it up.
_FIND: Final = {
    "sqlite": text(
        "SELECT s.period, s.hash, s.article_id FROM json_each(:periods) era CROSS JOIN json_each(:hashes) h "
        "CROSS JOIN shingle s ON s.period = era.value AND s.hash = h.value"
    ),
    "postgresql": text(
        "SELECT s.period, s.hash, s.article_id FROM shingle s "
        "JOIN unnest(CAST(:hashes AS bigint[])) h ON s.hash = h "
        "WHERE s.period = ANY(CAST(:periods AS int[]))"
    ),
}
_KEEP: Final = {
    "sqlite": text(
        "INSERT OR IGNORE INTO shingle (period, hash, article_id) "
        "SELECT value ->> 0, value ->> 1, value ->> 2 "
        "FROM json_each(:rows)"
    ),
    "postgresql": text(
        "INSERT INTO shingle (period, hash, article_id) "
        "SELECT * FROM unnest(CAST(:periods AS int[]), CAST(:hashes AS bigint[]), CAST(:ids AS bigint[])) "
        "ON CONFLICT DO NOTHING"
    ),
}


class Near:
    """The shingles that a batch asks for, and those that it adds; earlier articles of the batch count."""

    def __init__(self, session: Session, stock: Stock, pages: Sequence[IncomingArticle]) -> None:
        self._session = session
        self._stock = stock
        self._dialect = session.get_bind().dialect.name
        self._holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._texts: dict[int, Words] = {}
        self._added: list[tuple[int, int, int]] = []
        self._load(pages)

    def verdict(self, page: IncomingArticle, but: int | None = None) -> Copy | Original | Fresh:
        """What an article is by its text alone; ``but`` is left out: its own number, if it has one."""
        found = hits(page.sample, lambda row: self._near(row, page.period, but))
        self._stock.load_more(self._session, [article_id for article_id, _ in found.shared])
        candidates = chosen(found, self._cluster_of)
        self._load_texts([article_id for article_id, _ in candidates])
        match = best(page.words, page.visit.outlet, candidates, self._known, found.probes)
        if match is None:
            return Fresh()
        return decide_near(page.article, page.fingerprint, match, self._stock.get(match.of).candidate)

    def put(self, page: IncomingArticle, article_id: int) -> None:
        """Keep an article's shingles, but those that its cluster or too many others hold already."""
        self._texts[article_id] = page.words
        cluster = self._cluster_of(article_id)
        if cluster != article_id:
            holders = (held for row in page.sample.rows for _, held in self._holders.get(row, ()))
            self._stock.load_more(self._session, holders)
        for row in page.sample.rows:
            held = [one for period, one in self._holders.get(row, ()) if period == page.period]
            if len(held) < COMMON_CLUSTERS and all(self._is_of_another(one, cluster) for one in held):
                self._holders[row].append((page.period, article_id))
                self._added.append((page.period, row, article_id))

    def write(self) -> None:
        """Write what was added, sorted as the table is."""
        if not self._added:
            return
        rows = sorted(self._added)
        if self._dialect == "sqlite":
            values: dict[str, object] = {"rows": json.dumps(rows, separators=(",", ":"))}
        else:
            periods, hashes, ids = zip(*rows, strict=True)
            values = {"periods": list(periods), "hashes": list(hashes), "ids": list(ids)}
        self._session.execute(_KEEP[self._dialect], values)

    def _load(self, pages: Sequence[IncomingArticle]) -> None:
        if not pages:
            return
        newest = self._session.execute(select(func.max(ShingleRow.period))).scalar()
        wanted: dict[int, set[int]] = defaultdict(set)
        for page in pages:
            wanted[page.period].update(page.sample.probes)
        for period, rows in wanted.items() if newest is not None else ():
            periods = [one for one in (period - 1, period, period + 1) if newest is None or one <= newest]
            for found, row, article_id in self._find(periods, sorted(rows)):
                if (found, article_id) not in self._holders[row]:
                    self._holders[row].append((found, article_id))

    def _find(self, periods: list[int], rows: list[int]) -> list[tuple[int, int, int]]:
        values = (
            {"periods": json.dumps(periods), "hashes": json.dumps(rows, separators=(",", ":"))}
            if self._dialect == "sqlite"
            else {"periods": periods, "hashes": rows}
        )
        return [(a, b, c) for a, b, c in self._session.execute(_FIND[self._dialect], values)]

    def _near(self, row: int, period: int, but: int | None) -> list[int]:
        held = self._holders.get(row, ())
        return list(dict.fromkeys(one for when, one in held if abs(when - period) <= 1 and one != but))

    def _cluster_of(self, article_id: int) -> int:
        candidate = self._stock.get(article_id).candidate
        return candidate.family or candidate.is_copy_of or article_id

    def _is_of_another(self, article_id: int, cluster: int) -> bool:
        # What a new original did not even load as a candidate is no copy of it.
        return not self._stock.has(article_id) or self._cluster_of(article_id) != cluster

    def _known(self, article_id: int) -> tuple[Words, str]:
        return self._texts[article_id], self._stock.get(article_id).candidate.outlet

    def _load_texts(self, ids: Sequence[int]) -> None:
        missing = [article_id for article_id in ids if article_id not in self._texts]
        if not missing:
            return
        query = select(ArticleRevisionRow.article_id, ArticleRevisionRow.blocks).join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        for article_id, blocks in self._session.execute(query.where(ArticleRow.id.in_(missing))):
            self._texts[article_id] = words(plain_text(blocks_of(blocks)))
