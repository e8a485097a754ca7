"""Every kind of page in a real browser: on every screen, by day and by night, in three scripts."""

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from browsing import WIDER, Witness, browser
from kinds import kinds
from reading import Reader

if TYPE_CHECKING:
    from typing import Literal

    from playwright import sync_api

pytestmark = pytest.mark.browser
__all__ = ["browser"]

WIDTHS = (360, 768, 1440)
SHOTS = os.environ.get("SCREENSHOTS", "")

# A teaser that ends with an ellipsis is cut on purpose; anything else must be as high as its text.
LOWER = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(e => !e.closest(".unseen, .teaser, pre, select") && getComputedStyle(e).overflowY == "hidden")
  .filter(e => e.scrollHeight > e.clientHeight + 2).map(e => [e.tagName, e.className])"""
PAPER = "getComputedStyle(document.body).backgroundColor"
SCHEMES: "tuple[Literal['dark', 'light'], ...]" = ("dark", "light")
# The paper is of the scheme; texts stand out from what is under them by WCAG's 4.5, large ones by 3.
COLOURS = """scheme => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true}), known = new Map();
  const colour = css => {
    if (!known.has(css)) {
      pen.clearRect(0, 0, 1, 1); pen.fillStyle = css; pen.fillRect(0, 0, 1, 1);
      known.set(css, [...pen.getImageData(0, 0, 1, 1).data].map(each => each / 255));
    }
    return known.get(css);
  };
  const light = ([r, g, b]) => [[r, .2126], [g, .7152], [b, .0722]].reduce((sum, [each, part]) =>
    sum + part * (each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4), 0);
  const under = e => {
    for (let at = e; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > .5) return found;
    }
    return [1, 1, 1, 1];
  };
  const faults = [], paper = light(under(document.body));
  if ((paper > .5) != (scheme == "light")) faults.push(["paper", paper]);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set();
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || seen.has(e)) continue;
    if (e.closest(".unseen, .skip, dialog, option, script")) continue;
    seen.add(e);
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const [a, b] = [light(colour(style.color)), light(under(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05), isLarge = size >= 24 || (size >= 18.6 && style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faults.push([e.tagName, e.className, ratio]);
  }
  return faults;
}"""
UNSEEN = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"


def take(page: "sync_api.Page", width: int, path: Path) -> None:
    """A picture of the whole page on a screen as high as it is: what nobody came near is not laid out."""
    for _ in range(2):  # what is laid out now may be higher than what was expected of it
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_every_kind_of_page_fits_every_screen(
    every_kind: Reader, browser: "sync_api.Browser", language: str
) -> None:
    page = browser.new_page(extra_http_headers={"Accept-Language": language})
    seen, faults = Witness(page), []
    for name, path in kinds(every_kind).items():
        page.goto(every_kind.base + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults += [(name, width, *each) for each in page.evaluate(WIDER) + page.evaluate(LOWER)]
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                wrong = page.evaluate(COLOURS, scheme)
                faults += [(name, width, scheme, *each) for each in wrong]
                if SHOTS:
                    shot = f"{name}-{language}-{width}-{scheme}.png".replace(" ", "-")
                    take(page, width, Path(SHOTS) / shot)
        faults += [(name, each) for each in page.evaluate(UNSEEN)]
    page.close()
    assert faults == []
    # The browser itself tells of an answer that something is not there.
    assert [each for each in seen.console if not each.startswith("error: Failed to load resource")] == []
    assert seen.hosts == {urlsplit(every_kind.base).netloc}


def test_a_page_turns_dark_without_loading(every_kind: Reader, browser: "sync_api.Browser") -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(every_kind.base)
    day = page.evaluate(PAPER)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) != day
    page.close()


def test_a_picture_keeps_its_place_and_comes_in_a_size_that_fits(
    every_kind: Reader, browser: "sync_api.Browser"
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 900})
    path = every_kind.base + kinds(every_kind)["article with a picture"]
    picture, shape = page.locator("main img"), "i => i.clientWidth / i.clientHeight"
    page.goto(path)
    assert picture.evaluate("i => i.currentSrc").endswith("-480.avif")
    assert picture.evaluate(shape) == pytest.approx(1000 / 600, rel=0.01)
    page.route("**/picture/**", lambda route: route.abort())
    page.goto(path)
    assert picture.evaluate("i => i.naturalWidth") == 0
    assert picture.evaluate(shape) == pytest.approx(1000 / 600, rel=0.01)
    page.close()
