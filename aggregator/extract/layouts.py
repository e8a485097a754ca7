"""Layouts: which of a card's rules are those of a page's day."""

from datetime import datetime

from aggregator.extract.claims import Found, Moment
from aggregator.model.outlet import Rules


def pick(rules: Rules, published: Found[Moment] | None, fetched_at: datetime) -> Rules:
    """The rules of the layout that a page has: the oldest layout that was still in use on its day.

    That is the day on which it was published, as written there, or on which it was fetched if none is known.
    """
    day = (published.value.at if published else fetched_at).date()
    in_use = [layout for layout in rules.layouts if day <= layout.until]
    return min(in_use, key=lambda layout: layout.until).rules if in_use else rules
