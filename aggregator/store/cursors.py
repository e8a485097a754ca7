"""Cursors: where a page of a list begins that is sorted by a moment and a number."""

import base64
from datetime import datetime

from aggregator.errors import UnknownCursorError
from aggregator.store.tables.base import iso


def write(at: datetime, number: int) -> str:
    """The cursor of a place: letters, digits, hyphens and underscores."""
    return base64.urlsafe_b64encode(f"{iso(at)} {number}".encode()).decode().rstrip("=")


def read(cursor: str) -> tuple[datetime, int]:
    """The moment and number that a cursor stands for.

    Raises:
        UnknownCursorError: it is none that we wrote; other numbers and times may not fit into a column.
    """
    unknown = UnknownCursorError(f"{cursor!r}: no page gave this cursor")
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        at, number = text.split(" ")
        found = datetime.fromisoformat(at), int(number)
        is_ours = write(*found) == cursor and 0 <= found[1] < 2**62
    except (ValueError, OverflowError) as error:
        raise unknown from error
    if not is_ours:
        raise unknown
    return found
