"""What is not HTML is refused by name, and what is broken is no reason to fail."""

import pytest
from handmade import make_page

from aggregator.extract.errors import NoTextError, NotHtmlError
from aggregator.extract.parse import parse

ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
BOMB = f'<!DOCTYPE html [<!ENTITY a "lol">{ENTITIES}]><html><head></head><body><p>&j;</p></body></html>'


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"%PDF-1.7 ...", {}, id="PDF without a type"),
        pytest.param(b"<p>text</p>", {"content-type": "application/pdf"}, id="PDF by its type"),
        pytest.param(b"\x89PNG\r\n\x1a\n", {"content-type": "text/html"}, id="picture called HTML"),
        pytest.param(b'<?xml version="1.0"?><rss><channel/></rss>', {}, id="feed"),
        pytest.param(b'{"headline": "x"}', {"content-type": "text/html"}, id="JSON called HTML"),
        pytest.param(bytes(range(1, 32)) * 2000, {}, id="binary garbage"),
        pytest.param(b"just words, no tags", {}, id="plain text"),
    ],
)
def test_other_kinds_of_files_are_not_html(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(NotHtmlError):
        parse(make_page(body, headers=headers))


@pytest.mark.parametrize("body", [b"", b"  \n "])
def test_empty_page_has_no_text(body: bytes) -> None:
    with pytest.raises(NoTextError):
        parse(make_page(body))


def test_entity_bomb_does_not_explode() -> None:
    assert len(parse(make_page(BOMB)).text_content()) < 10_000


def test_deep_nesting_is_parsed() -> None:
    tree = parse(make_page("<html><body>" + "<div>" * 50_000 + "<p>deep</p>"))
    assert tree is not None
