"""The watch over a licence page: what a look at it means for its outlet."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.model.decision import LicenceState
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Rights

EVERY = timedelta(days=7)
"""How often a page is looked at: peers' feeds change their licence once in years, and never with a notice."""

AGAIN = timedelta(days=1)
"""How soon one that could not be read is looked at again."""

PATIENCE = timedelta(days=30)
"""A page that cannot be read for so long counts as changed: sites move, and are repaired within weeks."""

# These addresses are the licence itself, not an outlet's words about it, and never change.
_LICENCES_THEMSELVES = frozenset({"creativecommons.org", "www.creativecommons.org"})


def state(rights: Rights, page: LicencePage | None, now: datetime) -> LicenceState:
    """What is known of the licence behind a card.

    A change counts while the card names that page and neither the card's hash nor an operator has taken the
    new text; a confirmation counts for the licence as it was confirmed.
    """
    if page is None:
        return LicenceState.UNSEEN
    if page.url == rights.licence_url:
        is_changed = page.changed_at is not None and page.new_hash != rights.licence_hash
        is_lost = page.failed_at is not None and now - page.failed_at > PATIENCE
        if is_changed or is_lost:
            return LicenceState.CHANGED
    if page.confirmed_at is not None and page.confirmed == words(rights):
        return LicenceState.CONFIRMED
    return LicenceState.UNSEEN


def is_watched(rights: Rights) -> bool:
    """Whether the card names a page of the outlet's that can change."""
    return bool(rights.licence_url) and urlsplit(rights.licence_url).hostname not in _LICENCES_THEMSELVES


def is_due(rights: Rights, page: LicencePage | None, now: datetime) -> bool:
    """Whether the page is to be looked at."""
    if not is_watched(rights):
        return False
    if page is None or page.url != rights.licence_url or page.checked_at is None:
        return True
    return now - page.checked_at >= (AGAIN if page.failed_at else EVERY)


def digest(text: str) -> str:
    """The hash of a page's text, 64 hex digits; case and white space do not count."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()


def words(rights: Rights) -> str:
    """A card's licence as it is confirmed: what it says, and where it stands."""
    return " ".join(filter(None, (rights.licence, rights.licence_url)))


def seen(page: LicencePage, rights: Rights, text: str, now: datetime) -> LicencePage:
    """What is known after the page was read: the first text counts as known, unless the card has a hash."""
    found = digest(text)
    if page.url != rights.licence_url:
        page = LicencePage(page.outlet, confirmed_at=page.confirmed_at, confirmed=page.confirmed)
    page = replace(page, url=rights.licence_url, checked_at=now, failed_at=None, failure=None)
    known = {page.text_hash, rights.licence_hash} - {None}
    if not known or found in known:
        return replace(page, text_hash=found, text=text, changed_at=None, new_hash=None, new_text=None)
    return replace(page, changed_at=page.changed_at or now, new_hash=found, new_text=text)


def failed(page: LicencePage, rights: Rights, why: str, now: datetime) -> LicencePage:
    """What is known after the page could not be read; what was known of it stays."""
    if page.url != rights.licence_url:
        page = LicencePage(page.outlet, confirmed_at=page.confirmed_at, confirmed=page.confirmed)
    since = page.failed_at or now
    return replace(page, url=rights.licence_url, checked_at=now, failed_at=since, failure=why)


def confirmed(page: LicencePage, rights: Rights, now: datetime) -> LicencePage:
    """What is known after an operator has read and confirmed the licence: a new text is the known one."""
    page = replace(page, confirmed_at=now, confirmed=words(rights), failed_at=None, failure=None)
    if page.changed_at is None or page.url != rights.licence_url:
        return page
    return replace(
        page, text_hash=page.new_hash, text=page.new_text, changed_at=None, new_hash=None, new_text=None
    )
