"""Queries: what a request to the API may ask for; anything else is told, and not passed over."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from aggregator import topics
from aggregator.model.outlet import RightsMode
from aggregator.site import ask, prose
from aggregator.site.api.moment import AskedMoment
from aggregator.store.front import Selection
from aggregator.store.search import Filters

_SLUG = "^[a-z0-9][a-z0-9._-]{0,99}$"

Language = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}$",
        description="A language tag; regions do not matter: `pt` finds `pt-BR`, too.",
        examples=["fr"],
    ),
]
Slug = Annotated[
    str,
    Field(
        pattern=_SLUG,
        description="An outlet, as `slug` in the list of outlets.",
        examples=["harbour"],
    ),
]
Topic = Annotated[
    str,
    Field(
        min_length=1,
        max_length=topics.KEY_CHARS,
        description="A section or tag, by its key or as somebody writes it.",
        examples=["coast"],
    ),
    AfterValidator(lambda written: topics.key(prose.plain(written))),
]
Name = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": _SLUG}),
    Field(description="An outlet, as `slug` in the list of outlets.", examples=["harbour"]),
]
"""An outlet in a path; what can be none is not found."""

Number = Annotated[
    str,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 10**18 - 1}),
    Field(description="The number.", examples=[1]),
]
"""A number in a path; what is none is not found."""

DEFAULT_LIMIT = 30
MOST = 100


class Paged(BaseModel):
    """A page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MOST, description="Most items of one page.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Where the page begins, as `next` of the page before has it.",
    )


class Narrowed(Paged):
    """A list of articles that can be narrowed."""

    language: Language | None = None
    outlet: Slug | None = None
    topic: Topic | None = None
    since: AskedMoment | None = Field(default=None, description="The first moment.")
    until: AskedMoment | None = Field(default=None, description="The moment behind the last.")


class ArticleQuery(Narrowed):
    """A list of articles."""

    mode: Literal["full", "excerpt", "link"] | None = Field(
        default=None, description="How much of them may be shown."
    )
    edition: int | None = Field(
        default=None, ge=1, lt=10**18, description="The edition that brought them out.", examples=[1]
    )
    order: Literal["newest", "arrived"] = Field(
        default="newest",
        description="Newest first: by the outlets’ own dates, or by when they arrived here. "
        "`since` and `until` mean the same dates.",
    )
    blocks: bool = Field(default=False, description="Whether items carry their text, too.")

    @property
    def selection(self) -> Selection:
        """The same for the store."""
        return Selection(
            outlet=self.outlet,
            language=self.language,
            topic=self.topic,
            mode=RightsMode(self.mode) if self.mode else None,
            edition=self.edition,
            since=self.since,
            until=self.until,
        )


class StoryQuery(Paged):
    """A list of stories."""

    language: Language | None = None
    outlets: int = Field(default=1, ge=1, le=1000, description="Fewest outlets that carry some of it.")


class TopicQuery(BaseModel):
    """A list of topics."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=MOST, ge=1, le=500, description="Most topics.")
    language: Language | None = None
    outlet: Slug | None = None


class SearchQuery(Narrowed):
    """A search."""

    q: str = Field(
        min_length=1,
        max_length=ask.LONGEST_QUERY_CHARS,
        description="The words, all of which must be there; those in quotes stand together.",
        examples=["ferry"],
    )

    @property
    def filters(self) -> Filters:
        """What narrows it, for the store."""
        return Filters(self.outlet, self.language, self.topic, self.since, self.until)
