"""An item as a feed lists it: its words, before they are resolved, parsed or cleaned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a feed, every field as written there.

    ``links`` are candidates for the article's URL, best first, each already joined to its ``xml:base`` if it
    has one, else perhaps relative; ``dek`` may hold HTML; ``credits`` are author fields, each of one or more
    people.
    """

    links: tuple[str, ...]
    guid: str | None = None
    headline: str | None = None
    dek: str | None = None
    credits: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    licence: str | None = None
    rights: str | None = None
