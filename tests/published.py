"""What has gone out to readers, in samples and in a database, for the tests of the site."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store.samples import lines

from aggregator.model.article import Article, Completeness
from aggregator.model.crawl import PageArticle
from aggregator.model.edition import NewPublication, Publication, PublicationState
from aggregator.model.outlet import Outlet, Rights, RightsMode, Seed, SeedKind
from aggregator.model.page import Entry
from aggregator.store import articles, editions, outlets, search
from aggregator.store.engine import Database

PUBLISHED = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CARRIED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TEXT = "The ferry waits at the pier.\nNobody has seen the captain since Sunday."

# Each would do harm if it reached a page or a feed unescaped.
LIVE = (
    '<script>alert("xss")</script>',
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<a href=javascript:alert(1)>click</a>",
    "]]><b>cdata</b>",
    "<!--",
    "{{ 7 * 191 }}",
)


def publication(**changes: Any) -> Publication:
    """A publication in full of an invented outlet, with changes; ``text`` stands for paragraphs."""
    whole = Publication(
        id=7,
        article_id=70,
        edition_id=1,
        state=PublicationState.PUBLISHED,
        mode=RightsMode.FULL,
        outlet="harbour",
        outlet_name="The Harbour",
        outlet_homepage="https://harbour.example/",
        headline="The ferry stays at the pier",
        blocks=lines(TEXT),
        language="en",
        byline=("Ann Ray", "Bo Li"),
        source_link="https://harbour.example/2026/ferry",
        completeness=Completeness.FULL,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        credit="Ann Ray, The Harbour",
        first_published=PUBLISHED,
        published_at=CARRIED,
        updated_at=CARRIED,
        section="Coast",
    )
    if "text" in changes:
        changes["blocks"] = lines(changes.pop("text"))
    return replace(whole, **changes)


def card(slug: str, name: str, mode: RightsMode, language: str = "en", **rights: str) -> Outlet:
    home = f"https://{slug}.example/"
    seeds = (Seed(SeedKind.FEED, home + "feed.xml"),)
    return Outlet(slug, name, home, language, "IE", seeds, rights=Rights(mode, **rights))


CARDS = (
    card("harbour", "The Harbour", RightsMode.FULL, licence="CC0-1.0", licence_url=CC0),
    card("mina", "الميناء", RightsMode.FULL, "ar", licence="CC0-1.0", licence_url=CC0),
    card("kurier", "Der Kurier", RightsMode.EXCERPT, "de", licence="All rights reserved"),
    card("synopsis", "Synopsis", RightsMode.LINK, "el"),
    card("live", LIVE[0], RightsMode.FULL, licence=LIVE[1], licence_url="javascript:alert(1)"),
)


def article(outlet: str, number: int, headline: str, **changes: object) -> Article:
    url = f"https://{outlet}.example/{number}"
    language = next(each.language for each in CARDS if each.slug == outlet)
    text = str(changes.pop("text", f"{TEXT}\nReport number {number} of the {outlet}."))
    facts = {
        "blocks": lines(text),
        "language": language,
        "fetched_at": START,
        "byline": ("Ann Ray",),
        "published": START - timedelta(minutes=number),
        "section": "Coast",
        **changes,
    }
    return Article(outlet, url, url, str(facts.pop("source_link", url)), headline, **facts)  # type: ignore[arg-type]


def store(db: Database, *written: Article) -> None:
    """Store articles, without an edition."""
    entries = [Entry(each.url, Seed(SeedKind.FEED, "https://feed.example/")) for each in written]
    articles.save(db, None, [PageArticle(e, each, 200) for e, each in zip(entries, written, strict=True)])


def publish(db: Database, mode: RightsMode, *written: Article, at: datetime = START) -> None:
    """Store articles and bring them out in a mode, with what the mode lets readers have of the text."""
    store(db, *written)
    fresh = []
    for each in written:
        stored = articles.find(db, each.url)
        assert stored is not None
        rights = next(card.rights for card in CARDS if card.slug == each.outlet)
        blocks = {RightsMode.FULL: each.blocks, RightsMode.EXCERPT: each.blocks[:1]}.get(mode, ())
        licence, credit = rights.licence, f"Credit of {each.outlet}"
        state = PublicationState.PUBLISHED
        fresh.append(NewPublication(stored.id, state, mode, each.headline, blocks, licence, credit, ()))
    editions.publish(db, fresh, at)


def fill(db: Database) -> None:
    """Five outlets, each in its mode; 40 short articles of one of them for the older pages."""
    outlets.sync(db, CARDS)
    many = [article("harbour", 100 + number, f"Tide table {number}") for number in range(40)]
    publish(db, RightsMode.FULL, article("harbour", 1, "The ferry stays at the pier"), *many)
    arabic = article("mina", 2, "العبارة باقية في الميناء", text="تنتظر العبارة عند الرصيف.\nلم يره أحد.")
    publish(db, RightsMode.FULL, arabic)
    part = article("kurier", 3, "Die Fähre bleibt am Kai", completeness=Completeness.PAYWALLED)
    publish(db, RightsMode.EXCERPT, part)
    publish(db, RightsMode.LINK, article("synopsis", 4, "Το πλοίο μένει στο λιμάνι"))
    hostile = [
        article(
            "live",
            10 + number,
            f"{live} {number}",
            text=f"{live} text {number}",
            byline=(live,),
            section=live,
            source_link="javascript:alert(1)" if number % 2 else f"https://live.example/{number}?a=\"'<b>",
        )
        for number, live in enumerate(LIVE)
    ]
    publish(db, RightsMode.FULL, *hostile)
    while search.index_pending(db):
        pass
