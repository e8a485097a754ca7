"""Publications: rows read as readers meet them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from aggregator.model.article import Completeness
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRow, OutletRow, PublicationRow

Found = Select[PublicationRow, ArticleRow, OutletRow]


def publication_query() -> Found:
    """The query of publications with their articles and outlets, for ``read_publications``."""
    return (
        select(PublicationRow, ArticleRow, OutletRow)
        .join(ArticleRow, ArticleRow.id == PublicationRow.article_id)
        .join(OutletRow, OutletRow.slug == PublicationRow.outlet)
    )


def read_publications(session: Session, query: Found) -> list[Publication]:
    """The publications of a query: two statements, however many they are."""
    rows = list(session.execute(query))
    also = _also_in(session, [article.id for _, article, _ in rows])
    return [
        _publication(publication, article, outlet, tuple(also[article.id]))
        for publication, article, outlet in rows
    ]


def in_language(tag: str) -> ColumnElement[bool]:
    """Whether a publication is in a language, whatever its region: ``pt`` and ``pt-BR`` find each other."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return or_(
        PublicationRow.language == primary, PublicationRow.language.startswith(primary + "-", autoescape=True)
    )


def _also_in(session: Session, article_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The other outlets that carry the texts of these articles, each once, by the article's number."""
    original = select(ArticleRow.id, ArticleRow.outlet).where(ArticleRow.id.in_(article_ids)).subquery()
    query = (
        select(ArticleRow.copy_of, OutletRow.slug, OutletRow.name, ArticleRow.source_link)
        .join(original, (original.c.id == ArticleRow.copy_of) & (original.c.outlet != ArticleRow.outlet))
        .join(OutletRow, OutletRow.slug == ArticleRow.outlet)
        .order_by(ArticleRow.id)
    )
    also: dict[int, list[tuple[str, str]]] = defaultdict(list)
    met: set[tuple[int | None, str]] = set()
    for copy_of, slug, name, link in session.execute(query):
        if copy_of is not None and (copy_of, slug) not in met:
            met.add((copy_of, slug))
            also[copy_of].append((name, link))
    return also


def _publication(
    row: PublicationRow, article: ArticleRow, outlet: OutletRow, also_in: tuple[tuple[str, str], ...]
) -> Publication:
    # A page may state a licence of its own; the card's address belongs to the card's licence only.
    is_cards_licence = row.licence is not None and row.licence == outlet.licence
    return Publication(
        id=row.id,
        article_id=row.article_id,
        edition_id=row.edition_id,
        state=PublicationState(row.state),
        mode=RightsMode(row.mode),
        outlet=outlet.slug,
        outlet_name=outlet.name,
        outlet_homepage=outlet.homepage,
        headline=row.headline,
        blocks=blocks_of(row.blocks),
        language=article.language,
        byline=tuple(article.byline),
        source_link=article.source_link,
        completeness=Completeness(article.completeness),
        licence=row.licence,
        licence_url=outlet.licence_url if is_cards_licence else None,
        credit=row.credit,
        first_published=article.first_published,
        published_at=row.published_at,
        updated_at=row.updated_at,
        section=article.section,
        also_in=also_in,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )
