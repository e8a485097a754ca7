"""A small paper that went out through the real rights gate, and the site over it, sound or with a fault."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dedupe import prose
from jinja2 import DictLoader
from published import CC0, article, card
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator import publishing, withdrawing
from aggregator.checking.document import check
from aggregator.checking.finding import Finding
from aggregator.checking.walk import Walk
from aggregator.config import Settings, SiteSettings
from aggregator.inspecting.inspector import Inspector
from aggregator.inspecting.places import starts
from aggregator.inspecting.visits import Visitor, served
from aggregator.model.crawl import PageArticle
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Outlet, RightsMode, Seed, SeedKind
from aggregator.model.page import Entry
from aggregator.model.takedown import Order, TakedownScope
from aggregator.site.app import create_app
from aggregator.site.links import Links
from aggregator.store import articles, editions, outlets, shown
from aggregator.store.engine import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = "https://paper.example"
PATHS = (
    *(f"/article/{number}" for number in range(1, 6)),
    "/", "/about", "/feed.atom", "/feed.rss", "/feed.json", "/sitemap.xml",
    "/api/v1/articles?limit=100&blocks=true",
)  # fmt: skip
TEMPLATES = Path(__file__).parents[2] / "aggregator" / "site" / "templates"
TEXTS = tuple(prose.article(90 + number).replace("\n\n", "\n") for number in range(5))
CARDS = {
    each.slug: each
    for each in (
        card("harbour", "The Harbour", RightsMode.FULL, licence="CC0-1.0", licence_url=CC0),
        card("kurier", "Der Kurier", RightsMode.EXCERPT, "de", licence="All rights reserved"),
        card("synopsis", "Synopsis", RightsMode.LINK, "el"),
    )
}
WRITTEN = (
    article("harbour", 1, "The ferry stays at the pier", byline=("Ann Ray", "Bo Li"), text=TEXTS[0]),
    article("harbour", 2, "The ferry sails", text=TEXTS[1]),
    article("harbour", 3, "The ferry is late", text=TEXTS[2]),
    article("kurier", 4, "Die Fähre bleibt am Kai", text=TEXTS[3]),
    article("synopsis", 5, "Το πλοίο μένει στο λιμάνι", text=TEXTS[4]),
)
GONE = "The ferry is late"


def print_paper(db: Database) -> None:
    """Five articles of three outlets, decided by the gate; one of them withdrawn."""
    outlets.sync(db, list(CARDS.values()))
    entries = [Entry(each.url, Seed(SeedKind.FEED, "https://feed.example/")) for each in WRITTEN]
    articles.save(db, None, [PageArticle(e, each, 200) for e, each in zip(entries, WRITTEN, strict=True)])
    report = publishing.publish(db, CARDS, Settings(), NOW)
    assert report.published == len(WRITTEN)
    withdraw(db, WRITTEN[2].url, NOW + timedelta(hours=1))


def withdraw(db: Database, url: str, at: datetime) -> None:
    """Take an article down."""
    order = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "desk")
    withdrawing.take_down(db, Settings(), order, url, at)


@dataclass(frozen=True)
class Change:
    """What an answer becomes on its way out, by path."""

    is_meant: Callable[[str], bool]
    body: Callable[[bytes], bytes]
    status: int | None = None


class Altered:
    """ASGI middleware that alters answers, as a proxy or a cache before the site might."""

    def __init__(self, app: ASGIApp, change: Change) -> None:
        self._app, self._change = app, change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._change.is_meant(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: list[Message] = []
        body = b""

        async def hold(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await self._answer(start[0], body, send)

        await self._app(scope, receive, hold)

    async def _answer(self, start: Message, body: bytes, send: Send) -> None:
        changed = self._change.body(body)
        kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        kept.append((b"content-length", str(len(changed)).encode()))
        await send({**start, "headers": kept, "status": self._change.status or start["status"]})
        await send({"type": "http.response.body", "body": changed})


@contextmanager
def site(
    db: Database,
    cards: Mapping[str, Outlet],
    templates: Mapping[str, str] | None,
    change: Change | None,
) -> Iterator[tuple[Inspector, Visitor]]:
    """The site over the paper, as it is served with a fault, and what looks at it."""
    settings = Settings(site=SiteSettings(name="The Paper", base_url=BASE))
    app: ASGIApp = create_app(db, settings, loader=DictLoader(dict(templates)) if templates else None)
    if change is not None:
        app = Altered(app, change)
    inspector = Inspector(db, cards, Links(BASE), NOW + timedelta(hours=2), settings)
    with served(app) as at:
        yield inspector, Visitor(BASE, at)


def checked(
    db: Database,
    *,
    cards: Mapping[str, Outlet] = CARDS,
    templates: Mapping[str, str] | None = None,
    change: Change | None = None,
) -> list[Finding]:
    """All that a check of the whole site finds."""
    with site(db, cards, templates, change) as (inspector, visitor):
        walk = Walk(inspector.register(), visitor.get, 500)
        numbers = shown.numbers(db)
        found = list(walk.run(starts(inspector.links, numbers), numbers[PublicationState.WITHDRAWN]))
    assert not walk.is_cut
    return found


def looked(
    db: Database, *, templates: Mapping[str, str] | None = None, change: Change | None = None
) -> list[Finding]:
    """What a check finds in the documents that a fault can stand in: articles, feeds, some pages."""
    with site(db, CARDS, templates, change) as (inspector, visitor):
        documents = [
            visitor.followed(BASE + path) for path in PATHS if change is None or change.is_meant(path)
        ]
        return [finding for each in documents for finding in check(each, inspector.register())]


def doctored(template: str, *changes: tuple[str, str]) -> dict[str, str]:
    """One of our templates with other words in places; each place must be there."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return {template: text}


def publication_of(db: Database, headline: str) -> int:
    """The number of the publication with this headline."""
    numbers = [each for found in shown.numbers(db).values() for each in found]
    named = {found.headline: number for number in numbers if (found := editions.publication(db, number))}
    return named[headline]
