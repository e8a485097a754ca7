"""Pages in a real Chromium: ``browser`` and ``witness`` are fixtures for the modules that import them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

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

# WCAG 2.2 AA and what axe's authors hold for good practice. What is in order is found, but not written up.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# Rules between the columns of a list reach 6 pixels over its edge, and are clipped there.
WIDER = """() => [document.documentElement, ...document.querySelectorAll("main *, header *, footer *")]
  .filter(e => !e.closest(".unseen, .languages, select, bdi") && getComputedStyle(e).display != "inline")
  .filter(e => e.scrollWidth > e.clientWidth + 6 && e.clientWidth > 0)
  .map(e => [e.tagName, e.className, e.scrollWidth, e.clientWidth])"""


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
