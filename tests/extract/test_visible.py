"""What is found in the page where nothing else tells."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from aggregator.extract.almanac import Almanac
from aggregator.extract.claims import Claims
from aggregator.extract.visible import claims

LATEST = datetime(2026, 3, 10, tzinfo=UTC)
PARAGRAPH = "The bridge over the harbour is open again, and the ferries go on until the summer. "


def published(body: str, url: str = "https://harbour.example/bridge") -> str | None:
    tree = document_fromstring(f"<html><body><h1>Bridge opens</h1>{body}</body></html>")
    found = claims(tree, url, Almanac.of(url, "en", LATEST), Claims(byline=None)).published
    return f"{found.value.at.date()} {found.source}" if found else None


def test_a_year_alone_is_no_day() -> None:
    assert published(f"<p>{PARAGRAPH * 5}</p><footer><p>© 2025 Harbour Press</p></footer>") is None


def test_the_first_of_january_counts_where_the_address_tells_it() -> None:
    body = f"<p>{PARAGRAPH * 5}</p><footer><p>© 2025 Harbour Press</p></footer>"
    assert published(body, "https://harbour.example/2025/01/01/bridge") == "2025-01-01 htmldate"


PICTURE = '<figure><img src="/a.jpg" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


@pytest.mark.parametrize(
    ("alt", "caption", "expected"),
    [
        ("A crane, 28 April 2023", "The crane", "2023-04-28 page:caption"),
        ("", "The crane on April 28, 2023, at night", "2023-04-28 page:caption"),
        ("The bridge as it was, 3 March 1998", "", "2023-04-24 htmldate"),
        ("", "Opening planned for 1 May 2025", "2023-04-24 htmldate"),
    ],
)
def test_no_article_is_older_than_its_photographs(alt: str, caption: str, expected: str) -> None:
    first = PICTURE.format(alt="The pier, 24 April 2023", caption="The pier")
    text = f"{first}<p>{PARAGRAPH * 5}</p>{PICTURE.format(alt=alt, caption=caption)}<p>{PARAGRAPH}</p>"
    assert published(text) == expected
