"""The stock: what the store holds of the articles that a batch may equal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from aggregator.model.duplicate import Candidate, Fingerprint
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, ArticleUrlRow, DuplicateRow, FetchRow

Address = tuple[str, str]
"""An outlet, and the key of a URL or of an id in its feed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A stored article as the planning of a batch sees it; ``fetched_at`` is when its newest version was."""

    candidate: Candidate
    revision: int
    fetched_at: datetime


class Stock:
    """Articles by address and by text, loaded at once and kept up to date while a batch is planned."""

    def __init__(self) -> None:
        self._articles: dict[int, Held] = {}
        self._by_address: dict[Address, int] = {}
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._attempts: dict[Address, int] = {}

    @classmethod
    def load(cls, session: Session, addresses: Iterable[Address], texts: Iterable[str]) -> "Stock":
        """Everything known of these addresses and text hashes, in a few statements."""
        stock = cls()
        wanted, hashes = sorted(set(addresses)), sorted(set(texts))
        stock._by_address = _articles_at(session, wanted)
        ids = set(stock._by_address.values()) | _first_with_text(session, hashes)
        for held in _held(session, sorted(ids)):
            stock.put(held)
        stock._attempts = _attempts(session, wanted)
        return stock

    def put(self, held: Held, addresses: Iterable[Address] = ()) -> None:
        """Remember an article's new state, and its addresses unless another article has them."""
        article_id, text_hash = held.candidate.article_id, held.candidate.fingerprint.text_hash
        self._articles[article_id] = held
        if text_hash is not None and article_id not in self._by_text[text_hash]:
            self._by_text[text_hash].append(article_id)
        for address in addresses:
            self._by_address.setdefault(address, article_id)

    def load_more(self, session: Session, ids: Iterable[int]) -> None:
        """Load further articles by their numbers."""
        if missing := sorted(set(ids) - self._articles.keys()):
            for held in _held(session, missing):
                self.put(held)

    def has(self, article_id: int) -> bool:
        """Whether an article is known here."""
        return article_id in self._articles

    def get(self, article_id: int) -> Held:
        """The state of an article that was a candidate."""
        return self._articles[article_id]

    def family_of(self, article_id: int) -> int:
        """The first article that carried text of this one, as far as is known here; else itself."""
        held = self._articles.get(article_id)
        return (held and held.candidate.family) or article_id

    def candidates(self, outlet: str, fingerprint: Fingerprint, entry_key: str) -> list[Candidate]:
        """The articles that one with this fingerprint may equal.

        An article at the canonical URL, else at the entry's, has the new one's key: outlets change the
        address of an article together with its headline, and the entry still leads to it.
        """
        found: list[Candidate] = []
        for key in (fingerprint.url_key, entry_key):
            article_id = self._by_address.get((outlet, key))
            if article_id is not None:
                same = self._articles[article_id].candidate
                found.append(
                    replace(same, fingerprint=replace(same.fingerprint, url_key=fingerprint.url_key))
                )
                break
        if fingerprint.text_hash is not None:
            # An article that was revised meanwhile may still stand under its old text.
            with_text = (self._articles[i].candidate for i in self._by_text[fingerprint.text_hash])
            found += [c for c in with_text if c.fingerprint.text_hash == fingerprint.text_hash]
        return found

    def listed_as(self, outlet: str, feed_key: str) -> Candidate | None:
        """The article that was listed under a feed's id at its outlet first."""
        article_id = self._by_address.get((outlet, feed_key))
        return None if article_id is None else self._articles[article_id].candidate

    def become_copies(self, copies: Sequence[int], original: int) -> None:
        """Take note that articles, and the copies of them, are copies of another one."""
        for article_id, held in list(self._articles.items()):
            candidate = held.candidate
            if article_id in copies or candidate.is_copy_of in copies:
                candidate = replace(candidate, is_copy_of=original, family=original)
            elif candidate.family in copies:
                candidate = replace(candidate, family=original)
            self._articles[article_id] = replace(held, candidate=candidate)

    def count_attempt(self, address: Address, *, failed: bool) -> int:
        """How often in a row this address has failed now; 0 if it did not."""
        self._attempts[address] = self._attempts.get(address, 0) + 1 if failed else 0
        return self._attempts[address]


def _keys_by_outlet(addresses: Iterable[Address]) -> dict[str, list[str]]:
    """The keys of each outlet: SQLite reads a whole table for pairs of values, and an index for a list."""
    keys: dict[str, list[str]] = defaultdict(list)
    for outlet, key in addresses:
        keys[outlet].append(key)
    return keys


def _articles_at(session: Session, addresses: list[Address]) -> dict[Address, int]:
    found: dict[Address, int] = {}
    for outlet, keys in _keys_by_outlet(addresses).items():
        query = select(ArticleUrlRow.url_key, ArticleUrlRow.article_id).where(
            ArticleUrlRow.outlet == outlet, ArticleUrlRow.url_key.in_(keys)
        )
        found.update({(outlet, key): article_id for key, article_id in session.execute(query)})
    return found


def _first_with_text(session: Session, hashes: list[str]) -> set[int]:
    """The first article of each outlet that has each text: thousands may share a cookie wall's."""
    query = (
        select(func.min(ArticleRow.id))
        .where(ArticleRow.text_hash.in_(hashes))
        .group_by(ArticleRow.text_hash, ArticleRow.outlet)
    )
    return set(session.execute(query).scalars())


def _held(session: Session, ids: list[int]) -> list[Held]:
    second = aliased(DuplicateRow)
    query = (
        select(
            ArticleRow.id,
            ArticleRow.outlet,
            ArticleRow.url_key,
            ArticleRow.text_hash,
            ArticleRow.source_key,
            ArticleRow.page_hash,
            ArticleRow.copy_of,
            ArticleRow.revision,
            ArticleRow.first_published,
            ArticleRow.modified,
            ArticleRow.fetched_at,
            ArticleRevisionRow.headline,
            func.coalesce(second.original_id, DuplicateRow.original_id).label("family"),
        )
        .join(
            ArticleRevisionRow,
            (ArticleRevisionRow.article_id == ArticleRow.id)
            & (ArticleRevisionRow.number == ArticleRow.revision),
        )
        # A copy's original may itself share text with an earlier article.
        .outerjoin(DuplicateRow, DuplicateRow.copy_id == ArticleRow.id)
        .outerjoin(second, second.copy_id == DuplicateRow.original_id)
        .where(ArticleRow.id.in_(ids))
    )
    return [_one_held(row) for row in session.execute(query)]


def _one_held(row: Any) -> Held:
    fingerprint = Fingerprint(row.url_key, row.text_hash, source_key=row.source_key, page_hash=row.page_hash)
    candidate = Candidate(
        row.id,
        row.outlet,
        fingerprint,
        row.headline,
        row.copy_of,
        row.family,
        row.first_published,
        row.modified,
    )
    return Held(candidate, row.revision, row.fetched_at)


def _attempts(session: Session, addresses: list[Address]) -> dict[Address, int]:
    found: dict[Address, int] = {}
    for outlet, keys in _keys_by_outlet(addresses).items():
        newest = (
            select(func.max(FetchRow.id))
            .where(FetchRow.outlet == outlet, FetchRow.url_key.in_(keys))
            .group_by(FetchRow.url_key)
        )
        query = select(FetchRow.url_key, FetchRow.attempt).where(FetchRow.id.in_(newest))
        found.update({(outlet, key): attempt for key, attempt in session.execute(query)})
    return found
