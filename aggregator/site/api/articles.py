"""Articles in the API: a list to be narrowed and paged, one by its number, and a search."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from aggregator.errors import UnknownCursorError
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.site import prose
from aggregator.site.api.answer import answer, following, readable
from aggregator.site.api.article import Article, article
from aggregator.site.api.problem import GoneError
from aggregator.site.api.query import ArticleQuery, Number, SearchQuery
from aggregator.site.ask import NotFoundError, publication_id
from aggregator.site.context import Site
from aggregator.store import editions
from aggregator.store.search import RANKED, Hit, search
from aggregator.store.shown_stories import tellings

LAST_HIT = 1000
_OFFSET = re.compile(r"[1-9][0-9]{0,3}")


class Articles(BaseModel):
    """A page of articles."""

    items: list[Article]
    next: str | None = Field(description="The address of the next page; null on the last.")


class Piece(BaseModel):
    """Words of a snippet in a row."""

    text: str
    is_match: bool = Field(description="Whether they are what was searched for.")


class Found(BaseModel):
    """An article that a search found."""

    article: Article
    snippet: list[Piece] = Field(description="The place that has the words; none if no text may be shown.")


class Hits(BaseModel):
    """A page of what a search found, best first."""

    total: int = Field(
        description=f"How many there are, {RANKED} at most: of more, those that went out last are ranked. "
        f"Pages lead to the first {LAST_HIT}."
    )
    items: list[Found]
    next: str | None = Field(description="The address of the next page; null on the last.")


def router(site: Site) -> APIRouter:
    """The routes of articles."""
    routes = APIRouter(tags=["Articles"])

    @readable(routes, "/articles", Articles, 404)
    def list_articles(request: Request, query: Annotated[ArticleQuery, Query()]) -> Response:
        """The newest articles, all or what the filters leave."""
        page = editions.selected(
            site.db, query.selection, limit=query.limit, before=query.cursor, order=query.order
        )
        after = following(request, site, "/articles", page.next)
        items = given(site, page.items, with_blocks=query.blocks)
        return answer(request, Articles(items=items, next=after), following=after)

    @readable(routes, "/articles/{number}", Article, 404, 410)
    def one_article(request: Request, number: Number) -> Response:
        """One article with its text. What was withdrawn answers 410, with the reason and without text."""
        publication = editions.publication(site.db, publication_id(number))
        return _one(request, site, publication)

    @readable(routes, "/search", Hits, 404)
    def search_articles(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
        """The articles that have all of some words, best first."""
        offset = _offset(query.cursor)
        words = prose.line(query.q)
        limit = min(query.limit, LAST_HIT - offset)
        found = search(site.db, words, limit=limit, offset=offset, filters=query.filters)
        end = offset + len(found.hits)
        is_more = found.hits and end < min(found.total, LAST_HIT)
        after = following(request, site, "/search", str(end) if is_more else None)
        return answer(request, _hits(site, found.hits, found.total, after), following=after)

    return routes


def _one(request: Request, site: Site, publication: Publication | None) -> Response:
    if publication is None or publication.mode is RightsMode.NEVER:
        raise NotFoundError
    match publication.state:
        case PublicationState.WITHDRAWN:
            raise GoneError(publication)
        case PublicationState.REFUSED:
            raise NotFoundError
        case PublicationState.PUBLISHED:
            [item] = given(site, [publication], with_blocks=True)
            response = answer(request, item)
            if not publication.is_minable:
                response.headers["tdm-reservation"] = "1"  # TDMRep, as on the article's page
            return response


def given(site: Site, publications: Sequence[Publication], *, with_blocks: bool) -> list[Article]:
    """The publications as the API gives them, with their stories."""
    told = tellings(site.db, [each.article_id for each in publications])
    return [
        article(each, site.links, told.get(each.article_id), with_blocks=with_blocks) for each in publications
    ]


def _hits(site: Site, hits: Sequence[Hit], total: int, after: str | None) -> Hits:
    articles = given(site, [hit.publication for hit in hits], with_blocks=False)
    found = [Found(article=item, snippet=_snippet(hit)) for item, hit in zip(articles, hits, strict=True)]
    return Hits(total=total, items=found, next=after)


def _snippet(hit: Hit) -> list[Piece]:
    if not prose.blocks(hit.publication):
        return []
    return [Piece(text=prose.plain(text), is_match=bool(is_match)) for text, is_match in hit.snippet]


def _offset(cursor: str | None) -> int:
    """How many hits a cursor passes over.

    Raises:
        UnknownCursorError: no search gave it.
    """
    if cursor is None:
        return 0
    if not _OFFSET.fullmatch(cursor) or int(cursor) >= LAST_HIT:
        raise UnknownCursorError(f"{cursor!r}: no search gave this cursor")
    return int(cursor)
