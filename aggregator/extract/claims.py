"""What a source says about an article: one claim a field, each with where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Generic, TypeVar

from aggregator.model.article import Completeness, FieldOrigin, Image

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, and where it was found, such as ``json-ld:headline`` or ``meta:og:title``."""

    value: T
    source: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written: aware (UTC where no offset was given), with what the writing told.

    ``precision`` is 0 for a date alone, 1 for a time without offset, 2 for a time with its offset.
    """

    at: datetime
    precision: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a publisher says of an article as a whole.

    ``kind`` is set where the page itself is a running report, a gallery or a film; ``has_gallery`` and
    ``films`` (their descriptions) tell of those beside an article. ``text`` is the article's text as written
    there, with its markup; ``words`` their number, 0 for unknown. ``is_news`` says that anything there, the
    article or the house, is called news.
    """

    is_free: Found[bool] | None = None
    kind: Found[Completeness] | None = None
    has_gallery: bool = False
    films: tuple[str, ...] = ()
    text: str = ""
    words: int = 0
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """All that one source (JSON-LD, meta tags, the page's own elements, the feed) says; plain text.

    ``houses`` are the names among the byline's that the source calls organisations.
    """

    headline: Found[str] | None = None
    dek: Found[str] | None = None
    byline: Found[tuple[str, ...]] | None = None
    houses: Found[tuple[str, ...]] | None = None
    published: Found[Moment] | None = None
    modified: Found[Moment] | None = None
    section: Found[str] | None = None
    tags: Found[tuple[str, ...]] | None = None
    site_name: Found[str] | None = None
    licence: Found[str] | None = None
    original: Found[str] | None = None
    images: Found[tuple[Image, ...]] | None = None
    statement: Found[Statement] | None = None

    def origins(self) -> tuple[FieldOrigin, ...]:
        """Where each field that has a value came from."""
        found = ((one.name, getattr(self, one.name)) for one in fields(self))
        return tuple(FieldOrigin(name, value.source) for name, value in found if value is not None)


def merge(sources: Sequence[Claims]) -> Claims:
    """One set of claims: for each field the first source that says something."""
    return Claims(
        **{
            one.name: next(
                (found for source in sources if (found := getattr(source, one.name)) is not None), None
            )
            for one in fields(Claims)
        }
    )
