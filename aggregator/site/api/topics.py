"""Topics in the API: the sections and tags that the newest articles carry."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from aggregator.site import prose
from aggregator.site.api.answer import answer, readable
from aggregator.site.api.query import TopicQuery
from aggregator.site.context import Site
from aggregator.site.links import Links
from aggregator.store.frequent_topics import NEWEST, TopicCount, frequent


class Topic(BaseModel):
    """A section or tag."""

    key: str = Field(description="What the filter `topic` takes.")
    label: str = Field(description="As one of the outlets writes it.")
    count: int = Field(description=f"How many of the newest {NEWEST} articles carry it.")
    page: str = Field(description="Its page on this site.")
    articles: str = Field(description="All articles of it, in this API.")


class Topics(BaseModel):
    """Topics, the most frequent first."""

    items: list[Topic]


def router(site: Site) -> APIRouter:
    """The route of topics."""
    routes = APIRouter(tags=["Topics"])

    @readable(routes, "/topics", Topics)
    def list_topics(request: Request, query: Annotated[TopicQuery, Query()]) -> Response:
        """The topics of the newest articles, the most frequent first."""
        found = frequent(site.db, limit=query.limit, language=query.language, outlet=query.outlet)
        return answer(request, Topics(items=[topic(each, site.links) for each in found]))

    return routes


def topic(found: TopicCount, links: Links) -> Topic:
    """The topic as the API gives it."""
    return Topic(
        key=found.key,
        label=prose.line(found.label) or found.key,
        count=found.publications,
        page=links.absolute(links.topic(found.key)),
        articles=links.absolute(links.api("/articles", topic=found.key)),
    )
