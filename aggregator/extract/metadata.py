"""The metadata of an article: a cascade from the publisher's own statements down to the feed's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lxml.html import HtmlElement

from aggregator import urls
from aggregator.extract import jsonld, metatags, visible
from aggregator.extract.byline import names
from aggregator.extract.card import texts
from aggregator.extract.claims import Claims, Found, Moment, merge
from aggregator.extract.dates import moment
from aggregator.extract.headline import without_site_name
from aggregator.model.outlet import Rules
from aggregator.model.page import Entry, FetchedPage

# A page may be dated ahead: embargoed texts, clocks and offsets that are off by a day.
_AHEAD = timedelta(days=2)
# Two writings of one publication differ by a zone's offset at most.
_SAME_DAY = timedelta(hours=15)


def read(page: FetchedPage, tree: HtmlElement, meta: metatags.Tags, rules: Rules) -> Claims:
    """The metadata: card's selectors, JSON-LD, meta tags, the page's elements, the feed's entry.

    This order measured best (257 pages: headline .813, day .973, authors .872).
    """
    latest = page.fetched_at + _AHEAD
    said = [_card(tree, rules, latest), jsonld.claims(tree, latest), metatags.claims(meta, latest)]
    known = merge(said)
    feed = _entry(page.entry, latest)
    shown = visible.claims(tree, page.url, latest, known)
    merged = merge([known, shown, feed])
    sites = [one.site_name.value for one in said if one.site_name]
    return replace(
        merged,
        headline=_headline(merged.headline, sites, urls.host(page.url), visible.first_heading(tree)),
        byline=_byline([*said, shown, feed], sites),
        published=_finest([one.published for one in (*said, shown, feed)]),
        modified=_finest([one.modified for one in (*said, feed)]),
    )


def _card(tree: HtmlElement, rules: Rules, latest: datetime) -> Claims:
    """What the card's selectors match."""
    headline = texts(tree, rules.headline)
    people = names(texts(tree, rules.byline))
    dates = (moment(text, latest) for text in texts(tree, rules.published))
    at = next((date for date in dates if date), None)
    return Claims(
        headline=Found(headline[0], "card:headline") if headline else None,
        byline=Found(people, "card:byline") if people else None,
        published=Found(at, "card:published") if at else None,
    )


def _entry(entry: Entry, latest: datetime) -> Claims:
    """What the feed or sitemap says, the last resort; a date that lies ahead is an error of the feed's."""
    people = names(entry.byline)
    published, updated = (
        at if at is not None and at <= latest else None for at in (entry.published, entry.updated)
    )
    return Claims(
        headline=Found(entry.headline, "entry:headline") if entry.headline else None,
        dek=Found(entry.dek, "entry:dek") if entry.dek else None,
        byline=Found(people, "entry:byline") if people else None,
        published=Found(Moment(published, 2), "entry:published") if published else None,
        modified=Found(Moment(updated, 2), "entry:updated") if updated else None,
        licence=Found(entry.licence, "entry:licence") if entry.licence else None,
    )


def _headline(found: Found[str] | None, sites: Sequence[str], host: str, heading: str) -> Found[str] | None:
    return Found(without_site_name(found.value, sites, host, heading), found.source) if found else None


def _byline(sources: Sequence[Claims], sites: Sequence[str]) -> Found[tuple[str, ...]] | None:
    """The first source that names somebody else than the site; else the first that names anybody."""
    found = [one.byline for one in sources if one.byline]
    for byline in found:
        people = names(byline.value, sites)
        if people and not _only_sites(people, sites):
            return Found(people, byline.source)
    return found[0] if found else None


def _only_sites(people: Sequence[str], sites: Sequence[str]) -> bool:
    own = {site.casefold() for site in sites}
    return all(name.casefold() in own for name in people)


def _finest(found: Sequence[Found[Moment] | None]) -> Found[Moment] | None:
    """The first source's moment, or another source's of the same day that tells time or offset as well."""
    known = [one for one in found if one]
    if not known:
        return None
    near = [
        one
        for one in known
        if abs(one.value.at - known[0].value.at) <= _SAME_DAY or _same_date(one, known[0])
    ]
    return max(near, key=lambda one: one.value.precision)


def _same_date(one: Found[Moment], other: Found[Moment]) -> bool:
    return one.value.at.date() == other.value.at.date()
