"""The metadata of an article: a cascade from the publisher's own statements down to the feed's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain

from lxml.html import HtmlElement

from aggregator import licences, urls
from aggregator.extract import dateline, header, headline, jsonld, losers, metatags, signature, visible
from aggregator.extract.almanac import Almanac
from aggregator.extract.byline import names
from aggregator.extract.claims import Claims, Found, Moment, merge
from aggregator.extract.dates import moment, spoken
from aggregator.extract.headline import Titles
from aggregator.extract.outlet_page import OutletPage, ask, origin
from aggregator.extract.plain import plain
from aggregator.extract.sitename import Site, name_of, without_site_name
from aggregator.model.article import FieldLoser, Image
from aggregator.model.page import Entry, FetchedPage

# A page may be dated ahead: embargoed texts, clocks and offsets that are off by a day.
_AHEAD = timedelta(days=2)
# Two writings of one publication differ by a zone's offset at most.
_SAME_DAY = timedelta(hours=15)
# Summer time may part two moments that lie further apart.
_SAME_SEASON = timedelta(days=30)
_TO_THE_SECOND = 2


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was taken for each field, and what else was said of it; all licences in the sources' order."""

    claims: Claims
    losers: tuple[FieldLoser, ...]
    licences: tuple[Found[str], ...]


def read(page: FetchedPage, tree: HtmlElement, meta: metatags.Tags, own: OutletPage) -> Metadata:
    """The metadata: the outlet's card or class, JSON-LD, meta tags, what the page shows, the feed's entry.

    Each field is the first source's, but for the headline (``headline.choose``), times (the finest writing of
    the first source's day) and bylines (persons before the site's own name).
    """
    almanac = Almanac.of(page.url, metatags.language(tree, meta), page.fetched_at + _AHEAD)
    card, stated = _own(own, almanac), jsonld.claims(tree, page.url, almanac)
    tagged = metatags.claims(meta, almanac)
    feed, words = _entry(page.entry, almanac), _rights(page.entry)
    said = [card, stated, *tagged]
    called, host = _called(stated, tagged), urls.host(page.url)
    site = Site.of((one.value for one in called), host)
    titles = Titles(
        tagged[0].headline, stated.headline, header.headings(tree), visible.title(tree), feed.headline
    )
    given = card.headline and Found(without_site_name(card.headline.value, site), card.headline.source)
    chosen = given or headline.choose(titles, site) or visible.headline(tree)
    known = replace(merge(said), headline=chosen)
    shown = _shown(tree, known, site, almanac)
    late = visible.claims(tree, page.url, almanac, merge([known, shown]))
    sources = [*said, shown, feed, late, words]
    times = [one for source in sources for one in (source.published, source.modified) if one]
    published = _placed(_finest([one.published for one in sources]), times)
    taken = replace(
        merge(sources),
        headline=chosen,
        byline=_byline(sources, site),
        images=_images(sources),
        site_name=name_of(called, host),
        published=published,
        modified=_after(published, _placed(_finest([one.modified for one in sources]), times)),
    )
    other_titles = (Claims(headline=one) for one in titles.all())
    licensed = tuple(one.licence for one in sources if one.licence)
    return Metadata(taken, losers.of(taken, chain(sources, other_titles)), licensed)


def _called(stated: Claims, tagged: Sequence[Claims]) -> list[Found[str]]:
    """What a site calls itself, then the company that answers for it, then its account elsewhere."""
    found = [one.site_name for one in (tagged[0], stated, *tagged[1:]) if one.site_name]
    return sorted(found, key=lambda one: one.source == "meta:twitter:site")


def _own(own: OutletPage, almanac: Almanac) -> Claims:
    """What the outlet's card or class says."""
    titles = [title for text in ask(own, "headline", str) if (title := plain(text))]
    people = names(ask(own, "byline", str))
    dates = (moment(text, almanac) or spoken(text, almanac) for text in ask(own, "published", str))
    at = next((date for date in dates if date), None)
    return Claims(
        headline=Found(titles[0], origin(own, "headline")) if titles else None,
        byline=Found(people, origin(own, "byline")) if people else None,
        published=Found(at, origin(own, "published")) if at else None,
    )


