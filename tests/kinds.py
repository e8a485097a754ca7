"""Every kind of page once: where it stands on a site that holds an article of each kind."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from pictured import go_out, kept
from PIL import Image as Pixels
from published import START, article, fill, publish
from reading import Reader
from site_stories import AGAIN, FIRE

from aggregator import gallery
from aggregator.model.article import Image
from aggregator.model.outlet import RightsMode
from aggregator.renditions import make
from aggregator.store import editions, search, stories
from aggregator.store.engine import Database
from aggregator.store.placing import place_next

WITHDRAWN = "The article that was withdrawn"


def fill_every_kind(db: Database, folder: Path) -> None:
    """Articles in every mode, two of one story, one with a revision, one withdrawn, one with a picture."""
    fill(db)
    publish(db, RightsMode.LINK, article("synopsis", 71, AGAIN[0], text=AGAIN[1], language="en"))
    publish(db, RightsMode.FULL, article("harbour", 72, FIRE[0], text=FIRE[1], agency=("AFP",)))
    later = START + timedelta(hours=2)
    newer = FIRE[1].replace("Forty", "Fifty")
    publish(db, RightsMode.FULL, article("harbour", 72, FIRE[0], text=newer, fetched_at=later), at=later)
    publish(db, RightsMode.FULL, article("harbour", 73, WITHDRAWN, text="Nobody may read this any more."))
    gone = next(each for each in editions.front(db, limit=500).items if each.headline == WITHDRAWN)
    editions.withdraw(db, gone.id, "The outlet asked us", START + timedelta(days=1))
    show_picture(db, folder)
    while place_next(db):
        pass
    while search.index_pending(db):
        pass


def show_picture(db: Database, folder: Path) -> None:
    """Bring an article out with a picture whose files lie in a folder."""
    url, out = "https://harbour.example/pier.jpg", BytesIO()
    Pixels.new("RGB", (1000, 600), "teal").save(out, "JPEG")
    made = make(out.getvalue())
    gallery.put(folder, made.copy.name, made.files)
    kept(db, go_out(db, 74, Image(url, "a pier", "The pier at low tide.", "Ada Quay")), url, made)


def kinds(reader: Reader) -> dict[str, str]:
    """The path of a page of each kind, by name; the last ones are answers that something is not there."""
    told = next(each.id for each in stories.heads(reader.db) if each.outlets > 1)

    def page(headline: str) -> str:
        return reader.get(reader.address(headline)).headers["location"]

    return {
        "front": "/",
        "language": "/language/ar",
        "language without articles": "/language/sv",
        "article": page(FIRE[0]),
        "article in Arabic": page("العبارة باقية في الميناء"),
        "article with a picture": page("Report 74 with a picture"),
        "excerpt": page("Die Fähre bleibt am Kai"),
        "link": page("Το πλοίο μένει στο λιμάνι"),
        "hostile article": page("{{ 7 * 191 }} 7"),
        "story": f"/story/{told}",
        "outlet": "/outlet/harbour",
        "outlets": "/outlets",
        "topic": "/topic/coast",
        "search": "/search",
        "hits": "/search?q=ferry&language=en",
        "no hits": "/search?q=qqqqq",
        "archive": "/archive",
        "day": "/archive/2026-03-01",
        "about": "/about",
        "API": "/api",
        "takedown": "/takedown",
        "settings": "/settings?saved",
        "not found": "/nowhere",
        "senseless": "/search?q=a&since=yesterday",
        "withdrawn": f"/article/{_withdrawn(reader)}",
    }


def _withdrawn(reader: Reader) -> int:
    newest = max(each.id for each in editions.front(reader.db, limit=500).items)
    return next(n for n in range(newest + 5, 0, -1) if reader.get(f"/article/{n}").status == 410)
