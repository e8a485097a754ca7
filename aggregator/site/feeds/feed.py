"""A feed before it is written: what Atom, RSS and JSON Feed all say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from aggregator.model.article import Block
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.site import language, markup, prose
from aggregator.site.card import headline, source_name
from aggregator.site.links import Links, outward


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One publication as feeds carry it; text is plain and clean, addresses are absolute.

    ``id`` stays when the headline changes. ``blocks`` is the whole text (mode full only), ``summary``
    an excerpt, or one line that says where to read. ``source`` is the original's address.
    """

    id: str
    url: str
    source: str | None
    headline: str
    language: str
    direction: str
    byline: tuple[str, ...]
    blocks: tuple[Block, ...]
    summary: str
    outlet: str
    outlet_homepage: str | None
    outlet_feed: str
    licence: str
    licence_url: str | None
    credit: str
    section: str
    published: datetime
    carried: datetime
    updated: datetime

    @property
    def rights(self) -> str:
        """Credit and licence on one line."""
        return " · ".join(filter(None, (self.credit, self.licence)))


@dataclass(frozen=True, slots=True)
class GoneItem:
    """A withdrawn publication: its id, when, and why (empty if nobody said)."""

    id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``page`` is the HTML page it follows, ``address`` its own; both absolute."""

    title: str
    description: str
    page: str
    address: str
    updated: datetime
    items: tuple[FeedItem, ...]
    gone: tuple[GoneItem, ...] = ()


def items(publications: Sequence[Publication], links: Links) -> tuple[FeedItem, ...]:
    """The items of all that is published and may be shown, in order."""
    return tuple(
        _item(each, links)
        for each in publications
        if each.state is PublicationState.PUBLISHED and each.mode is not RightsMode.NEVER
    )


def gone(publications: Sequence[Publication], links: Links) -> tuple[GoneItem, ...]:
    """The tombstones of all that is withdrawn, in order."""
    return tuple(
        GoneItem(
            links.absolute(links.permanent(each.id)),
            each.withdrawn_at or each.updated_at,
            prose.line(each.withdrawn_reason or ""),
        )
        for each in publications
        if each.state is PublicationState.WITHDRAWN
    )


def html(item: FeedItem) -> str:
    """The item's whole text as HTML, its source first; empty unless the mode is full."""
    if not item.blocks:
        return ""
    body = etree.Element("div", dir=item.direction)
    if item.language:
        body.set("lang", item.language)
    body.append(_source_line(item))
    body.extend(markup.elements(item.blocks))
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
    source = outward(publication.source_link)
    outlet = prose.line(publication.outlet_name)
    shown = prose.blocks(publication)
    is_full = publication.mode is RightsMode.FULL
    return FeedItem(
        id=links.absolute(links.permanent(publication.id)),
        url=links.absolute(links.article(publication)),
        source=source,
        headline=headline(publication),
        language=language.tag(publication.language),
        direction=language.direction(publication.language),
        byline=tuple(filter(None, map(prose.line, publication.byline))),
        blocks=shown if is_full else (),
        summary=_summary(publication, shown),
        outlet=outlet,
        outlet_homepage=outward(publication.outlet_homepage),
        outlet_feed=links.absolute(links.feed("rss", publication.outlet)),
        licence=prose.line(publication.licence or ""),
        licence_url=outward(publication.licence_url or ""),
        credit=prose.line(publication.credit),
        section=prose.line(publication.section or ""),
        published=publication.first_published or publication.published_at,
        carried=publication.published_at,
        updated=max(publication.updated_at, publication.published_at),
    )
