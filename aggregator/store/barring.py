"""Barring: which pages of a batch hold what was taken down, by their address, author, outlet or text."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from aggregator.dedupe.fingerprint import tokens
from aggregator.dedupe.marks import barred, mark_of, marks
from aggregator.model.takedown import TakedownScope
from aggregator.store.incoming import IncomingArticle
from aggregator.store.schema import TakedownArticleRow, TakedownRow

# One parameter for thousands of values: binding each would cost more than looking it up.
_FIND: Final = {
    "sqlite": text(
        "SELECT m.mark, m.article_id, m.is_whole FROM json_each(:marks) AS wanted "
        "CROSS JOIN takedown_mark AS m ON m.mark = wanted.value"
    ),
    "postgresql": text(
        "SELECT m.mark, m.article_id, m.is_whole FROM takedown_mark AS m "
        "JOIN unnest(CAST(:marks AS bigint[])) AS wanted ON m.mark = wanted"
    ),
}


def folded_name(name: str) -> str:
    """A name as names are compared: without case, accents and punctuation."""
    return " ".join(tokens(name))


class Barring:
    """The takedowns in force, as far as they concern these pages; one statement where there are none."""

    def __init__(self, session: Session, pages: Sequence[IncomingArticle]) -> None:
        self._authors: dict[str, int] = {}
        self._outlets: dict[str, int] = {}
        self._by_page: dict[int, int] = {}
        if self._load_orders(session):
            self._load_marks(session, pages)

    def takedown_of(self, page: IncomingArticle) -> int | None:
        """The takedown that covers a page; None if it may be stored."""
        if (found := self._outlets.get(page.visit.outlet)) is not None:
            return found
        for name in page.article.byline:
            if (found := self._authors.get(folded_name(name))) is not None:
                return found
        return self._by_page.get(id(page))

    def _load_orders(self, session: Session) -> bool:
        query = select(TakedownRow.id, TakedownRow.scope, TakedownRow.subject)
        rows = session.execute(query.where(TakedownRow.undone_at.is_(None))).all()
        for number, scope, subject in rows:
            if scope == TakedownScope.AUTHOR.value:
                self._authors.setdefault(folded_name(subject), number)
            elif scope == TakedownScope.OUTLET.value:
                self._outlets.setdefault(subject, number)
        return bool(rows)

    def _load_marks(self, session: Session, pages: Sequence[IncomingArticle]) -> None:
        wholes = {id(page): whole_marks(page) for page in pages}
        runs = {id(page): marks(page.words) for page in pages}
        found = _find(session, {mark for one in (*wholes.values(), *runs.values()) for mark in one})
        if not found:
            return
        held = _held(session, {article for holders in found.values() for article, _ in holders})
        sizes = {article: size for article, (_, size) in held.items()}
        for page in pages:
            same = (a for mark in wholes[id(page)] for a, is_whole in found.get(mark, ()) if is_whole)
            alike = (a for run in runs[id(page)] for a, is_whole in found.get(run, ()) if not is_whole)
            article = next(same, None) or barred(alike, sizes)
            if article is not None:
                self._by_page[id(page)] = held[article][0]


def whole_marks(page: IncomingArticle) -> set[int]:
    """The marks of a page's addresses, of its id in its feed, and of its text as a whole."""
    keys = {mark_of(key) for key, _ in page.keys} | {mark_of(page.visit.key)}
    keys |= {mark_of(page.feed_key)} if page.feed_key else set()
    return keys | {mark_of(one) for one in (page.fingerprint.text_hash, page.fingerprint.page_hash) if one}


def _find(session: Session, wanted: Iterable[int]) -> Mapping[int, list[tuple[int, bool]]]:
    dialect = session.get_bind().dialect.name
    ordered = sorted(wanted)
    values = json.dumps(ordered, separators=(",", ":")) if dialect == "sqlite" else ordered
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for mark, article_id, is_whole in session.execute(_FIND[dialect], {"marks": values}):
        found[mark].append((article_id, bool(is_whole)))
    return found


def _held(session: Session, article_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    query = select(TakedownArticleRow.article_id, TakedownArticleRow.takedown_id, TakedownArticleRow.runs)
    rows = session.execute(query.where(TakedownArticleRow.article_id.in_(sorted(article_ids))))
    return {article: (takedown, runs) for article, takedown, runs in rows}
