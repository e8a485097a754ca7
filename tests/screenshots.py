"""The pictures of the docs, taken anew: ``python tests/screenshots.py docs/images``.

Crawls the demo outlets into a folder of its own, serves the site, and looks at it with the poster's fonts.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from browsing import CHROMIUM, QUIET, sync_api
from PIL import Image
from reading import Reader, site_over

from aggregator import crawling, newsstand, outlets, picturing
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.poster.fonts import EVERY
from aggregator.publishing import publish_all
from aggregator.store import editions
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOTS = (
    ("front-light", "front", 1280, 1000, "light"),
    ("front-dark", "front", 1280, 1000, "dark"),
    ("front-phone-light", "front", 390, 844, "light"),
    ("front-phone-dark", "front", 390, 844, "dark"),
    ("article-light", "en", 1280, 1000, "light"),
    ("article-dark", "en", 1280, 1000, "dark"),
    ("article-phone-light", "ar", 390, 844, "light"),
    ("article-phone-dark", "en", 390, 844, "dark"),
)
"""Name, page (the front or an article in a language), width and height in pixels, colours."""


@contextmanager
def demo_site(folder: Path) -> Iterator[Reader]:
    """The site over the demo's articles, crawled and published now."""
    settings = Settings(
        database=f"sqlite:///{folder / 'news.sqlite3'}",
        outlets=folder / "outlets",
        pages=folder / "pages",
        pictures=folder / "pictures",
    )
    with closing(Database.open(settings.database_url)) as db:
        ports = dict.fromkeys(("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor"), 0)
        with newsstand.start(folder, ports=ports) as stand:
            stand.write_cards(folder / "outlets")
            cards = outlets.load(folder / "outlets")
            stored_outlets.sync(db, list(cards.values()))
            crawling.crawl(settings, list(cards))
            list(publish_all(db, cards, settings, now()))
            picturing.fetch(db, settings, cards.values())
        with site_over(db, pictures=settings.pictures, name="The Aggregator") as reader:
            yield reader


def with_fonts(folder: Path) -> dict[str, str]:
    """An environment in which a browser finds the poster's fonts."""
    fonts = folder / "fonts"
    fonts.mkdir()
    for face in EVERY:
        if face.path is not None:
            (fonts / face.path.name).symlink_to(face.path)
    return {**os.environ, "XDG_DATA_HOME": str(folder)}


def take(reader: Reader, browser: "Browser", out: Path) -> None:
    """Take every shot, as WebP."""
    pictured = [each for each in editions.front(reader.db, limit=200).items if each.pictures]
    for name, page, width, height, scheme in SHOTS:
        path = "/"
        if page != "front":
            path = f"/article/{next(each.id for each in pictured if each.language == page)}"
        tab = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            extra_http_headers={"Accept-Language": "en" if page == "front" else page},
        )
        tab.goto(reader.base + path, wait_until="networkidle")
        shot = Image.open(BytesIO(tab.screenshot()))
        shot.convert("RGB").save(out / f"{name}.webp", "WEBP", quality=82, method=6)
        tab.close()


def main(out: Path) -> None:
    """Take the docs' pictures into a folder."""
    with tempfile.TemporaryDirectory() as name, demo_site(Path(name)) as reader:
        environment = with_fonts(Path(name))
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET), env=environment)
            take(reader, browser, out)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
