"""Facts of articles for the hours of their outlets: which fields they have, how long, how much was cut."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aggregator.model.article import CONTAINER, Completeness
from aggregator.store.schema import (
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    ArticleRow,
    ImageRow,
    OutletRow,
)


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What the watch counts of an article; ``cut_thousandths`` is the share of its text that was cut."""

    chars: int
    cut_thousandths: int
    published: datetime | None
    has_headline: bool
    has_byline: bool
    has_image: bool
    is_complete: bool
    is_foreign: bool
    container: str | None


def facts_of(session: Session, numbers: Collection[int]) -> dict[int, ArticleFacts]:
    """The facts of these articles, by number; four statements, however many they are."""
    if not numbers:
        return {}
    article, revision, cut = ArticleRow, ArticleRevisionRow, ArticleCutRow
    query = (
        select(
            article.id,
            article.first_published,
            article.byline,
            article.language,
            article.completeness,
            article.site_name,
            revision.headline,
            revision.text_chars,
            OutletRow.name,
            OutletRow.language.label("usual_language"),
        )
        .join(revision, (revision.article_id == article.id) & (revision.number == article.revision))
        .join(OutletRow, OutletRow.slug == article.outlet)
        .where(article.id.in_(numbers))
    )
    lengths = (
        select(cut.article_id, func.sum(func.length(cut.text)))
        .where(cut.article_id.in_(numbers))
        .group_by(cut.article_id)
    )
    pictures = select(ImageRow.article_id).where(ImageRow.article_id.in_(numbers)).distinct()
    field = ArticleFieldRow
    containers = select(field.article_id, field.source).where(
        field.article_id.in_(numbers) & (field.field == CONTAINER)
    )
    were_cut = {number: int(chars) for number, chars in session.execute(lengths)}
    with_image = set(session.execute(pictures).scalars())
    stood_in = {row.article_id: row.source for row in session.execute(containers)}
    return {
        row.id: ArticleFacts(
            chars=row.text_chars,
            cut_thousandths=_thousandths(were_cut.get(row.id, 0), row.text_chars),
            published=row.first_published,
            has_headline=_is_own(row.headline, (row.site_name, row.name)),
            has_byline=bool(row.byline),
            has_image=row.id in with_image,
            is_complete=row.completeness not in {Completeness.TEASER, Completeness.PAYWALLED},
            is_foreign=_is_foreign(row.language, row.usual_language),
            container=stood_in.get(row.id),
        )
        for row in session.execute(query)
    }


def _thousandths(cut: int, kept: int) -> int:
    return round(1000 * cut / (cut + kept)) if cut + kept else 0


def _is_own(headline: str, names: Collection[str | None]) -> bool:
    """Whether a headline is one: a broken layout gives the site's name instead."""
    told = headline.strip().casefold()
    return bool(told) and told not in {name.strip().casefold() for name in names if name}


def _is_foreign(language: str | None, usual: str) -> bool:
    if not (language and usual):
        return False
    first, second = (tag.lower().partition("-")[0] for tag in (language, usual))
    return first != second
