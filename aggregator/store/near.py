"""Near-duplicates in the store: shingles, looked up and written in the transaction of their articles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from aggregator.store.shingles import Kept, Shingles, note_scheme
from aggregator.store.stock import Stock

_THIN = 2
"""In the periods beside its own, every second of the shingles that a text may keep is looked up first: few
copies come from there, and of one whose every fifth word was changed seven of twenty are still equal."""


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
        self._kept: list[Kept] = []
        self._repeated = _repeated(pages)
        self._looked_up: dict[int, set[int]] = defaultdict(set)
        if shingles is None:
            note_scheme(session)
        self._load(pages)

    def verdict(
        self, page: Text, but: int | None = None, before: int | None = None
    ) -> Copy | Original | Fresh:
        """What an article is by its text alone; ``but`` is left out: its own number, if it has one.

        With ``before`` only articles of lower numbers count.
        """
        if not self._resembles(page):
            return Fresh()
        self._look_closer([page])
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
        here = {row: self._here(row, page.period) for row in self._holders.keys() & page.sample.rows}
        if cluster != article_id:
            held = (one for holders in here.values() if len(holders) < COMMON_CLUSTERS for one in holders)
            self._stock.load_more(self._session, held)
        rows = [row for row in page.sample.rows if row not in here or self._is_kept(here[row], cluster)]
        for row in self._repeated.intersection(rows):
            self._holders[row].append((page.period, article_id))
        self._kept.append(Kept(page.period, article_id, rows))

    def write(self) -> None:
        """Write what was added."""
        self._shingles.add(self._kept)

    def _load(self, pages: Sequence[Text]) -> None:
        """Look the texts up, thinly first, and those that resemble something with all they have."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for page in pages:
            wanted[page.period].update(page.sample.early)
            for period in (page.period - 1, page.period + 1):
                wanted[period].update(page.sample.rows[::_THIN])
        self._look_up(wanted)
        likely = [page for page in pages if self._resembles(page)]
        self._look_closer(likely)
        self._load_likely(likely)

    def _look_closer(self, pages: Sequence[Text]) -> None:
        """Look up all that these texts have."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for page in pages:
            for period in _around(page.period):
                wanted[period].update(page.sample.probes)
        self._look_up(wanted)

    def _look_up(self, wanted: Mapping[int, set[int]]) -> None:
        missing = {}
        for period, rows in wanted.items():
            if new := rows - self._looked_up[period]:
                missing[period] = new
                self._looked_up[period] |= new
        for period, row, article_id in self._shingles.find(missing):
            self._holders[row].append((period, article_id))

    def _resembles(self, page: Text) -> bool:
        """Whether an article shares enough of what was looked up: what is fresh is known by little.

        A row in a period beside the text's own counts for as many as it was looked up for.
        """
        shared: Counter[int] = Counter()
        for row in self._holders.keys() & page.sample.probes.keys():
            holders = self._holders[row]
            if len(holders) < COMMON_CLUSTERS:
                for period, article_id in holders:
                    shared[article_id] += 1 if period == page.period else _THIN
        return any(count >= LEAST_SHARED_ROWS for count in shared.values())

    def _load_likely(self, pages: Sequence[Text]) -> None:
        """Load at once, for all texts, what they most probably will be compared with."""
        likely: set[int] = set()
        worth_a_look: set[int] = set()
        for page in pages:
            rows = [self._holders[row] for row in self._holders.keys() & page.sample.probes.keys()]
            shared = Counter(one for holders in rows if len(holders) < COMMON_CLUSTERS for _, one in holders)
            likely |= shared.keys()
            most = shared.most_common(MOST_COMPARED)
            worth_a_look.update(one for one, count in most if count >= LEAST_SHARED_ROWS)
        self._stock.load_more(self._session, likely)
        self._load_texts(worth_a_look)

    def _here(self, row: int, period: int) -> list[int]:
        """The articles of a period that hold a shingle."""
        return [one for when, one in self._holders[row] if when == period]

    def _is_kept(self, holders: Sequence[int], cluster: int) -> bool:
        """Whether an article of a cluster keeps a shingle that others hold."""
        return len(holders) < COMMON_CLUSTERS and all(self._is_of_another(one, cluster) for one in holders)

    def _near(self, row: int, period: int, but: int | None, before: int | None) -> list[int]:
        held = self._holders.get(row)
        if not held:
            return []
        if before is not None:
            held = [(when, one) for when, one in held if one < before]
        # In the order in which they came: of several that share as much, the first is compared.
        return sorted({one for when, one in held if abs(when - period) <= 1 and one != but})

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
        missing = set(ids) - self._texts.keys() - self._blocks.keys()
        if not missing:
            return
        query = select(ArticleRevisionRow.article_id, ArticleRevisionRow.blocks).join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        for article_id, blocks in self._session.execute(query.where(ArticleRow.id.in_(missing))):
            self._blocks[article_id] = blocks


def _repeated(pages: Sequence[Text]) -> set[int]:
    """Shingles that a batch's later articles may share with earlier ones of it."""
    once: set[int] = set()
    twice: set[int] = set()
    for page in pages:
        rows = page.sample.probes.keys()
        twice |= once & rows
        once |= rows
    return twice


def _around(period: int) -> tuple[int, int, int]:
    return period - 1, period, period + 1
