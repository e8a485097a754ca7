"""Republishing: decisions, publications, and the editions that carry them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.model.article import Article, Block, Completeness, plain_text
from aggregator.model.decision import Because
from aggregator.model.outlet import CreditPosition, RightsMode
from aggregator.model.page import ArchiveRef
from aggregator.model.picture import Picture
from aggregator.model.revision import LastChange


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article in the store, with its id, its copies' outlets and its number of revisions.

    ``copy_of`` is the id of the original if this article is a copy; ``archived`` is where the page lies that
    the newest revision was read from.
    """

    id: int
    article: Article
    copy_of: int | None
    revision: int
    stored_at: datetime
    archived: ArchiveRef | None = None


class PublicationState(StrEnum):
    """Where an article stands on its way to readers."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class WithdrawnBy(StrEnum):
    """What withdrew a publication by itself, and brings it back by itself."""

    GONE = "original/gone"
    RETRACTED = "original/retracted"
    PAYWALLED = "original/paywalled"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class NewPublication:
    """What is written when an article goes out (or is refused): what readers see, and why.

    ``blocks`` are all of the article's text that readers get: body, excerpt or nothing.
    ``revision`` is the article's revision that they were made from; None means its newest. ``licence`` is the
    one in force that day. ``copy_of`` is the original's number if this copy goes out in its place. The rest
    is as the decision has it.
    """

    article_id: int
    state: PublicationState
    mode: RightsMode
    headline: str
    blocks: tuple[Block, ...]
    licence: str | None
    credit: str
    reasons: tuple[Because, ...]
    revision: int | None = None
    licence_url: str | None = None
    credit_position: CreditPosition = CreditPosition.TOP
    is_verbatim: bool = False
    has_images: bool = False
    is_indexable: bool = True
    is_minable: bool = True
    copy_of: int | None = None

    @property
    def text(self) -> str:
        """The blocks as plain text, parted by a line feed each."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Publication:
    """A published (or withdrawn) article as readers meet it; nothing here goes beyond its mode.

    ``outlet_name`` is who wrote it, ``source_link`` where the original stands, ``also_in`` the other
    outlets that carry the same text as (name, URL). ``source_outlet`` is the name of the outlet that the
    source link leads to, if that is another one that we know. ``revision`` is the article's, as it is out.
    ``topics`` are its section and tags, each a key and the outlet's words; ``modified`` is when the outlet
    says it changed the article last, ``outlet_feed`` the outlet's own feed. ``canonical`` and ``noindex`` are
    what the outlet's card says of full copies.
    ``reasons`` tell why readers do not get more, ``reason_codes`` the same for programs. A page that is not
    ``is_indexable`` asks search engines not to list it, one that is not ``is_minable`` reserves text and data
    mining, as the originals do. ``withdrawn_by`` is None if a person or a takedown withdrew it.
    ``pictures`` are our copies of the original's, none unless it ``has_images``. ``last_change`` is
    what the outlet changed in the newest of its revisions that is out, None of a first one.
    """

    id: int
    article_id: int
    edition_id: int
    state: PublicationState
    mode: RightsMode
    outlet: str
    outlet_name: str
    outlet_homepage: str
    headline: str
    blocks: tuple[Block, ...]
    language: str | None
    byline: tuple[str, ...]
    source_link: str
    completeness: Completeness
    licence: str | None
    licence_url: str | None
    credit: str
    first_published: datetime | None
    published_at: datetime
    updated_at: datetime
    section: str | None = None
    agency: tuple[str, ...] = ()
    revision: int = 1
    also_in: tuple[tuple[str, str], ...] = ()
    source_outlet: str | None = None
    topics: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    outlet_feed: str | None = None
    canonical: bool = True
    noindex: bool = True
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    withdrawn_by: WithdrawnBy | None = None
    reasons: tuple[str, ...] = ()
    reason_codes: tuple[str, ...] = ()
    credit_position: CreditPosition = CreditPosition.TOP
    is_verbatim: bool = False
    has_images: bool = False
    is_indexable: bool = True
    is_minable: bool = True
    pictures: tuple[Picture, ...] = ()
    last_change: LastChange | None = None

    @property
    def text(self) -> str:
        """The blocks as plain text, parted by a line feed each."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated, ordered set of publications."""

    id: int
    closed_at: datetime
    article_count: int
    refused_count: int
