"""The pages in a real browser: nothing from elsewhere, no fault in the console, no sideways scrolling."""

from typing import TYPE_CHECKING

import pytest
from browsing import Witness, browser, witness
from published import CARDS, article, publish
from reading import Reader

from aggregator.model.outlet import RightsMode
from aggregator.store import outlets

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = pytest.mark.browser
__all__ = ["browser", "witness"]

HEADLINES = ("The ferry stays at the pier", "العبارة باقية في الميناء", "Die Fähre bleibt am Kai")


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
