"""What a page may cost a reader with a slow phone, as far as no clock is needed.

``benchmarks/paint.py`` has the times.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browsing import browser
from published import CARDS
from reading import Reader

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = pytest.mark.browser
__all__ = ["browser"]

FRONT_BYTES = 60_000
SCRIPT_BYTES = 5_000

# A browser tells layout shifts to whoever has observed them from before the first paint on.
OBSERVE = """
window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => window.shift += each.value))
    .observe({type: 'layout-shift', buffered: true});
"""
STILL = 0.001  # less than a line of text that moves by a pixel; 0.1 is called good
LOADED = "performance.getEntriesByType('resource').map(each => [each.name, each.renderBlockingStatus])"


def paths(news: Reader) -> dict[str, str]:
    return {
        "front": "/",
        "article": news.get(news.address("The ferry stays at the pier")).headers["location"],
        "outlet": f"/outlet/{CARDS[0].slug}",
        "search": "/search?q=ferry",
    }


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_and_only_the_style_sheet_is_waited_for(
    news: Reader, browser: "sync_api.Browser", width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.add_init_script(OBSERVE)
    for kind, path in paths(news).items():
        page.goto(news.base + path)
        assert page.evaluate("window.shift") < STILL, kind
        loaded: list[Any] = page.evaluate(LOADED)
        blocking = [urlsplit(name).path for name, status in loaded if status == "blocking"]
        assert blocking == ["/static/site.css"], kind
        assert page.locator("style, script:not([src]):not([type='application/ld+json'])").count() == 0, kind
    page.close()


def test_the_front_page_with_its_style_sheet_is_small(news: Reader) -> None:
    front, style = (news.get(path, accept_encoding="gzip") for path in ("/", "/static/site.css"))
    assert {each.headers["content-encoding"] for each in (front, style)} == {"gzip"}
    assert len(front.body) + len(style.body) <= FRONT_BYTES


def test_the_one_script_is_small_and_runs_after_the_page(news: Reader) -> None:
    assert len(news.get("/static/site.js").body) <= SCRIPT_BYTES
    head = news.get("/").text.partition("</head>")[0]
    assert [line.endswith(" defer></script>") for line in head.splitlines() if "<script src" in line] == [
        True
    ]
