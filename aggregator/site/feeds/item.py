"""Items: publications as feeds carry them, no further than their mode goes."""

from collections.abc import Iterable, Sequence

from lxml import etree

from aggregator.model.article import Block
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Picture as Kept
from aggregator.model.revision import LastChange
from aggregator.site import language, markup, prose
from aggregator.site.card import headline, source_name
from aggregator.site.feeds.feed import FeedItem, GoneItem, Picture
from aggregator.site.figure import figure
from aggregator.site.links import Links, outward
from aggregator.site.updates import WORDS
from aggregator.store.volumes import Withdrawn


def items(publications: Sequence[Publication], links: Links) -> tuple[FeedItem, ...]:
    """The items of all that is published and may be shown, in order."""
    return tuple(
        _item(each, links)
        for each in publications
        if each.state is PublicationState.PUBLISHED and each.mode is not RightsMode.NEVER
    )


def gone(withdrawn: Iterable[Withdrawn], links: Links) -> tuple[GoneItem, ...]:
    """The tombstones of what is withdrawn, in order."""
    return tuple(
        GoneItem(links.absolute(links.permanent(each.id)), each.at, prose.line(each.reason or ""))
        for each in withdrawn
    )


def html(item: FeedItem) -> str:
    """The item's whole text as HTML, its source first and last; empty unless the mode is full."""
    if not item.blocks:
        return ""
    body = etree.Element("div", dir=item.direction)
    if item.language:
        body.set("lang", item.language)
    body.append(_source_line(item))
    if item.note:
        etree.SubElement(body, "p", lang="en", dir="ltr").text = item.note
    body.extend(markup.elements(item.blocks))
    if item.source:
        last = etree.SubElement(body, "p", lang="en", dir="ltr")
        etree.SubElement(last, "a", href=item.source).text = f"Read the original at {item.outlet}"
    return str(etree.tostring(body, encoding="unicode", method="html"))


def _source_line(item: FeedItem) -> etree._Element:
    line = etree.Element("p", lang="en", dir="ltr")
    cite = etree.SubElement(line, "cite")
    name = etree.SubElement(cite, "a", href=item.source) if item.source else cite
    name.text = item.outlet
    cite.tail = f" · {item.rights}" if item.rights else None
    if item.licence_url:
        cite.tail = f" · {item.credit} · " if item.credit else " · "
        etree.SubElement(line, "a", href=item.licence_url, rel="license").text = item.licence or "Licence"
    return line


def _summary(publication: Publication, shown: Sequence[Block]) -> str:
    if not shown:
        return f"Read at {source_name(publication)}"
    return "" if publication.mode is RightsMode.FULL else " ".join(block.text for block in shown)


def _item(publication: Publication, links: Links) -> FeedItem:
    shown = prose.blocks(publication)
    is_full = publication.mode is RightsMode.FULL
    labels = (prose.line(label) for _, label in publication.topics)
    return FeedItem(
        id=links.absolute(links.permanent(publication.id)),
        url=links.absolute(links.article(publication)),
        source=outward(publication.source_link),
        headline=headline(publication),
        language=language.tag(publication.language),
        direction=language.direction(publication.language),
        byline=tuple(filter(None, map(prose.line, publication.byline))),
        blocks=shown if is_full else (),
        summary=_summary(publication, shown),
        outlet=prose.line(publication.outlet_name),
        outlet_homepage=outward(publication.outlet_homepage),
        outlet_feed=outward(publication.outlet_feed or "")
        or links.absolute(links.feed("rss", outlet=publication.outlet)),
        mode=publication.mode.value,
        licence=prose.line(publication.licence or ""),
        licence_url=outward(publication.licence_url or ""),
        credit=prose.line(publication.credit),
        topics=tuple(filter(None, labels)),
        published=publication.first_published or publication.published_at,
        carried=publication.published_at,
        updated=max(publication.updated_at, publication.published_at),
        pictures=tuple(_picture(each, publication, links) for each in publication.pictures),
        note=_note(publication.last_change),
    )


def _picture(picture: Kept, publication: Publication, links: Links) -> Picture:
    """A picture that may be shown: our own copy of it."""
    shown = figure(picture, publication, links)
    credit = prose.line(picture.credit or "")
    url = links.absolute(shown.src)
    return Picture(url, shown.caption, shown.alt, credit, shown.width, shown.height)


def _note(change: LastChange | None) -> str:
    if change is None:
        return ""
    kinds = "; ".join(WORDS[kind] for kind in change.kinds)
    return f"Updated {change.seen_at:%Y-%m-%d %H:%M} UTC: {kinds}"
