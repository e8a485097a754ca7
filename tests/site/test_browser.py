"""The pages in a real browser: nothing from elsewhere, no fault in the console, no sideways scrolling."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from published import CARDS, article, publish
from reading import Reader

from aggregator.model.outlet import RightsMode
from aggregator.store import outlets

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
HEADLINES = ("The ferry stays at the pier", "العبارة باقية في الميناء", "Die Fähre bleibt am Kai")


@dataclass
class Witness:
    """What a page did while it was shown."""

    page: "sync_api.Page"
    console: list[str] = field(default_factory=list)
    hosts: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    if not CHROMIUM.exists():
        missing = f"no Chromium at {CHROMIUM}: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(params=[(360, "light"), (360, "dark"), (1440, "light"), (1440, "dark")], ids=str)
def witness(request: pytest.FixtureRequest, browser: "sync_api.Browser") -> Iterator[Witness]:
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield Witness(page)
    page.close()


def paths(news: Reader) -> list[str]:
    lists = ["/", "/?language=ar", "/outlets", "/outlet/live", "/search?q=ferry", "/about"]
    return lists + [news.get(news.address(headline)).headers["location"] for headline in HEADLINES]


def test_pages_ask_nobody_else_and_fit_the_screen(news: Reader, witness: Witness) -> None:
    for path in paths(news):
        witness.page.goto(news.base + path)
        sizes = witness.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert sizes[0] <= sizes[1], path
    assert witness.console == []
    assert witness.hosts == {urlsplit(news.base).netloc}


def test_one_long_word_does_not_widen_a_phones_page(own: Reader, browser: "sync_api.Browser") -> None:
    outlets.sync(own.db, CARDS)
    word = "Donaudampfschifffahrt" * 30
    publish(own.db, RightsMode.FULL, article("harbour", 1, word, text=word, byline=(word,), section=word))
    page = browser.new_page(viewport={"width": 360, "height": 900})
    for path in ("/", own.get(own.address(word)).headers["location"], f"/search?q={word[:190]}"):
        page.goto(own.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.close()


def test_arabic_text_starts_at_the_right(news: Reader, witness: Witness) -> None:
    witness.page.goto(news.base + news.address(HEADLINES[1]))
    style = "element => [getComputedStyle(element).direction, getComputedStyle(element).textAlign]"
    for part in ("h1", ".text p"):
        assert witness.page.locator(part).first.evaluate(style) == ["rtl", "start"]


def test_a_reader_finds_an_article_by_keyboard(news: Reader, browser: "sync_api.Browser") -> None:
    page = browser.new_page()
    page.goto(news.base)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the articles"
    page.keyboard.press("Tab")
    page.keyboard.type("captain")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=captain")
    assert page.locator("mark").first.inner_text().lower() == "captain"
    page.close()
