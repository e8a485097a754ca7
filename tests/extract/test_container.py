"""The container: where on its page an article's text stands, told by tags."""

import pytest
from handmade import make_page

from aggregator.extract import container
from aggregator.extract.page import extract
from aggregator.model.article import Block, BlockKind
from aggregator.model.outlet import Rules

TEXT = "The harbour company will build a second crane, because ships have to wait for two days on average."


def block(origin: str, text: str = TEXT) -> Block:
    return Block(BlockKind.PARAGRAPH, text, origin=origin)


def test_the_element_that_holds_most_of_the_text_is_told_by_tags_without_numbers() -> None:
    blocks = [
        block("/html/body/div[3]/main/article/div[2]/p[1]"),
        block("/html/body/div[3]/main/article/div[2]/p[7]"),
        block("/html/body/div[3]/main/article/div[2]/ul/li[1]", "short"),
    ]
    assert container.of(blocks) == "div/main/article/div"


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ((), None),
        (("",), None),
        (("/html/body/p[2]",), "."),
        (("/html/body",), "html"),
        (("/html/body/div/p", "/html/body/main/p", "/html/body/main/p"), "main"),
    ],
)
def test_what_has_no_place_or_hardly_one(origins: tuple[str, ...], expected: str | None) -> None:
    assert container.of(map(block, origins)) == expected


def test_a_path_without_end_is_cut_in_front() -> None:
    found = container.of([block("/html/body" + "/div[1]" * 500 + "/p")])
    assert found is not None
    assert len(found) <= 161
    assert found.startswith("…")


def test_an_article_knows_its_container_as_the_origin_of_its_text() -> None:
    html = (
        "<html><head><title>A second crane</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>A second crane</h1><div class='text'>{f'<p>{TEXT}</p>' * 4}</div></article>"
        "</main></body></html>"
    )
    article = extract(make_page(html), Rules())
    assert article.container == "main/article/div"
