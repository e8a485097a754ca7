"""What is known of addresses: so that a page that was settled is not fetched again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aggregator.model.crawl import Reason
from aggregator.model.page import Validator
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleUrlRow, FetchRow

_CHUNK: Final = 500
"""Keys in one statement; SQLite plans it once and both databases stay far below their limits."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """How the page at an address ended last.

    ``updated`` is when the seed said then that the entry had changed; ``attempts`` counts the failures in a
    row up to now, 0 after a success.
    """

    reason: Reason
    at: datetime
    updated: datetime | None
    validator: Validator
    attempts: int


def known(db: Database, outlet: str, url_keys: Sequence[str]) -> dict[str, KnownPage]:
    """The last fetch of each key at an outlet; keys that were never met are missing.

    A key under which an article is known (its final or canonical URL) is known by that article's last fetch.
    """
    found: dict[str, KnownPage] = {}
    with db.reading() as session:
        for chunk in _chunks(list(dict.fromkeys(url_keys))):
            fetch_ids = _last_fetches(session, outlet, chunk)
            pages = _pages(session, set(fetch_ids.values()))
            found.update({key: pages[fetch_id] for key, fetch_id in fetch_ids.items()})
    return found


def fetched(db: Database, outlet: str, url_keys: Sequence[str]) -> set[tuple[str, datetime]]:
    """The keys of an outlet with each moment at which their page was fetched and ended for good."""
    found = set()
    with db.reading() as session:
        for chunk in _chunks(list(dict.fromkeys(url_keys))):
            query = select(FetchRow.url_key, FetchRow.at, FetchRow.reason).where(
                FetchRow.outlet == outlet, FetchRow.url_key.in_(chunk)
            )
            found |= {(key, at) for key, at, reason in session.execute(query) if Reason(reason).is_final}
    return found


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def _last_fetches(session: Session, outlet: str, keys: list[str]) -> dict[str, int]:
    own = (
        select(FetchRow.url_key, func.max(FetchRow.id))
        .where(FetchRow.outlet == outlet, FetchRow.url_key.in_(keys))
        .group_by(FetchRow.url_key)
    )
    of_article = (
        select(ArticleUrlRow.url_key, func.max(FetchRow.id))
        .join(FetchRow, FetchRow.article_id == ArticleUrlRow.article_id)
        .where(ArticleUrlRow.outlet == outlet, ArticleUrlRow.url_key.in_(keys))
        .group_by(ArticleUrlRow.url_key)
    )
    last: dict[str, int] = {}
    for query in (own, of_article):
        for key, fetch_id in session.execute(query):
            last[key] = max(fetch_id, last.get(key, 0))
    return last


def _pages(session: Session, fetch_ids: set[int]) -> dict[int, KnownPage]:
    query = select(
        FetchRow.id,
        FetchRow.reason,
        FetchRow.at,
        FetchRow.entry_updated,
        FetchRow.etag,
        FetchRow.last_modified,
        FetchRow.body_sha256,
        FetchRow.attempt,
    ).where(FetchRow.id.in_(fetch_ids))
    return {
        row.id: KnownPage(
            reason=Reason(row.reason),
            at=row.at,
            updated=row.entry_updated,
            validator=Validator(row.etag, row.last_modified, row.body_sha256),
            attempts=row.attempt,
        )
        for row in session.execute(query)
    }
