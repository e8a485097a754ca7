"""Everybody can use the pages: axe-core finds nothing, a keyboard is enough, no script is needed."""

from typing import TYPE_CHECKING

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import RULES, browser
from kinds import kinds
from reading import Reader
from site_stories import FIRE

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1440, "light", "en"), (360, "dark", "ar")],
)
def test_axe_finds_nothing_on_any_kind_of_page(
    every_kind: Reader, browser: "sync_api.Browser", width: int, scheme: str, language: str
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        extra_http_headers={"Accept-Language": language},
    )
    found = {}
    for name, path in kinds(every_kind).items():
        page.goto(every_kind.base + path)
        results = Axe().run(page, options=RULES)
        if results.violations_count:
            found[name] = [
                (each["id"], [node["html"][:200] for node in each["nodes"]][:3])
                for each in results.response["violations"]
            ]
    page.close()
    assert found == {}


def test_html_of_every_kind_of_page_is_without_error(every_kind: Reader) -> None:
    for path in kinds(every_kind).values():
        for tongue in ("en", "ar"):
            html5lib.HTMLParser(strict=True).parse(every_kind.get(path, Accept_Language=tongue).text)


def test_a_keyboard_is_enough(every_kind: Reader, browser: "sync_api.Browser") -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(every_kind.base)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    focus(page, FIRE[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    focus(page, "Settings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    focus(page, "", "interface")
    page.keyboard.type("fran")
    focus(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings?saved")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.close()


def test_keys_lead_from_article_to_article(every_kind: Reader, browser: "sync_api.Browser") -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(every_kind.base)
    focused = "document.activeElement.textContent"
    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    assert first != second
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("jjj?")
    assert page.locator("#find").input_value() == "jjj?"
    page.locator("#find").evaluate("e => { e.value = ''; e.blur(); }")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/article/**")
    page.close()


def focus(page: "sync_api.Page", words: str, identifier: str = "") -> None:
    """Press Tab until the focus is on something with these words or this id, and seen to be there."""
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if (identifier and focused.get_attribute("id") == identifier) or (
            words and focused.inner_text().strip().startswith(words)
        ):
            outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
            assert outline != "none", words
            return
    raise AssertionError(f"no Tab leads to {words or identifier}")


def test_every_page_is_whole_without_a_script(every_kind: Reader, browser: "sync_api.Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, path in kinds(every_kind).items():
        page.goto(every_kind.base + path)
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").inner_text().strip(), name
    page.goto(every_kind.base + "/settings")
    page.locator("#interface").select_option("fr")
    page.locator("button[type=submit]").nth(1).click()
    page.wait_for_url("**/settings?saved")
    assert page.locator("html").get_attribute("lang") == "fr"
    context.close()
