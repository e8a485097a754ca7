"""Pages made to keep the extraction busy end as quickly as any others."""

from collections.abc import Callable
from datetime import UTC, datetime

import lxml.html
import pytest
from paced import within

from aggregator.extract import completeness, source
from aggregator.extract.body import FoundBody, select_body
from aggregator.extract.cuts import cut
from aggregator.extract.known import Known
from aggregator.extract.links import Links
from aggregator.extract.page import extract
from aggregator.extract.plain import folded, key
from aggregator.model.article import Block, BlockKind, Completeness, CutBlock
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

URL = "https://a.example/2026/story-one"
# Each of these took more than 20 s of CPU time before; now the slowest takes 0.3 s.
MOST_CPU_SECONDS = 5.0
TEXT = "<p>The council met on Monday and decided, after a long debate, to build the bridge.</p>" * 5


def headline(head: str, before: str = "") -> str:
    body = f"{before}<head>{head}</head><body><article><h1>A bridge at last</h1>{TEXT}</article></body>"
    entry = Entry(URL, Seed(SeedKind.FEED, URL))
    page = FetchedPage("a", entry, URL, 200, (), None, body.encode(), datetime(2026, 11, 23, tzinfo=UTC))
    return extract(page, Rules()).headline


def ld(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


def sources() -> object:
    links = "".join(f"<a href='https://b.example/x{number}'>Source</a> " for number in range(8000))
    page = lxml.html.document_fromstring(f"<p>{links}</p>")
    return source.original(Links.of(page), URL, URL, None)


def blocks(*texts: str) -> int:
    return len(cut(FoundBody(tuple(Block(BlockKind.PARAGRAPH, text) for text in texts)), Known())[0])


def siblings() -> int:
    page = lxml.html.document_fromstring("<div>" + "<p>The council met on Monday.</p>" * 20_000 + "</div>")
    return len(select_body([page]).blocks)


def whole() -> object:
    made = [
        Block(BlockKind.PARAGRAPH, f"Rope {number} was counted.", place=number) for number in range(40_000)
    ]
    cuts = [CutBlock.whole(one, "unlikely") for one in made[::2]]
    return completeness.judge(completeness.Clues(made[1::2], cuts)).found.value


@pytest.mark.parametrize(
    ("work", "result"),
    [
        (lambda: headline(ld("{x" + " " * 300_000 + "y")), "A bridge at last"),
        (lambda: headline(ld("{x -->" + " " * 300_000 + "y")), "A bridge at last"),
        (lambda: headline("", before="<!-- x -->" * 40), "A bridge at last"),
        (lambda: len(folded("a" + "\u0315\u0300" * 100_000)), 30),
        (lambda: key("a" + "\u0315\u0300" * 100_000), "a"),
        (lambda: blocks(*(f"Short line {number} of it." for number in range(50_000))), 50_000),
        (lambda: blocks(*["You may also like"] * 20_000, "x" * 300 + "."), 1),
        (sources, None),
        (siblings, 20_000),
        (whole, Completeness.FULL),
        (lambda: headline("", before="<div>" * 240 + "By Jane Roe" + "</div>" * 240), "A bridge at last"),
        (lambda: headline("", before=f"<div>{'x' * 1_000_000}</div>" * 2), "A bridge at last"),
    ],
    ids=[
        "blanks",
        "comment",
        "comments",
        "marks",
        "marks in a key",
        "lines",
        "related",
        "sources",
        "siblings",
        "cuts",
        "depth",
        "one word",
    ],
)
def test_hostile_page_takes_no_quadratic_time(work: Callable[[], object], result: object) -> None:
    with within(MOST_CPU_SECONDS):
        assert work() == result


@pytest.mark.parametrize("value", ["[" * 900 + "'x'" + "]" * 900, "{'name':" * 800 + "'x'" + "}" * 800])
def test_metadata_of_any_depth_is_passed_over(value: str) -> None:
    text = "{'@type': 'NewsArticle', 'headline': " + value + ", 'isAccessibleForFree': " + value + "}"
    assert headline(ld(text.replace("'", '"'))) == "A bridge at last"
