"""Stories in the API: what several reports tell, in a list, and one with all that is published of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from aggregator.errors import UnknownStoryError
from aggregator.model.story import ShownStory
from aggregator.site import language, prose
from aggregator.site.api.answer import answer, following, readable
from aggregator.site.api.article import Article
from aggregator.site.api.articles import given
from aggregator.site.api.moment import Moment
from aggregator.site.api.query import Number, StoryQuery
from aggregator.site.ask import NotFoundError, story_number
from aggregator.site.context import Site
from aggregator.site.links import Links
from aggregator.store import shown_stories
from aggregator.store.told_stories import ToldStory, told


class StoryHead(BaseModel):
    """A story in a list."""

    number: int
    url: str = Field(description="The story in this API.")
    page: str = Field(description="Its page on this site.")
    headline: str = Field(description="The headline that stands for all.")
    language: str | None
    reports: int = Field(description="Published reports of it.")
    outlets: int = Field(description="Outlets that carry some of it, copies among them.")
    first: Moment = Field(description="When its first article was published.")
    last: Moment = Field(description="When its last article was published.")


class Stories(BaseModel):
    """A page of stories; it may have fewer than asked for, and others after it."""

    items: list[StoryHead]
    next: str | None = Field(description="The address of the next page; null on the last.")


class Story(BaseModel):
    """A story with what is published of it."""

    number: int = Field(description="Another one than asked for, if that story went into this one.")
    url: str = Field(description="The story in this API.")
    page: str = Field(description="Its page on this site.")
    headline: str = Field(description="The headline that stands for all.")
    language: str | None
    outlets: int = Field(description="Outlets that carry some of it, copies among them.")
    articles: list[Article] = Field(
        description=f"What is published of it, the earliest first; {shown_stories.REPORTS} at most."
    )


def router(site: Site) -> APIRouter:
    """The routes of stories."""
    routes = APIRouter(tags=["Stories"])

    @readable(routes, "/stories", Stories, 404)
    def list_stories(request: Request, query: Annotated[StoryQuery, Query()]) -> Response:
        """The stories that two reports and more tell; the one with the newest article first."""
        primary = query.language.split("-")[0].lower() if query.language else None
        page = told(site.db, limit=query.limit, before=query.cursor, language=primary, outlets=query.outlets)
        after = following(request, site, "/stories", page.next)
        heads = [head(each, site.links) for each in page.items]
        return answer(request, Stories(items=heads, next=after), following=after)

    @readable(routes, "/stories/{number}", Story, 404)
    def one_story(request: Request, number: Number) -> Response:
        """One story. The number of one that went into another leads to that one."""
        try:
            found = shown_stories.shown(site.db, story_number(number))
        except UnknownStoryError:
            raise NotFoundError from None
        if found is None:
            raise NotFoundError
        return answer(request, story(found, site.links, given(site, found.reports, with_blocks=False)))

    return routes


def head(found: ToldStory, links: Links) -> StoryHead:
    """The story as a list gives it."""
    return StoryHead(
        number=found.id,
        url=links.absolute(links.api(f"/stories/{found.id}")),
        page=links.absolute(links.story(found.id)),
        headline=prose.line(found.headline),
        language=language.tag(found.language) or None,
        reports=found.reports,
        outlets=found.outlets,
        first=found.first,
        last=found.last,
    )


def story(found: ShownStory, links: Links, articles: list[Article]) -> Story:
    """The story with its articles."""
    return Story(
        number=found.id,
        url=links.absolute(links.api(f"/stories/{found.id}")),
        page=links.absolute(links.story(found.id)),
        headline=prose.line(found.headline),
        language=language.tag(found.language) or None,
        outlets=found.outlets,
        articles=articles,
    )
