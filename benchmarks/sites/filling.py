"""A store of invented articles of 1 kB with its search index, as crawls and editions would have left it.

Rows are written in the database's own form and past the program: it would take an hour for a million. A test
holds the result against what the program finds.
"""

import itertools
import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sites.texts import Words

from aggregator import topics
from aggregator.store.engine import Database
from aggregator.store.tables.base import iso

OUTLETS: Final = 200
"""By Zipf's law as well: the largest has a sixth of all articles."""
LANGUAGES: Final = ("en", "de", "en", "fr", "es", "en", "pt-BR", "ar", "ja", "uk", "en-GB", "it")
SECTIONS: Final = ("News", "Politics", "Business", "Sport", "Culture", "Science", "Local", "Opinion")
TAGS: Final = 3_000
MODES: Final = ("full", "excerpt", "link")
PER_DAY: Final = 3_000
LOT: Final = 2_000
"""Articles of a crawl run, and of a transaction."""
EDITION: Final = 100
STORY: Final = (1, 1, 1, 1, 2, 2, 3, 4, 6, 30)
"""Sizes of stories, each as frequent as the others."""
COPIES, REVISED, WITHDRAWN, REFUSED, PICTURED = 0.1, 0.05, 0.01, 0.02, 0.3
END: Final = datetime(2026, 11, 1, tzinfo=UTC)
_CACHE_KIB: Final = 2_000_000

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Text = tuple[str, ...]


