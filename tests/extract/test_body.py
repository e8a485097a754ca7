"""How a page becomes segments, which of them are its body, and as which blocks."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring, tostring

from aggregator.extract import features, forest
from aggregator.extract.body import find_body, select_body
from aggregator.extract.known import Known
from aggregator.extract.segments import Page
from aggregator.model.article import BlockKind

TEXT = (
    "The harbour company will build a second crane, its director said on Monday, because ships have to wait "
    "for two days on average, and every day costs more than the crane does in a week."
)
MORE = (
    "The council had refused the plan a year ago. Since then three shipping lines have left the port, and "
    "the mayor says that the fourth has asked for the price of a tow."
)
MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", "Politics", "Sport", "Weather"))


def page(html: str) -> Page:
    return Page([document_fromstring(f"<html><body>{html}</body></html>")])


def texts(html: str) -> list[str]:
    return [segment.text for segment in page(html).segments]


def article(inside: str) -> str:
    return (
        f"<html><body><nav><ul>{MENU}</ul></nav><main><article><h1>A second crane</h1>"
        f"<p>{TEXT}</p>{inside}<p>{MORE}</p></article></main>"
        "<footer><p>© Harbour Press</p></footer></body></html>"
    )


def found(inside: str) -> list[tuple[BlockKind, str]]:
    body = find_body(document_fromstring(article(inside)), "https://harbour.example/crane", Known())
    blocks = (one for number, one in enumerate(body.blocks) if number not in body.doubtful)
    return [(one.kind, one.text) for one in blocks if one.text != "A second crane"]


def test_the_page_is_left_as_it_was() -> None:
    tree = document_fromstring(article("<div></div><figure><img src='a.jpg'></figure>"))
    before = tostring(tree)
    find_body(tree, "https://harbour.example/crane", Known())
    assert tostring(tree) == before


def test_borders_of_blocks_and_line_breaks_part_segments_and_inline_elements_do_not() -> None:
    assert texts("<div>one <b>two</b> <a href=/>three</a><p>four<br>five</p>six</div>") == [
        "one two three", "four", "five", "six",
    ]  # fmt: skip


def test_scripts_and_their_kin_are_no_text_but_what_follows_them_is() -> None:
    assert texts("<p>one<script>var x</script> two<svg><text>no</text></svg> three</p>") == ["one two three"]


def test_unclosed_button_swallows_nothing() -> None:
    assert texts(f"<button>Menu<div><p>{TEXT}</p></div>")[-1] == TEXT


def test_links_and_emphasis_are_counted() -> None:
    [segment] = page("<p>see <a href=/>the list</a> and <b>wait</b></p>").segments
    assert (segment.links, segment.link_chars, segment.strong_chars) == (1, 8, 4)


def test_names_are_the_words_of_classes_and_ids() -> None:
    [segment] = page("<div class='articleBody share-bar x1' id=MainText>a text</div>").segments
    assert segment.frame.names == {"article", "body", "share", "bar", "main", "text"}


def test_no_break_spaces_between_words_stay() -> None:
    [segment] = page("<p>\u00a0Il dit\u00a0: « oui\u202f»  et\u00a0\u00a0part</p>").segments
    assert segment.plain() == "Il dit\u00a0: « oui\u202f» et part"


def test_deep_pages_are_walked_without_recursion() -> None:
    assert texts("<div>" * 20_000 + "deep" + "</div>" * 20_000) in (["deep"], [])


def test_body_is_found_with_its_kinds_and_origins() -> None:
    quote = "“We have waited long enough, and so have the ships,” said the director of the company."
    items = "<ul><li>The first crane was built in 1961 and is still at work.</li></ul>"
    inside = f"<h2>What the ships say</h2><blockquote><p>{quote}</p></blockquote>{items}"
    assert found(inside) == [
        (BlockKind.PARAGRAPH, TEXT),
        (BlockKind.HEADING, "What the ships say"),
        (BlockKind.QUOTE, quote),
        (BlockKind.LIST_ITEM, "The first crane was built in 1961 and is still at work."),
        (BlockKind.PARAGRAPH, MORE),
    ]
    body = find_body(document_fromstring(article("")), "https://harbour.example/crane", Known())
    origins = {one.text: one.origin for one in body.blocks}
    assert origins[TEXT] == "/html/body/main/article/p[1]"


def test_page_without_text_has_no_body() -> None:
    assert find_body(document_fromstring("<html><body><img src=a></body></html>"), "u", Known()).blocks == ()


def test_selected_elements_are_the_body_without_what_stands_apart_and_rows_are_one_block() -> None:
    table = "<table><tr><th>Ship</th><th>Days</th></tr><tr><td>Ada</td><td>2</td></tr></table>"
    tree = document_fromstring(f"<div id=a><p>{TEXT}</p><aside>Buy a hat</aside>{table}</div>")
    blocks = select_body([tree.get_element_by_id("a")] if tree.get("id") != "a" else [tree]).blocks
    assert [(one.kind, one.text) for one in blocks] == [
        (BlockKind.PARAGRAPH, TEXT),
        (BlockKind.TABLE, "Ship | Days"),
        (BlockKind.TABLE, "Ada | 2"),
    ]


def test_origins_lead_back_to_their_elements_among_thousands_of_siblings() -> None:
    tree = document_fromstring(
        "<body>" + "".join(f"<p>{n}</p><div>d{n}</div>" for n in range(3000)) + "</body>"
    )
    blocks = select_body([tree.body]).blocks
    assert len(blocks) == 6000
    assert all(tree.xpath(one.origin)[0].text == one.text for one in blocks[::500])


def test_an_aside_that_the_card_names_is_the_body() -> None:
    tree = document_fromstring(f"<div><aside><p>{TEXT}</p><nav>Home</nav></aside></div>")
    assert [one.text for one in select_body(tree.xpath("//aside")).blocks] == [TEXT]


def test_paragraph_in_a_heading_that_nobody_closed_is_a_paragraph() -> None:
    tree = document_fromstring(f"<div><h2>Crane<div>{TEXT} {MORE} {TEXT}</div></h2></div>")
    kinds = [one.kind for one in select_body([tree]).blocks]
    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_what_was_kept_is_told_by_text_and_order() -> None:
    assert features.kept(["a", "b", "a", "c"], ["B", "A"]) == [0, 1, 1, 0]
    long = "a sentence of the article that is long enough to be told"
    assert features.kept([long, "other"], [f"before {long} after"]) == [1, 0]


def test_every_plausible_segment_has_a_row_of_the_forests_width() -> None:
    read = page(f"<h1>Crane</h1><p>{TEXT}</p><ul>{MENU}</ul>")
    taken = features.kept([one.text.lower() for one in read.segments], [])
    numbers = features.plausible(read, taken)
    rows = features.matrix(read, taken, numbers, Known(), forest.shipped().names)
    assert len(rows) == len(numbers) == 1
    assert int(forest.shipped().feature.max()) < rows.shape[1]
    assert np.isfinite(rows).all()


def test_forest_adds_the_leaves_that_a_row_comes_to() -> None:
    made = forest.parse(
        json.dumps({
            "depth": 2, "names": {},
            "trees": [[[0, 0.5, 1, 2], [-3.0], [1, 1.0, 3, 4], [1.0], [2.0]], [[0.5]]],
        })
    )  # fmt: skip
    rows = np.array([[0.5, 9], [1, 1], [1, 2]], np.float32)
    assert made.chances(rows) == pytest.approx(1 / (1 + np.exp([2.5, -1.5, -2.5])))
    assert len(made.chances(rows[:0])) == 0


@given(st.text(alphabet="<>/pdivah1 \n'=abc\u00a0漢؟", max_size=300))
def test_any_markup_gives_segments_that_hold_text(html: str) -> None:
    read = Page([document_fromstring(f"<html><body>{html}x</body></html>")])
    assert all(one.text and 0 <= one.link_chars <= len(one.text) for one in read.segments)
    body = find_body(document_fromstring(f"<html><body>{html}x</body></html>"), "u", Known())
    assert all(one.text for one in body.blocks)
