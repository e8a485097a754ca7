"""Publications: rows read as readers meet them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from aggregator import topics
from aggregator.model.article import Completeness
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import CreditPosition, RightsMode
from aggregator.store import history, pictures
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRow, OutletRow, PublicationRow
from aggregator.urls import is_same_site, site

Found = Select[PublicationRow, ArticleRow, OutletRow]


def publication_query() -> Found:
    """The query of publications with their articles and outlets, for ``read_publications``."""
    return (
        select(PublicationRow, ArticleRow, OutletRow)
        .join(ArticleRow, ArticleRow.id == PublicationRow.article_id)
        .join(OutletRow, OutletRow.slug == PublicationRow.outlet)
    )


def read_publications(session: Session, query: Found) -> list[Publication]:
    """The publications of a query: two to five statements, however many they are."""
    rows = list(session.execute(query))
    also = _also_in(session, [article.id for _, article, _ in rows])
    others = {
        article.source_link
        for _, article, outlet in rows
        if not is_same_site(article.source_link, outlet.homepage)
    }
    named = _outlets_at(session, others)
    shown = pictures.of_articles(session, [row.article_id for row, *_ in rows if row.has_images])
    changes = history.last_changes(session, {row.article_id: row.revision for row, *_ in rows})
    return [
        replace(
            _publication(publication, article, outlet),
            also_in=tuple(also[article.id]),
            source_outlet=named.get(article.source_link),
            pictures=shown.get(article.id, ()) if publication.has_images else (),
            last_change=changes.get(article.id),
        )
        for publication, article, outlet in rows
    ]


def is_out() -> ColumnElement[bool]:
    """Whether a publication is out, asked in a way that no database looks for it by an index.

    For queries that come from few articles: SQLite takes any state for rare, and would read all that is out.
    """
    return func.coalesce(PublicationRow.state, "") == PublicationState.PUBLISHED.value


def in_language(tag: str) -> ColumnElement[bool]:
    """Whether a publication is in a language, whatever its region: ``pt`` and ``pt-BR`` find each other."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return or_(
        PublicationRow.language == primary, PublicationRow.language.startswith(primary + "-", autoescape=True)
    )


def _also_in(session: Session, article_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The other outlets that carry the texts of these articles, each once, by the article's number.

    An article that went out for its original names that one, and the original's other copies.
    """
    also: dict[int, list[tuple[str, str]]] = defaultdict(list)
    own = select(ArticleRow.id, ArticleRow.outlet, ArticleRow.copy_of).where(ArticleRow.id.in_(article_ids))
    of_root: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, outlet, copy_of in session.execute(own):
        of_root[copy_of or number].append((number, outlet))
    query = (
        select(
            func.coalesce(ArticleRow.copy_of, ArticleRow.id),
            OutletRow.slug,
            OutletRow.name,
            ArticleRow.source_link,
        )
        .join(OutletRow, OutletRow.slug == ArticleRow.outlet)
        .where(or_(ArticleRow.id.in_(of_root), ArticleRow.copy_of.in_(of_root)))
        .order_by(ArticleRow.id)
    )
    met: set[tuple[int, str]] = set()
    for root, slug, name, link in session.execute(query):
        for number, outlet in of_root[root]:
            if slug != outlet and (number, slug) not in met:
                met.add((number, slug))
                also[number].append((name, link))
    return also


def _outlets_at(session: Session, links: Collection[str]) -> dict[str, str]:
    """The names of the outlets that these links lead to, by link; a site that two share names neither."""
    if not links:
        return {}
    homes: dict[str, list[str]] = defaultdict(list)
    for name, homepage in session.execute(select(OutletRow.name, OutletRow.homepage)):
        homes[site(homepage)].append(name)
    named = {}
    for link in links:
        labels = site(link).split(".")
        # The site itself, then what it lies below: blog.harbour.example, harbour.example.
        parents = (".".join(labels[start:]) for start in range(len(labels)))
        names = next((homes[parent] for parent in parents if parent in homes), [])
        if len(names) == 1:
            named[link] = names[0]
    return named


def _publication(row: PublicationRow, article: ArticleRow, outlet: OutletRow) -> Publication:
    # Publications from before they kept it: the card's address belongs to the card's licence only.
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
        licence_url=row.licence_url or (outlet.licence_url if is_cards_licence else None),
        credit=row.credit,
        first_published=article.first_published,
        published_at=row.published_at,
        updated_at=row.updated_at,
        section=article.section,
        agency=tuple(article.agency),
        revision=row.revision,
        topics=tuple(topics.of(article.section, article.tags).items()),
        modified=article.modified,
        outlet_feed=outlet.feed,
        canonical=outlet.canonical,
        noindex=outlet.noindex,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        withdrawn_by=WithdrawnBy(row.withdrawn_by) if row.withdrawn_by else None,
        reasons=tuple(row.reasons),
        reason_codes=tuple(row.reason_codes or ()),
        credit_position=CreditPosition(row.credit_position),
        is_verbatim=row.is_verbatim,
        has_images=row.has_images,
        is_indexable=row.is_indexable,
        is_minable=row.is_minable,
    )
