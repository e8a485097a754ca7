"""The kind of page this project was conceived from: another outlet's article under a theme of links."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.extract.page import extract
from aggregator.model.article import Article
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.urls import host


def other_theme(markup: str) -> str:
    """The same page with other class names and ids, and the tags above the related articles."""
    numbers: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}="' + numbers.setdefault(match[2], f"t{len(numbers)}") + '"'

    related = re.search(r'<div class="post-related">.*?</div></div></div>\n', markup, re.DOTALL)
    tags = re.search(r'<div class="tags">.*?</div>\n', markup, re.DOTALL)
    assert related
    assert tags
    swapped = markup.replace(related[0] + tags[0], tags[0] + related[0])
    assert swapped != markup
    return re.sub(r'\b(class|id)="([^"]*)"', renamed, swapped)


@pytest.fixture(scope="module", params=["as it was", "another theme"])
def read(request: pytest.FixtureRequest, shared: Path) -> tuple[Article, dict[str, Any]]:
    expected = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    markup = (shared / "seed" / "republished-page.html").read_text(encoding="utf-8")
    body = (other_theme(markup) if request.param == "another theme" else markup).encode()
    entry = Entry(expected["url"], Seed(SeedKind.FEED, "https://feed.example/"))
    page = FetchedPage("x", entry, entry.url, 200, (), "utf-8", body, datetime(2031, 4, 5, tzinfo=UTC))
    return extract(page, Rules()), expected


def test_every_expected_value_is_found_exactly(read: tuple[Article, dict[str, Any]]) -> None:
    article, expected = read
    found = {
        "url": article.url,
        "title": article.headline,
        "byline": ", ".join(article.byline),
        "site_name": article.site_name,
        "section": article.section,
        "lang": article.language,
        "published": article.published.isoformat() if article.published else None,
        "source_link": article.source_link,
        "origin_outlet": host(article.source_link).removeprefix("www."),
        "completeness": article.completeness,
        "body": article.body,
        "image_caption": article.images[0].caption if article.images else None,
        "image_credit": article.images[0].credit if article.images else None,
    }
    assert found == {name: value for name, value in expected.items() if name != "must_not_contain"}


def test_nothing_of_the_frame_is_left(read: tuple[Article, dict[str, Any]]) -> None:
    article, expected = read
    assert not [text for text in expected["must_not_contain"] if text in article.body]
