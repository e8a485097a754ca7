"""A licence page: what stood on it, and what was confirmed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LicencePage:
    """What is known of an outlet's licence page.

    ``text`` with ``text_hash`` is what counts as known; ``new_text`` with ``new_hash`` another text that was
    found at ``changed_at``. ``failed_at`` is since when the page cannot be read, ``failure`` why.
    ``confirmed`` is the licence (and its URL) that an operator confirmed at ``confirmed_at``.
    """

    outlet: str
    url: str | None = None
    checked_at: datetime | None = None
    text_hash: str | None = None
    changed_at: datetime | None = None
    new_hash: str | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    confirmed_at: datetime | None = None
    confirmed: str | None = None
    text: str | None = None
    new_text: str | None = None
