"""The search page: words in, marked hits out."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from aggregator.site import language, prose
from aggregator.site.ask import LAST_PAGE, READ, language_tag, outlet_filter, page_number, search_words
from aggregator.site.card import Card, card
from aggregator.site.context import Site
from aggregator.store import outlets
from aggregator.store.search import Hit, SearchPage, search

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit as readers see it: its card, and the snippet in pieces, each with whether it matched."""

    card: Card
    snippet: tuple[tuple[str, bool], ...]


def router(site: Site) -> APIRouter:
    """The route of the search page."""
    routes = APIRouter()

    # No validators: the index follows publications some seconds later.
    @routes.api_route("/search", methods=READ)
    def search_page(request: Request) -> Response:
        words, number = search_words(request), page_number(request)
        outlet, tag = outlet_filter(request), language_tag(request)
        found = SearchPage((), 0)
        if words:
            offset = (number - 1) * PAGE_SIZE
            found = search(site.db, words, limit=PAGE_SIZE, offset=offset, outlet=outlet, language=tag)
        is_more = number < LAST_PAGE and found.total > number * PAGE_SIZE
        again = site.links.search
        listed = outlets.shown(site.db)
        return site.page(
            "search.html",
            words=words,
            total=found.total,
            hits=[_view(site, hit) for hit in found.hits],
            outlets=sorted(listed, key=lambda each: each.name.casefold()),
            languages=language.list_of(each.language for each in listed),
            outlet=outlet,
            chosen=tag,
            number=number,
            newer=again(words, outlet=outlet, language=tag, page=number - 1) if number > 1 else None,
            older=again(words, outlet=outlet, language=tag, page=number + 1) if is_more else None,
        )

    return routes


def _view(site: Site, hit: Hit) -> HitView:
    snippet = tuple((prose.plain(text), bool(is_match)) for text, is_match in hit.snippet)
    return HitView(card(hit.publication, site.links), snippet if prose.blocks(hit.publication) else ())
