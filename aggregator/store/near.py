"""Near-duplicates in the store: shingles, looked up and written in the transaction of their articles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.dedupe.candidates import (
    COMMON_CLUSTERS,
    LEAST_SHARED_ROWS,
    MOST_COMPARED,
    best,
    chosen,
    hits,
)
from aggregator.dedupe.likeness import Likeness, likeness
from aggregator.dedupe.shingles import Sample
from aggregator.dedupe.verdict import decide_near
from aggregator.dedupe.words import Words, words
from aggregator.model.article import Article, plain_text
from aggregator.model.duplicate import Copy, Fingerprint, Fresh, Original
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRevisionRow, ArticleRow
from aggregator.store.shingles import Row, Shingles, note_scheme
from aggregator.store.stock import Stock


class Text(Protocol):
    """A text that is compared: of a page on its way in, or of an article in the store."""

    @property
    def article(self) -> Article:
        """The article whose text it is."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What its address and its text are."""

    @property
    def words(self) -> Words:
        """Its words."""

    @property
    def sample(self) -> Sample:
        """The sample of its shingles."""

    @property
    def period(self) -> int:
        """The number of its period."""


class Near:
    """The shingles that a batch asks for, and those that it adds; earlier articles of the batch count."""

    def __init__(
        self, session: Session, stock: Stock, pages: Sequence[Text], shingles: Shingles | None = None
    ) -> None:
        self._session = session
        self._stock = stock
        self._shingles = shingles or Shingles(session)
        self._holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._texts: dict[int, Words] = {}
        self._blocks: dict[int, list[list[str | int]]] = {}
        self._added: list[Row] = []
        if shingles is None:
            note_scheme(session)
        self._load(pages)

    def verdict(
        self, page: Text, but: int | None = None, before: int | None = None
    ) -> Copy | Original | Fresh:
        """What an article is by its text alone; ``but`` is left out: its own number, if it has one.

        With ``before`` only articles of lower numbers count.
        """
        found = hits(page.sample, lambda row: self._near(row, page.period, but, before))
        self._stock.load_more(self._session, [article_id for article_id, _ in found.shared])
        candidates = chosen(found, self._cluster_of)
        self._load_texts([article_id for article_id, _ in candidates])
        match = best(page.words, page.article.outlet, candidates, self._known, found.probes)
        if match is None:
            return Fresh()
        return decide_near(page.article, page.fingerprint, match, self._stock.get(match.of).candidate)

    def likeness(self, page: Text, article_id: int) -> Likeness:
        """What a page's text is to that of one stored article."""
        self._load_texts([article_id])
        other, outlet = self._known(article_id)
        return likeness(other, page.words, one_outlet=outlet == page.article.outlet)

    def put(self, page: Text, article_id: int) -> None:
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
        """Write what was added."""
        self._shingles.add(self._added)

    def _load(self, pages: Sequence[Text]) -> None:
        wanted: dict[int, set[int]] = defaultdict(set)
        for page in pages:
            for period in (page.period - 1, page.period, page.period + 1):
                wanted[period].update(page.sample.probes)
        for period, row, article_id in self._shingles.find(wanted):
            self._holders[row].append((period, article_id))
        self._load_likely(pages)

    def _load_likely(self, pages: Sequence[Text]) -> None:
        """Load at once, for all texts, what they most probably will be compared with."""
        likely: set[int] = set()
        worth_a_look: set[int] = set()
        for page in pages:
            rows = [self._holders[row] for row in self._holders.keys() & page.sample.probes.keys()]
            shared = Counter(one for holders in rows if len(holders) < COMMON_CLUSTERS for _, one in holders)
            enough = [one for one, count in shared.most_common(MOST_COMPARED) if count >= LEAST_SHARED_ROWS]
            if enough:
                likely |= shared.keys()
                worth_a_look.update(enough)
        self._stock.load_more(self._session, likely)
        self._load_texts(worth_a_look)

    def _near(self, row: int, period: int, but: int | None, before: int | None) -> list[int]:
        held = self._holders.get(row)
        if not held:
            return []
        if before is not None:
            held = [(when, one) for when, one in held if one < before]
        return list(dict.fromkeys(one for when, one in held if abs(when - period) <= 1 and one != but))

    def _cluster_of(self, article_id: int) -> int:
        candidate = self._stock.get(article_id).candidate
        return candidate.family or candidate.is_copy_of or article_id

    def _is_of_another(self, article_id: int, cluster: int) -> bool:
        # What a new original did not even load as a candidate is no copy of it.
        return not self._stock.has(article_id) or self._cluster_of(article_id) != cluster

    def _known(self, article_id: int) -> tuple[Words, str]:
        if article_id not in self._texts:
            self._texts[article_id] = words(plain_text(blocks_of(self._blocks.pop(article_id))))
        return self._texts[article_id], self._stock.get(article_id).candidate.outlet

    def _load_texts(self, ids: Iterable[int]) -> None:
        missing = [
            article_id for article_id in ids if article_id not in self._texts.keys() | self._blocks.keys()
        ]
        if not missing:
            return
        query = select(ArticleRevisionRow.article_id, ArticleRevisionRow.blocks).join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        for article_id, blocks in self._session.execute(query.where(ArticleRow.id.in_(missing))):
            self._blocks[article_id] = blocks
