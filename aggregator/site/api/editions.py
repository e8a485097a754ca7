"""Editions in the API: what went out together, in a list, and one."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from aggregator.errors import UnknownCursorError
from aggregator.model.edition import Edition as StoredEdition
from aggregator.site.api.answer import answer, following, readable
from aggregator.site.api.moment import Moment
from aggregator.site.api.query import Number, Paged
from aggregator.site.ask import NotFoundError, publication_id
from aggregator.site.context import Site
from aggregator.site.links import Links
from aggregator.store import editions

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class Edition(BaseModel):
    """What went out together at a moment."""

    number: int
    url: str = Field(description="The edition in this API.")
    closed: Moment = Field(description="When it went out.")
    count: int = Field(description="Articles that it brought out or changed.")
    articles: str = Field(description="Where those stand that it brought out, as far as they still are.")


class Editions(BaseModel):
    """A page of editions, the newest first."""

    items: list[Edition]
    next: str | None = Field(description="The address of the next page; null on the last.")


def router(site: Site) -> APIRouter:
    """The routes of editions."""
    routes = APIRouter(tags=["Editions"])

    @readable(routes, "/editions", Editions, 404)
    def list_editions(request: Request, query: Annotated[Paged, Query()]) -> Response:
        """The editions, the newest first."""
        found = editions.editions(site.db, query.limit + 1, before=_before(query.cursor))
        page, is_more = found[: query.limit], len(found) > query.limit
        after = following(request, site, "/editions", str(page[-1].id) if is_more else None)
        items = [edition(each, site.links) for each in page]
        return answer(request, Editions(items=items, next=after), following=after)

    @readable(routes, "/editions/{number}", Edition, 404)
    def one_edition(request: Request, number: Number) -> Response:
        """One edition."""
        found = editions.edition(site.db, publication_id(number))
        if found is None:
            raise NotFoundError
        return answer(request, edition(found, site.links))

    return routes


def _before(cursor: str | None) -> int | None:
    """The edition that a page is older than.

    Raises:
        UnknownCursorError: no list gave it.
    """
    if cursor is None:
        return None
    if not _NUMBER.fullmatch(cursor):
        raise UnknownCursorError(f"{cursor!r}: no list of editions gave this cursor")
    return int(cursor)


def edition(found: StoredEdition, links: Links) -> Edition:
    """The edition as the API gives it."""
    return Edition(
        number=found.id,
        url=links.absolute(links.api(f"/editions/{found.id}")),
        closed=found.closed_at,
        count=found.article_count,
        articles=links.absolute(links.api("/articles", edition=str(found.id))),
    )
