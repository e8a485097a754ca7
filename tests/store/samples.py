"""Articles of our own words for the store's tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model.article import Article, Block, BlockKind, CutBlock, FieldLoser, FieldOrigin, Image
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Outlet, Rights, RightsMode, Seed, SeedKind
from aggregator.model.page import ArchiveRef, Entry, Validator

NOON = datetime(2031, 4, 5, 12, tzinfo=UTC)
SEED = Seed(SeedKind.FEED, "https://harbour.example/feed.xml")


def body(number: int) -> str:
    """A text of over 25 words that no other number has."""
    return (
        f"Harbour report number {number}. The council met on the quay in the morning and decided, after "
        f"a debate about cranes, ropes and tides, to build pier {number} before the autumn storms arrive."
    )


def lines(text: str) -> tuple[Block, ...]:
    """A text as paragraphs, one a line."""
    return tuple(Block(BlockKind.PARAGRAPH, line) for line in text.split("\n"))


def article(number: int = 1, *, outlet: str = "harbour", **changes: Any) -> Article:
    url = f"https://{outlet}.example/news/{number}"
    sample = Article(
        outlet=outlet,
        url=url,
        canonical_url=url,
        source_link=url,
        headline=f"Pier {number} will be built",
        blocks=(
            Block(BlockKind.PARAGRAPH, body(number)),
            Block(BlockKind.HEADING, "What comes next", 2),
            Block(BlockKind.PARAGRAPH, "Work starts in May."),
        ),
        language="en",
        fetched_at=NOON + timedelta(seconds=number),
        dek="The council has decided.",
        byline=("Ada Quay", "Ben Rope"),
        published=NOON - timedelta(hours=2),
        section="Harbour",
        tags=("harbour", "council"),
        images=(Image(f"{url}/pier.jpg", "a pier", "The old pier", "Ada Quay"),),
        site_name="The Harbour",
        origins=(FieldOrigin("headline", "json-ld:headline"), FieldOrigin("byline", "meta:author")),
        losers=(FieldLoser("headline", "page:h1", "A pier, at last"),),
        cuts=(CutBlock("Read also: ropes", "read-also"),),
    )
    return replace(sample, **changes)


def page(sample: Article, *, entry_url: str | None = None, **changes: Any) -> PageArticle:
    entry = Entry(entry_url or sample.url, SEED, updated=changes.pop("updated", None))
    made = PageArticle(
        entry,
        sample,
        200,
        archived=ArchiveRef("2031-04-05.warc.gz", 1024, 2048),
        validator=Validator('"e1"', None, "ab" * 32),
    )
    return replace(made, **changes)


def pages(count: int, *, start: int = 1, outlet: str = "harbour") -> list[PageArticle]:
    return [page(article(number, outlet=outlet)) for number in range(start, start + count)]


def end(number: int, reason: Reason, **changes: Any) -> PageEnd:
    made = PageEnd("harbour", f"https://harbour.example/news/{number}", reason, NOON)
    return replace(made, **changes)


def outlet(slug: str = "harbour", **changes: Any) -> Outlet:
    card = Outlet(
        slug=slug,
        name=f"The {slug.title()} Post",
        homepage=f"https://{slug}.example/",
        language="en",
        country="IE",
        seeds=(Seed(SeedKind.FEED, f"https://{slug}.example/feed.xml"),),
        rights=Rights(RightsMode.FULL, licence="CC0-1.0", licence_url="https://licences.example/cc0"),
    )
    return replace(card, **changes)
