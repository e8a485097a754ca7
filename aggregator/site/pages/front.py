"""The front page, and that of each language: the lead, the latest, and the newest of each outlet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, language, older, reader
from aggregator.site.ask import NotFoundError, asked_language, cursor, language_tag
from aggregator.site.card import LEAD_COLUMNS, Card, card
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.site.telling import Group, grouped, told
from aggregator.store import editions, outlets, shown_stories
from aggregator.store.front import Selection
from aggregator.store.outlets import ShownOutlet

PAGE_SIZE = 28  # the lead, those beside it, and 24 that fill their rows in two, three or four columns
SECONDS = 3  # beside the lead
LEAD_FROM = 12  # the newest that may lead
LEAD_CHARS = 200  # below this there is too little to read under a large headline
SECTIONS = 12  # outlets with a section of their own
SECTION_SIZE = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the newest publications stand on the page; ``lead`` is None on a page without any."""

    lead: Card | None
    seconds: tuple[Card, ...]
    latest: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The newest of one outlet that stand nowhere else on the page."""

    name: str
    href: str
    cards: tuple[Card, ...]


def routes(site: Site) -> list[Route]:
    """The routes of the front page and of each language's."""

    def front(request: Request) -> Response:
        before, tag = cursor(request), language_tag(request)
        if tag:
            # Where a language's page stood before it had an address of its own.
            return RedirectResponse(site.links.front(before=before, language=tag), 301)
        return site.cached(request, lambda: _front(site, before, None))

    def spoken(request: Request, tag: str) -> Response:
        before, wanted = cursor(request), asked_language(tag)
        return site.cached(request, lambda: _front(site, before, wanted))

    return [read("/", front), read("/language/{tag}", spoken)]


def _front(site: Site, before: str | None, tag: str | None) -> Response:
    who = reader.current()
    # Who asks for a language by its page gets it, whatever else they chose.
    wanted = Selection(language=tag, languages=() if tag else who.languages, without=who.hidden)
    page = older.page(site, PAGE_SIZE, before, wanted)
    if tag and not page.items and not language.is_known(tag):
        raise NotFoundError
    listed = [outlet for outlet in outlets.shown(site.db) if outlet.slug not in who.hidden]
    is_first = before is None
    tellings = shown_stories.tellings(site.db, [item.article_id for item in page.items])
    groups = grouped(page.items, tellings)
    story_card = partial(told, tellings=tellings, links=site.links)
    chosen = [each for each in listed if language.is_among(each.language, who.languages)]
    sections = _sections(site, chosen, page.items) if is_first and tag is None else ()
    return site.page(
        "front.html",
        layout=lay_out(groups, story_card) if is_first else Layout(None, (), tuple(map(story_card, groups))),
        sections=sections,
        languages=language.list_of(outlet.language for outlet in listed),
        chosen=tag,
        # A page in one language is laid out in its direction; one of many languages in our own.
        side="rtl" if language.direction(tag) == "rtl" else "ltr",
        is_first=is_first,
        newest=dates.words(max(item.updated_at for item in page.items)) if page.items else None,
        older=site.links.front(before=page.next, language=tag) if page.next else None,
        start=site.links.front(language=tag),
    )


def lay_out(groups: Sequence[Group], told: Callable[..., Card]) -> Layout:
    """The newest publication with enough text to read leads, else the newest; the rest keeps its order."""
    if not groups:
        return Layout(None, (), ())
    lead = next((group for group in groups[:LEAD_FROM] if len(told(group).teaser) >= LEAD_CHARS), groups[0])
    rest = [told(group) for group in groups if group is not lead]
    columns = LEAD_COLUMNS if lead.head.mode is RightsMode.FULL else LEAD_COLUMNS // 2
    return Layout(told(lead, columns=columns), tuple(rest[:SECONDS]), tuple(rest[SECONDS:]))


def _sections(site: Site, listed: Sequence[ShownOutlet], shown: Sequence[Publication]) -> tuple[Section, ...]:
    """A section for each outlet whose newest are not all on the page already, the newest outlets first."""
    here = {publication.id for publication in shown}
    slugs = [outlet.slug for outlet in listed[:SECTIONS]]
    newest = editions.newest_of(site.db, slugs, each=SECTION_SIZE, without=here)
    return tuple(
        Section(
            outlet.name,
            site.links.outlet(outlet.slug),
            tuple(card(item, site.links) for item in newest[outlet.slug]),
        )
        for outlet in listed[:SECTIONS]
        if outlet.slug in newest
    )
