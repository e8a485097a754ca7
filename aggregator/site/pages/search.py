"""The search page: words in, marked hits out."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site import language, prose
from aggregator.site.ask import (
    LAST_PAGE,
    day,
    language_tag,
    outlet_filter,
    page_number,
    search_words,
    topic_filter,
)
from aggregator.site.card import Card, card
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.store import outlets
from aggregator.store.calendar import start
from aggregator.store.search import Filters, Hit, SearchPage, search

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit as readers see it: its card, and the snippet in pieces, each with whether it matched."""

    card: Card
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for; ``since`` and ``until`` are days, the latter included."""

    words: str
    number: int
    outlet: str | None
    language: str | None
    topic: str | None
    since: date | None
    until: date | None

    @property
    def filters(self) -> Filters:
        """The same for the store."""
        first = start(self.since) if self.since else None
        after = start(self.until + timedelta(days=1)) if self.until else None
        return Filters(self.outlet, self.language, self.topic, first, after)

    @property
    def narrowed(self) -> dict[str, str | None]:
        """The filters as the form names them, for the addresses of further pages."""
        return {
            "outlet": self.outlet,
            "language": self.language,
            "topic": self.topic,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


def routes(site: Site) -> list[Route]:
    """The route of the search page."""

    # No validators: the index follows publications some seconds later.
    def search_page(request: Request) -> Response:
        asked = _asked(request)
        with site.db.moment():
            return _page(site, asked)

    return [read("/search", search_page)]


def _asked(request: Request) -> Asked:
    return Asked(
        words=search_words(request),
        number=page_number(request),
        outlet=outlet_filter(request),
        language=language_tag(request),
        topic=topic_filter(request),
        since=day(request, "since"),
        until=day(request, "until"),
    )


def _page(site: Site, asked: Asked) -> Response:
    found = SearchPage((), 0)
    if asked.words:
        offset = (asked.number - 1) * PAGE_SIZE
        found = search(site.db, asked.words, limit=PAGE_SIZE, offset=offset, filters=asked.filters)
    listed = outlets.shown(site.db)
    return site.page(
        "search_files.html" if site.links.is_static else "search.html",
        asked=asked,
        is_narrowed=any(asked.narrowed.values()),
        total=found.total,
        is_cut=found.is_cut,
        hits=[_view(site, hit) for hit in found.hits],
        outlets=sorted(listed, key=lambda each: each.name.casefold()),
        languages=language.list_of(each.language for each in listed),
        newer=_other(site, asked, -1) if asked.number > 1 else None,
        older=_other(site, asked, 1) if found.total > asked.number * PAGE_SIZE else None,
    )


def _other(site: Site, asked: Asked, step: int) -> str | None:
    """The address of a page further on; None behind the last one that is given."""
    number = asked.number + step
    return site.links.search(asked.words, page=number, **asked.narrowed) if number <= LAST_PAGE else None


def _view(site: Site, hit: Hit) -> HitView:
    snippet = tuple((prose.plain(text), bool(is_match)) for text, is_match in hit.snippet)
    return HitView(card(hit.publication, site.links), snippet if prose.blocks(hit.publication) else ())
