"""Copies: the articles that carry one text, of which one goes out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from aggregator.model.edition import PublicationState
from aggregator.store.schema import ArticleRow, DuplicateRow, PublicationRow, TakedownArticleRow

_OUT = (PublicationState.PUBLISHED.value, PublicationState.WITHDRAWN.value)
"""What went out by one of them: what was withdrawn, no copy brings back."""


def copy_is_out() -> ColumnElement[bool]:
    """Whether an original's text went out by one of its copies."""
    copy = aliased(ArticleRow)
    return (
        exists()
        .where(
            copy.copy_of == ArticleRow.id,
            PublicationRow.article_id == copy.id,
            PublicationRow.state.in_(_OUT),
        )
        .correlate(ArticleRow)
    )


def carried(session: Session, articles: Iterable[ArticleRow]) -> set[int]:
    """Those of some articles whose text went out by another one."""
    roots = {article.id: article.copy_of or article.id for article in articles}
    if not roots:
        return set()
    out = {root for number, root in session.execute(_went_out(set(roots.values()))) if number not in roots}
    return {number for number, root in roots.items() if root in out}


def _went_out(roots: Collection[int]) -> Select[int, int]:
    root = func.coalesce(ArticleRow.copy_of, ArticleRow.id)
    return (
        select(ArticleRow.id, root)
        .join(PublicationRow, PublicationRow.article_id == ArticleRow.id)
        .where(
            (ArticleRow.id.in_(roots)) | (ArticleRow.copy_of.in_(roots)),
            PublicationRow.state.in_(_OUT),
        )
    )


def settle(session: Session, done: Sequence[int]) -> None:
    """Take the originals whose copies have just gone out off the publisher's list."""
    originals = select(ArticleRow.copy_of).where(ArticleRow.id.in_(done), ArticleRow.copy_of.is_not(None))
    found = [number for number in session.execute(originals).scalars() if number is not None]
    if found:
        _set(session, ArticleRow.id.in_(found), awaits_publishing=False)


@dataclass(slots=True)
class Waking:
    """Articles of which others need a new look.

    ``copied`` are originals of new copies: one that was refused may go out by the copy. ``revised`` are
    articles with a newer revision: a copy that is out gets it. ``parted`` have a text of their own now, each
    with the original that it was a copy of: if the copy is out, the original is not.
    """

    copied: set[int] = field(default_factory=set)
    revised: set[int] = field(default_factory=set)
    parted: dict[int, int] = field(default_factory=dict)


def wake(session: Session, found: Waking) -> None:
    """Part what is no copy any more, and have the publisher look again where copies came or changed."""
    if found.parted:
        session.execute(delete(DuplicateRow).where(DuplicateRow.copy_id.in_(found.parted)))
        _set(session, ArticleRow.id.in_(found.parted), copy_of=None)
    refused = PublicationRow.state == PublicationState.REFUSED.value
    own = exists().where(PublicationRow.article_id == ArticleRow.id).correlate(ArticleRow)
    if found.copied:
        _set(session, ArticleRow.id.in_(found.copied), own.where(refused), awaits_publishing=True)
    if found.revised:
        _set(session, ArticleRow.id.in_(found.revised), own, awaits_publishing=True)
    if found.parted:
        originals = ArticleRow.id.in_(found.parted.values())
        _set(session, originals, ~own, ~copy_is_out(), awaits_publishing=True)


def of(session: Session, originals: Collection[int]) -> Mapping[int, list[int]]:
    """The copies of some originals, oldest first."""
    found: dict[int, list[int]] = {}
    query = (
        select(ArticleRow.copy_of, ArticleRow.id)
        .where(ArticleRow.copy_of.in_(originals))
        .order_by(ArticleRow.id)
    )
    for original, number in session.execute(query):
        if original is not None:
            found.setdefault(original, []).append(number)
    return found


def taken_down(session: Session, articles: Collection[int]) -> set[int]:
    """Those of some articles that were taken down."""
    query = select(TakedownArticleRow.article_id).where(TakedownArticleRow.article_id.in_(articles))
    return set(session.execute(query).scalars())


def _set(session: Session, *conditions: ColumnElement[bool], **values: bool | None) -> None:
    session.execute(
        update(ArticleRow).where(*conditions).values(values),
        execution_options={"synchronize_session": False},
    )
