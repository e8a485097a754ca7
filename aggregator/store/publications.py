"""Publications: rows read as readers meet them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, null, or_, select
from sqlalchemy.orm import Session

from aggregator import topics
from aggregator.model.article import Completeness
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import CreditPosition, RightsMode
from aggregator.store import history, pictures
from aggregator.store.ready import Ready
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRow, OutletRow, PublicationRow
from aggregator.store.statements import fetched
from aggregator.urls import is_same_site, site

Found = Select[*tuple[Any, ...]]

_COLUMNS: Final = (
    PublicationRow.id,
    PublicationRow.article_id,
    PublicationRow.edition_id,
    PublicationRow.state,
    PublicationRow.mode,
    PublicationRow.headline,
    PublicationRow.blocks,
    PublicationRow.licence,
    PublicationRow.licence_url,
    PublicationRow.credit,
    PublicationRow.credit_position,
    PublicationRow.dated_at,
    PublicationRow.published_at,
    PublicationRow.updated_at,
    PublicationRow.revision,
    PublicationRow.withdrawn_at,
    PublicationRow.withdrawn_reason,
    PublicationRow.withdrawn_by,
    PublicationRow.reasons,
    PublicationRow.reason_codes,
    PublicationRow.is_verbatim,
    PublicationRow.has_images,
    PublicationRow.is_indexable,
    PublicationRow.is_minable,
    ArticleRow.language,
    ArticleRow.byline,
    ArticleRow.agency,
    ArticleRow.source_link,
    ArticleRow.completeness,
    ArticleRow.first_published,
    ArticleRow.modified,
    ArticleRow.section,
    ArticleRow.tags,
    ArticleRow.copy_of,
    OutletRow.slug.label("outlet"),
    OutletRow.name.label("outlet_name"),
    OutletRow.homepage.label("outlet_homepage"),
    OutletRow.licence.label("outlet_licence"),
    OutletRow.licence_url.label("outlet_licence_url"),
    OutletRow.feed.label("outlet_feed"),
    OutletRow.canonical,
    OutletRow.noindex,
)
"""What a publication is made of: columns, since three objects of a row cost more than to read it."""

_QUERY: Final = (
    select(*_COLUMNS)
    .join_from(PublicationRow, ArticleRow, ArticleRow.id == PublicationRow.article_id)
    .join(OutletRow, OutletRow.slug == PublicationRow.outlet)
)
_BLANK: Final = {
    *(PublicationRow.blocks, PublicationRow.reasons, PublicationRow.reason_codes),
    *(ArticleRow.byline, ArticleRow.agency, ArticleRow.tags),
}
"""What a list of headlines says nothing of: the columns that are long, or lists, which have to be parsed."""
_HEADLINES: Final = _QUERY.with_only_columns(
    *(null().label(column.key) if column in _BLANK else column for column in _COLUMNS)
)
_NUMBERED: Final = Ready(_QUERY.where(PublicationRow.id.in_(bindparam("numbers", expanding=True))))
_HEADED: Final = Ready(_HEADLINES.where(PublicationRow.id.in_(bindparam("numbers", expanding=True))))
_HOMES: Final = Ready(select(OutletRow.name, OutletRow.homepage))
_ROOTS: Final[BindParameter[int]] = bindparam("roots", expanding=True)
_CARRIERS: Final = Ready(
    select(
        func.coalesce(ArticleRow.copy_of, ArticleRow.id),
        OutletRow.slug,
        OutletRow.name,
        ArticleRow.source_link,
    )
    .join_from(ArticleRow, OutletRow, OutletRow.slug == ArticleRow.outlet)
    .where(or_(ArticleRow.id.in_(_ROOTS), ArticleRow.copy_of.in_(_ROOTS)))
    .order_by(ArticleRow.id)
)


def publication_query() -> Found:
    """The query of publications with their articles and outlets, for ``read_publications``."""
    return _QUERY


def headline_query() -> Found:
    """The same for lists of headlines, without texts, names, topics and reasons: a third cheaper."""
    return _HEADLINES


def read_publications(session: Session, query: Found | Ready, **values: object) -> list[Publication]:
    """The publications of a query: one to five statements, however many they are.

    ``values`` are those of the names that the query binds.
    """
    return publications_of(session, fetched(session, query, **values))


def bare_publications(session: Session, query: Found | Ready, **values: object) -> list[Publication]:
    """The publications of a query without what stands beside them: mostly one statement.

    They know whose site their source link leads to, but no other carriers, no pictures and no change.
    """
    rows = fetched(session, query, **values)
    named = _source_outlets(session, rows)
    return [_publication(row, source_outlet=named.get(row.source_link)) for row in rows]


def numbered(session: Session, numbers: Collection[int]) -> dict[int, Publication]:
    """The publications of these numbers, by number, in whatever state."""
    return {each.id: each for each in read_publications(session, _NUMBERED, numbers=list(numbers))}


def headlines_numbered(session: Session, numbers: Collection[int]) -> dict[int, Publication]:
    """The same as headlines (``headline_query``), bare."""
    return {each.id: each for each in bare_publications(session, _HEADED, numbers=list(numbers))}


def publications_of(session: Session, rows: Sequence[Any]) -> list[Publication]:
    """The publications of rows of such a query."""
    if not rows:
        return []
    also = _also_in(session, rows)
    named = _source_outlets(session, rows)
    shown = pictures.of_articles(session, [row.article_id for row in rows if row.has_images])
    changes = history.last_changes(session, {row.article_id: row.revision for row in rows})
    return [
        _publication(
            row,
            also_in=tuple(also[row.article_id]),
            source_outlet=named.get(row.source_link),
            pictures=shown.get(row.article_id, ()) if row.has_images else (),
            last_change=changes.get(row.article_id),
        )
        for row in rows
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


def _also_in(session: Session, rows: Sequence[Any]) -> dict[int, list[tuple[str, str]]]:
    """The other outlets that carry the texts of these articles, each once, by the article's number.

    An article that went out for its original names that one, and the original's other copies.
    """
    of_root: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        of_root[row.copy_of or row.article_id].append((row.article_id, row.outlet))
    also: dict[int, list[tuple[str, str]]] = defaultdict(list)
    met: set[tuple[int, str]] = set()
    for root, slug, name, link in fetched(session, _CARRIERS, roots=list(of_root)):
        for number, outlet in of_root[root]:
            if slug != outlet and (number, slug) not in met:
                met.add((number, slug))
                also[number].append((name, link))
    return also


def _source_outlets(session: Session, rows: Sequence[Any]) -> dict[str, str]:
    """The names of the outlets that source links lead to, other than a row's own, by link."""
    others = {row.source_link for row in rows if not is_same_site(row.source_link, row.outlet_homepage)}
    return _outlets_at(session, others)