class Writer:
    """Writes the rows of articles by their numbers, from 1; the last one is dated ``END``."""

    def __init__(self, articles: int) -> None:
        self.words = Words(2)
        self._random = random.Random(3)
        self._start = END - timedelta(days=articles / PER_DAY)
        self._outlet_weights = list(itertools.accumulate(1 / rank for rank in range(1, OUTLETS + 1)))
        self._tag_weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(TAGS)))
        self._tags = [word.capitalize() for word in self.words.ranked[200 : 200 + TAGS]]
        self._lately: list[tuple[int, Text]] = []
        self._story, self._left = 1, 0

    def lot(self, first: int, count: int) -> Rows:
        """The rows of so many articles, by table: a crawl run, its articles, the editions that follow."""
        rows: Rows = defaultdict(list)
        run, at = (first - 1) // LOT + 1, iso(self._at(first))
        rows["crawl_run"].append({"id": run, "state": "finished", "pid": 1, "machine": "a", "started_at": at})
        batch = [{"run_id": run, "position": n, "outlet": slug(n)} for n in range(OUTLETS)]
        rows["crawl_run_outlet"] = batch
        for number, words in enumerate(self.words.texts(count), start=first):
            self._write(number, words, rows)
        return rows

    def _at(self, number: int) -> datetime:
        return self._start + timedelta(seconds=number * 86_400 // PER_DAY)

    def _write(self, number: int, words: Text, rows: Rows) -> None:
        chance = self._random
        copied = chance.choice(self._lately) if self._lately and chance.random() < COPIES else None
        article = self._article(number, copied[0] if copied else None)
        words = copied[1] if copied else words
        rows["article"].append(article)
        rows["article_revision"] += _revisions(article, words)
        if chance.random() < PICTURED:
            image = {"article_id": number, "position": 0, "url": f"{article['url']}.jpg", "caption": "Here"}
            rows["image"].append(image)
        if copied:
            found = {"kind": "syndicated", "score": 0.9, "found_at": article["stored_at"]}
            rows["duplicate"].append({"copy_id": number, "original_id": copied[0], **found})
        else:
            self._lately = [*self._lately[-200:], (number, words)]
            self._publish(article, words, rows)
        self._tell(article, rows)
        rows["fetch"].append(_fetch(article))

    def _article(self, number: int, copy_of: int | None) -> Row:
        chance, at = self._random, iso(self._at(number))
        [outlet] = chance.choices(range(OUTLETS), cum_weights=self._outlet_weights)
        url = f"https://{slug(outlet)}.example/{at[:7]}/{number}"
        return {
            "id": number,
            "outlet": slug(outlet),
            "url": url,
            "canonical_url": url,
            "source_link": url,
            "url_key": f"{chance.getrandbits(128):032x}",
            "text_hash": f"{chance.getrandbits(128):032x}",
            "revision": 2 if chance.random() < REVISED else 1,
            "language": LANGUAGES[outlet % len(LANGUAGES)],
            "byline": f'["{self.words.ranked[number % 7919].title()} Writer"]',
            "section": SECTIONS[chance.randrange(len(SECTIONS))],
            "tags": json.dumps(chance.choices(self._tags, cum_weights=self._tag_weights, k=2)),
            "robots": "[]",
            "completeness": "full",
            "first_published": at,
            "fetched_at": at,
            "stored_at": at,
            "copy_of": copy_of,
            "awaits_publishing": 0,
        }

    def _publish(self, article: Row, words: Text, rows: Rows) -> None:
        number, chance = article["id"], self._random
        edition, at = (number - 1) // EDITION + 1, iso(self._at(number) + timedelta(minutes=30))
        if not rows["edition"] or rows["edition"][-1]["id"] != edition:
            counts = {"article_count": EDITION, "refused_count": 0}
            rows["edition"].append({"id": edition, "closed_at": at, **counts})
        [state] = chance.choices(("withdrawn", "refused", "published"), (WITHDRAWN, REFUSED, 1))
        [mode] = chance.choices(MODES, (5, 4, 1)) if state != "refused" else ["never"]
        shown = words[1 : {"full": 4, "excerpt": 2}.get(mode, 1)]
        made = _publication(article, at, (state, mode), edition)
        made |= {"headline": words[0].capitalize(), "blocks": _blocks(shown)}
        rows["publication"].append(made)
        labels = topics.of(article["section"], json.loads(article["tags"]))
        rows["publication_topic"] += [
            {"topic": key, "publication_id": number, "label": label} for key, label in labels.items()
        ]
        if state == "published":
            entry = {"rowid": number, "headline": words[0], "text": " ".join(shown)}
            rows["search_index"].append(entry)

    def _tell(self, article: Row, rows: Rows) -> None:
        """Put an article into its story: those of one story follow one another."""
        number, at = article["id"], article["stored_at"]
        if self._left == 0:
            self._story, self._left = number, self._random.choice(STORY)
            rows["story"].append(
                {
                    "id": number,
                    "language": article["language"].split("-")[0],
                    "headline_article": number,
                    "first_seen": at,
                    "last_seen": at,
                    "round": 0,
                }
            )
        self._left -= 1
        place = {"article_id": number, "story_id": self._story, "joined": "joined", "score": 0.7, "at": at}
        rows["story_article"].append(place)


def slug(outlet: int) -> str:
    """The short name of the outlet of this number, from 0, the largest."""
    return f"outlet{outlet}"


def _blocks(paragraphs: Sequence[str]) -> str:
    return json.dumps([["paragraph", 0, each.capitalize() + "."] for each in paragraphs])


def _revisions(article: Row, words: Text) -> Iterator[Row]:
    for number in range(1, article["revision"] + 1):
        yield {
            "article_id": article["id"],
            "number": number,
            "headline": words[0].capitalize(),
            "text_chars": sum(map(len, words[1:])) + len(words),
            "text_hash": article["text_hash"],
            "stored_at": article["stored_at"],
            "kinds": '["update"]' if number > 1 else "[]",
            "blocks": _blocks(words[1:]),
        }


def _publication(article: Row, at: str, ruled: tuple[str, str], edition: int) -> Row:
    state, mode = ruled
    return {
        "id": article["id"],
        "article_id": article["id"],
        "edition_id": edition,
        "state": state,
        "mode": mode,
        "outlet": article["outlet"],
        "language": article["language"],
        "licence": "CC-BY-4.0",
        "credit": article["outlet"],
        "reasons": "[]",
        "reason_codes": "[]",
        "has_images": mode == "full",
        "revision": article["revision"],
        "dated_at": article["first_published"],
        "published_at": at,
        "updated_at": at,
        "withdrawn_at": at if state == "withdrawn" else None,
        "withdrawn_reason": "By mistake" if state == "withdrawn" else None,
        "changed_at": at,
        "awaits_indexing": 0,
    }


def _fetch(article: Row) -> Row:
    return {
        "run_id": (article["id"] - 1) // LOT + 1,
        "outlet": article["outlet"],
        "url": article["url"],
        "url_key": article["url_key"],
        "reason": "copy" if article["copy_of"] else "stored",
        "status": 200,
        "at": article["stored_at"],
        "article_id": article["id"],
        "attempt": 0,
    }


def fill(path: Path, articles: int, tell: Callable[[int], object] = lambda _: None) -> None:
    """Make a store of so many articles; ``tell`` hears how many there are."""
    Database.open(f"sqlite:///{path}").close()
    writer = Writer(articles)
    with closing(sqlite3.connect(path)) as file:
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
            file.execute(f"PRAGMA {pragma}")
        _insert(file, {"outlet": [_outlet(n) for n in range(OUTLETS)]})
        for first in range(1, articles + 1, LOT):
            count = min(LOT, articles + 1 - first)
            _insert(file, writer.lot(first, count))
            file.commit()
            tell(first + count - 1)
        file.execute("PRAGMA journal_mode = WAL")


def _insert(file: sqlite3.Connection, rows: Rows) -> None:
    for table, of_table in rows.items():
        names = list(of_table[0])
        values = ", ".join(f":{name}" for name in names)
        file.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", of_table)  # noqa: S608 - our own names


def _outlet(number: int) -> Row:
    return {
        "slug": slug(number),
        "name": f"Outlet {number}",
        "homepage": f"https://{slug(number)}.example/",
        "language": LANGUAGES[number % len(LANGUAGES)],
        "country": "IE",
        "licence": "CC-BY-4.0",
        "mode": "full",
        "is_active": 1,
        "synced_at": iso(END - timedelta(days=365)),
    }
