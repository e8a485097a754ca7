"""The recorded web of ../shared: its proxy, cards for its outlets, and what was stored against truth."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Interval, Outlet, Politeness, Seed, SeedKind
from aggregator.store import articles
from aggregator.store.engine import Database

NEWS = "scrapinghub,fundus-eval,fundus-tests"


def find_shared() -> Path | None:
    """The folder of shared data: AGGREGATOR_SHARED, or ``shared`` beside the checkout."""
    given = os.environ.get("AGGREGATOR_SHARED")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "corpus").is_dir() else None


@dataclass(frozen=True)
class Replay:
    """A running replay: the proxy's address, and each outlet's pages by address."""

    shared: Path
    proxy: str
    pages: dict[str, dict[str, str]]

    @property
    def ids(self) -> dict[str, str]:
        """The truth's id of each page's URL."""
        return {url: page for pages in self.pages.values() for url, page in pages.items()}

    def stats(self) -> dict[str, int]:
        """The proxy's requests so far, by kind."""
        with urllib.request.urlopen(f"{self.proxy}/__stats__") as answer:  # noqa: S310 - our own proxy
            return json.load(answer)

    def write_cards(self, folder: Path) -> None:
        """One card for each host, with its feed as seed and no delay."""
        for host in self.pages:
            outlet = Outlet(
                slug=slug(host),
                name=host,
                homepage=f"http://{host}/",
                language="en",
                country="US",
                seeds=(Seed(SeedKind.FEED, f"http://{host}/feed.xml"),),
                schedule=Interval(60),
                politeness=Politeness(delay_seconds=0.0, concurrency=2),
            )
            cards.write(outlet, folder)

    def settings(self, home: Path) -> Settings:
        """Settings with everything in one folder, through the proxy."""
        return Settings(
            database=f"sqlite:///{home}/replay.sqlite3",
            outlets=home / "outlets",
            pages=home / "pages",
            http_proxy=self.proxy,
            crawl=CrawlSettings(page_seconds=20),
        )

    def score(self, db: Database, predictions: Path) -> dict[str, float]:
        """Score every stored article by the shared scoring script; pooled over all benchmarks."""
        ids = self.ids
        with predictions.open("w", encoding="utf-8") as file:
            for stored in articles.every(db):
                if (page := page_of(stored, ids)) is not None:
                    file.write(json.dumps(prediction(stored, page)) + "\n")
        result = predictions.with_suffix(".json")
        subprocess.run(
            [
                sys.executable,
                self.shared / "corpus" / "score.py",
                self.shared / "corpus" / "truth.jsonl",
                predictions,
                "--boot",
                "0",
                "--json",
                result,
            ],
            check=True,
            capture_output=True,
        )
        return json.loads(result.read_text(encoding="utf-8"))[predictions.stem]["ALL"]


def page_of(stored: StoredArticle, ids: dict[str, str]) -> str | None:
    """The truth's id of a stored article's page."""
    return ids.get(stored.article.url)


def prediction(stored: StoredArticle, page: str) -> dict[str, object]:
    """A stored article in the scoring script's form."""
    article = stored.article
    return {
        "id": page,
        "body": article.body,
        "title": article.headline,
        "authors": list(article.byline),
        "published": article.published.isoformat() if article.published else None,
        "lang": article.language,
    }


def slug(host: str) -> str:
    """A card's slug for a host."""
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")


@contextmanager
def replaying(shared: Path, *arguments: str, only: str = NEWS) -> Iterator[Replay]:
    """Play the recorded pages on a free port of loopback."""
    command = [sys.executable, shared / "replay" / "replay.py", shared / "corpus", "--only", only]
    listed = json.loads(subprocess.run([*command, "--list"], check=True, capture_output=True).stdout)
    pages = {outlet["host"]: {page["url"]: page["id"] for page in outlet["pages"]} for outlet in listed}
    with subprocess.Popen(
        [*command, "--port", "0", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            proxy = line.strip().rpartition("http_proxy=")[2]
            yield Replay(shared, proxy, pages)
        finally:
            process.terminate()
            process.wait()