def _outlets_at(session: Session, links: Collection[str]) -> dict[str, str]:
    """The names of the outlets that these links lead to, by link; a site that two share names neither."""
    if not links:
        return {}
    homes: dict[str, list[str]] = defaultdict(list)
    for name, homepage in fetched(session, _HOMES):
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


def _publication(row: Any, **beside: Any) -> Publication:
    # Publications from before they kept it: the card's address belongs to the card's licence only.
    is_cards_licence = row.licence is not None and row.licence == row.outlet_licence
    return Publication(
        id=row.id,
        article_id=row.article_id,
        edition_id=row.edition_id,
        state=PublicationState(row.state),
        mode=RightsMode(row.mode),
        outlet=row.outlet,
        outlet_name=row.outlet_name,
        outlet_homepage=row.outlet_homepage,
        headline=row.headline,
        blocks=blocks_of(row.blocks or ()),
        language=row.language,
        byline=tuple(row.byline or ()),
        source_link=row.source_link,
        completeness=Completeness(row.completeness),
        licence=row.licence,
        licence_url=row.licence_url or (row.outlet_licence_url if is_cards_licence else None),
        credit=row.credit,
        first_published=row.first_published,
        published_at=row.published_at,
        updated_at=row.updated_at,
        section=row.section,
        agency=tuple(row.agency or ()),
        revision=row.revision,
        topics=tuple(topics.of(row.section, row.tags or ()).items()),
        modified=row.modified,
        outlet_feed=row.outlet_feed,
        canonical=row.canonical,
        noindex=row.noindex,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        withdrawn_by=WithdrawnBy(row.withdrawn_by) if row.withdrawn_by else None,
        reasons=tuple(row.reasons or ()),
        reason_codes=tuple(row.reason_codes or ()),
        credit_position=CreditPosition(row.credit_position),
        is_verbatim=row.is_verbatim,
        has_images=row.has_images,
        is_indexable=row.is_indexable,
        is_minable=row.is_minable,
        **beside,
    )
