"""Layouts: which of an outlet's rules and page classes are those of a page's day."""

from datetime import date

from aggregator.extract import page_classes
from aggregator.extract.claims import Found, Moment
from aggregator.extract.outlet_page import OutletPage
from aggregator.model.outlet import Rules


def pick(usual: OutletPage, published: Found[Moment] | None) -> OutletPage:
    """The page as the layout of its day has it; ``usual`` itself if that is no other.

    Of the layouts with a last day the oldest that was still in use on the page's day counts. That day is the
    one on which it was published, as written there, or on which it was fetched if none is known.

    Raises:
        CardError: the card's page class cannot be loaded.
    """
    day = (published.value.at if published else usual.page.fetched_at).date()
    rules, kind = _rules(usual.rules, day), _kind(usual.rules.page_class, day)
    if rules is usual.rules and kind is OutletPage:
        return usual
    return kind(usual.page, usual.tree, rules)


def _rules(rules: Rules, day: date) -> Rules:
    in_use = [layout for layout in rules.layouts if day <= layout.until]
    return min(in_use, key=lambda layout: layout.until).rules if in_use else rules


def _kind(file: str | None, day: date) -> type[OutletPage]:
    classes = page_classes.load(file) if file else ()
    dated = [(each.until, each) for each in classes if each.until is not None and day <= each.until]
    present = next((each for each in classes if each.until is None), OutletPage)
    return min(dated, key=lambda one: one[0])[1] if dated else present