def _shown(tree: HtmlElement, known: Claims, site: Site, almanac: Almanac) -> Claims:
    """What stands around the headline of byline and date where ``known`` has none, or less."""
    wants_date = known.published is None or known.published.value.precision < _TO_THE_SECOND
    wants_byline = known.byline is None or _is_site(known.byline.value, known, site)
    if not (wants_date or wants_byline):
        return Claims()
    head = list(header.elements(tree, known.headline.value if known.headline else ""))
    return Claims(
        published=dateline.find(head, almanac) if wants_date else None,
        byline=signature.find(head) if wants_byline else None,
    )


def _entry(entry: Entry, almanac: Almanac) -> Claims:
    """What the feed or sitemap says, the last resort; a date that lies ahead is an error of the feed's."""
    people = names(entry.byline)
    published, updated = (
        at if at is not None and at <= almanac.latest else None for at in (entry.published, entry.updated)
    )
    return Claims(
        headline=Found(entry.headline, "entry:headline") if entry.headline else None,
        dek=Found(entry.dek, "entry:dek") if entry.dek else None,
        byline=Found(people, "entry:byline") if people else None,
        published=Found(Moment(published, 2), "entry:published") if published else None,
        modified=Found(Moment(updated, 2), "entry:updated") if updated else None,
        licence=Found(entry.licence, "entry:licence") if entry.licence else None,
    )


def _rights(entry: Entry) -> Claims:
    """The feed's words on rights, if they tell the terms of use; most name an owner and nothing else."""
    if not entry.rights or licences.terms(entry.rights) is None:
        return Claims()
    return Claims(licence=Found(entry.rights, "entry:rights"))


def _byline(sources: Sequence[Claims], site: Site) -> Found[tuple[str, ...]] | None:
    """The first source that names somebody else than the site; else the first that names anybody.

    Beside others, the site's own name is left out.
    """
    found = [one.byline for one in sources if one.byline]
    known = merge(sources)
    for byline in found:
        if not _is_site(byline.value, known, site):
            return Found(tuple(name for name in byline.value if not site.is_called(name)), byline.source)
    return found[0] if found else None


def _is_site(people: Sequence[str], known: Claims, site: Site) -> bool:
    """Whether none of the names is a person's, but the site's or that of the organisation which answers."""
    houses = known.houses.value if known.houses else ()
    return all(name in houses or site.is_named(name) for name in people)


def _images(sources: Sequence[Claims]) -> Found[tuple[Image, ...]] | None:
    """The first source's pictures; the lead's alternative text may be another's."""
    found = [one.images for one in sources if one.images]
    if not found:
        return None
    lead, *others = found[0].value
    alt = next((one.value[0].alt for one in found if one.value[0].alt), None)
    return Found((replace(lead, alt=lead.alt or alt), *others), found[0].source)


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


def _placed(found: Found[Moment] | None, times: Sequence[Found[Moment]]) -> Found[Moment] | None:
    """A time without an offset, read in the one of another time that the page gives of those weeks."""
    if found is None or found.value.precision != 1:
        return found
    for other in times:
        is_near = abs(other.value.at - found.value.at) <= _SAME_SEASON
        if other.value.precision == _TO_THE_SECOND and other.value.at.utcoffset() and is_near:
            return Found(Moment(found.value.at.replace(tzinfo=other.value.at.tzinfo), 2), found.source)
    return found


def _after(published: Found[Moment] | None, modified: Found[Moment] | None) -> Found[Moment] | None:
    """The moment of the last change; none before publication, which is the template's or an error."""
    if published is None or modified is None:
        return modified
    coarse = min(published.value.precision, modified.value.precision) < _TO_THE_SECOND
    slack = _SAME_DAY if coarse else timedelta()
    return modified if modified.value.at + slack >= published.value.at else None
