"""Notices of correction that stand beside the text belong to it."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from aggregator.extract.body import select_body
from aggregator.extract.corrections import is_role, with_notices
from aggregator.extract.page import extract
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

URL = "https://harbour.example/news/crane"
FIRST = (
    "The harbour company will build a second crane, its director said on Monday, because ships have to wait "
    "for two days on average, and every day costs more than the crane does in a week."
)
LAST = (
    "The council had refused the plan a year ago. Since then three shipping lines have left the port, and "
    "the mayor says that the fourth has asked for the price of a tow."
)
NOTICE = "An earlier version of this article gave the price of the crane as two million crowns. It is three."


def page_with(inside: str, above: str = "", below: str = "") -> str:
    return (
        "<html><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><main><article>"
        f"<h1>A second crane</h1>{above}<div class='text'><p>{FIRST}</p>{inside}<p>{LAST}</p></div>{below}"
        "<p class='tags'><a href='/tag/cranes'>cranes</a></p></article></main>"
        "<footer><p>© Harbour Press</p></footer></body></html>"
    )


def read(inside: str, *, above: str = "", below: str = "", rules: Rules | None = None) -> Article:
    html = page_with(inside, above, below)
    entry = Entry(URL, Seed(SeedKind.FEED, "https://harbour.example/feed"))
    page = FetchedPage("harbour", entry, URL, 200, (), "utf-8", html.encode(), datetime.now(UTC))
    return extract(page, rules or Rules())


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


@pytest.mark.parametrize(
    "name", ["class='correction'", "class='c-article__corrections mt-2'", "id='articleCorrection'",
             "itemprop='correction'", "class='editors-note'", "class='berichtigung'", "class='fe-de-erratas'",
             "class='erratum-box'", "class='sprostowanie'"]
)  # fmt: skip
def test_a_notice_behind_the_text_is_its_last_block(name: str) -> None:
    found = read("", below=f"<div {name}><p><em>{NOTICE}</em></p></div>")
    assert texts(found) == [FIRST, LAST, NOTICE]
    assert found.blocks[-1].origin.endswith(("/div[2]/p", "/div[2]/p/em"))
    assert not any(NOTICE in cut.text for cut in found.cuts)


def test_a_notice_above_or_inside_of_the_text_stands_where_the_page_has_it() -> None:
    box = f"<aside class='editor-note'><p>{NOTICE}</p></aside>"
    assert texts(read("", above=box)) == [NOTICE, FIRST, LAST]
    assert texts(read(box)) == [FIRST, NOTICE, LAST]


def test_a_notice_in_a_box_beside_the_text_is_found() -> None:
    found = read("", below=f"<footer><div><hr></div><p class='correction'>{NOTICE}</p></footer>")
    assert texts(found) == [FIRST, LAST, NOTICE]


def test_a_notice_that_the_body_has_already_comes_once() -> None:
    assert texts(read(f"<p class='correction'>{NOTICE}</p>")).count(NOTICE) == 1


@pytest.mark.parametrize(
    "box",
    [
        "<div class='correction'>Have you found a mistake? <a href='/corrections'>Tell the desk</a></div>",
        "<div class='correction'><form><p>Send us what is wrong in this text:</p><input></form></div>",
        "<div class='correction'>Corrected</div>",
        f"<div class='correction'>{'<p>Another day, another thing that we had wrong.</p>' * 40}</div>",
        f"<div class='color-correction'><p>{NOTICE}</p></div>",
        f"<div class='correction' style='display: none'><p>{NOTICE}</p></div>",
        f"<div class='correction'><a href='/other'>{NOTICE}</a></div>",
    ],
    ids=["asks", "form", "label", "column", "colour", "hidden", "link"],
)
def test_what_is_no_notice_stays_out(box: str) -> None:
    tree = document_fromstring(page_with("", below=box))
    blocks = select_body(tree.xpath("//div[@class='text']")).blocks
    assert with_notices(tree, blocks, ()) == (blocks, ())


def test_a_notice_far_from_the_text_stays_out() -> None:
    far = f"</article><section><div><div class='correction'><p>{NOTICE}</p></div></div></section><article>"
    tree = document_fromstring(page_with("", below=far))
    blocks = select_body(tree.xpath("//div[@class='text']")).blocks
    assert with_notices(tree, blocks, ()) == (blocks, ())


def test_a_body_without_places_on_the_page_is_left_alone() -> None:
    tree = document_fromstring(page_with("", below=f"<div class='correction'><p>{NOTICE}</p></div>"))
    blocks = (Block(BlockKind.PARAGRAPH, FIRST), Block(BlockKind.PARAGRAPH, LAST, origin="/html/body/table"))
    assert with_notices(tree, blocks, ()) == (blocks, ())


def test_what_the_card_cuts_stays_cut() -> None:
    below = f"<div class='correction'><p>{NOTICE}</p></div>"
    found = read("", below=below, rules=Rules(cuts=(".correction",)))
    assert texts(found) == [FIRST, LAST]


def test_names_are_read_in_words() -> None:
    assert is_role("story-Correction")
    assert is_role("lead editors_note")
    assert not is_role("autocorrection")
    assert not is_role("correction-form")
    assert not is_role("incorrection")
    assert not is_role("note")
    assert not is_role("a-" * 100_000)
