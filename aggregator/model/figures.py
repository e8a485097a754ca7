"""Figures of the desk: what crawls brought and editions took, summed up by time and by outlet."""

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """Sums of what crawls brought; each is a count of pages, entries or articles.

    ``new`` are entries of seeds that were not known, ``no_article``, ``forbidden`` and ``dropped`` the pages
    that ended without an article by reason, ``failed`` those that could not be fetched or read.
    """

    new: int = 0
    stored: int = 0
    copies: int = 0
    revisions: int = 0
    unchanged: int = 0
    no_article: int = 0
    forbidden: int = 0
    dropped: int = 0
    failed: int = 0
    visits: int = 0
    visits_failed: int = 0
    headlines: int = 0
    bylines: int = 0
    dates: int = 0
    images: int = 0

    @property
    def pages(self) -> int:
        """All pages that were tried."""
        ended = self.stored + self.copies + self.revisions + self.unchanged
        return ended + self.no_article + self.forbidden + self.dropped + self.failed

    @property
    def success(self) -> float | None:
        """The share of pages and seeds that could be fetched and read; None if nothing was tried."""
        tried = self.pages + self.visits
        return 1 - (self.failed + self.visits_failed) / tried if tried else None

    @property
    def articles(self) -> int:
        """New articles, copies of others among them: what the shares of fields are of."""
        return self.stored + self.copies

    def share(self, field: str) -> float | None:
        """The share of articles that have a field: headlines, bylines, dates, images; None without any."""
        return min(getattr(self, field) / self.articles, 1.0) if self.articles else None

    @property
    def copied(self) -> float | None:
        """The share of articles that were copies of others."""
        return self.copies / self.articles if self.articles else None


NAMES = tuple(one.name for one in fields(Brought))


@dataclass(frozen=True, slots=True)
class OutletDay:
    """An outlet's day; when the last article of that day arrived, and when a seed answered last."""

    brought: Brought
    arrived_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """An edition: when it closed, how many articles it brought out or updated, and refused."""

    closed_at: datetime
    articles: int
    refused: int
