"""A store of invented articles of 5 kB, as crawls and editions would have left it."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aggregator.store.engine import Database
from aggregator.store.schema import metadata

OUTLETS, STORY, WORDS, VOCABULARY, LOT = 50, 3, 780, 40_000, 2_000
COPIES, REVISED, AGENCY = 0.12, 0.05, 0.2
START = datetime(2021, 1, 1, tzinfo=UTC)
LANGUAGES = ("en", "es", "de", "fr", "pt-BR")
UNSPACED, UNSPACED_LANGUAGE = 0.1, "ja"
"""The share of articles in a script without spaces; a text of as many words has as many bytes there."""
SYLLABLES = [
    a + b for a in ("b", "d", "f", "k", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "st") for b in "aeiou"
]
CHARACTERS: Final = [chr(code) for code in (*range(0x3042, 0x3094), *range(0x4E00, 0x4E00 + 1900))]


class Writer:
    """Writes what crawls and editions would have left."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._words = ["".join(self._random.choices(SYLLABLES, k=1 + n % 4)) for n in range(VOCABULARY)]
        self._unspaced = ["".join(self._random.choices(CHARACTERS, k=1 + n % 4)) for n in range(VOCABULARY)]
        weights = [1 / (n + 3) for n in range(VOCABULARY)]
        total = 0.0
        self._weights = [total := total + each for each in weights]
        self._names = [f"{self._words[n].title()} {self._words[n + 1].title()}" for n in range(500, 4500, 2)]

    def text(self, language: str) -> list[list[str | int]]:
        """The blocks of an article of about 5 kB."""
        is_unspaced = language == UNSPACED_LANGUAGE
        of, gap, end = (self._unspaced, "", "。") if is_unspaced else (self._words, " ", ".")
        words = self._random.choices(of, cum_weights=self._weights, k=WORDS)
        return [["paragraph", 0, gap.join(words[n : n + 60]).capitalize() + end] for n in range(0, WORDS, 60)]

    def lot(self, first: int, count: int, texts: dict[int, Any]) -> dict[str, list[dict[str, Any]]]:
        """The rows of articles, by table."""
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        for number in range(first, first + count):
            self._article(number, rows, texts)
        return rows

    def _article(self, number: int, rows: dict[str, list[dict[str, Any]]], texts: dict[int, Any]) -> None:
        pick = self._random
        at = START + timedelta(minutes=number)
        outlet = f"outlet{pick.randrange(OUTLETS)}"
        is_copy = bool(texts) and pick.random() < COPIES
        of = pick.choice(list(texts)) if is_copy else None
        language, blocks = texts[of] if of else self._written()
        if not is_copy:
            texts[number] = language, blocks
            if len(texts) > LOT:
                texts.pop(next(iter(texts)))
        url = f"https://{outlet}.example/{at:%Y/%m}/{number}-{pick.choice(self._words)}"
        article = self._article_row(number, outlet, url, at) | {"copy_of": of, "language": language}
        rows["article"].append(article)
        rows["article_revision"] += self._revisions(article, blocks)
        of_it = {"article_id": number}
        rows["article_field"] += [
            {**of_it, "position": n, "field": field, "source": f"json-ld:{field}", "is_taken": True}
            for n, field in enumerate(("headline", "byline", "published", "section"))
        ]
        rows["article_cut"] += [
            {**of_it, "position": n, "text": f"Read also: {pick.choice(self._words)}", "rule": "read-also"}
            for n in range(2)
        ]
        rows["image"].append({**of_it, "position": 0, "url": f"{url}.jpg", "caption": str(blocks[2][2])[:80]})
        if of:
            found = {"kind": "syndicated", "score": 0.9, "found_at": at}
            rows["duplicate"].append({"copy_id": number, "original_id": of, **found})
        else:
            rows["publication"].append(self._publication(number, article, blocks))
        story = (number - 1) // STORY * STORY + 1
        if story == number:
            seen = {"first_seen": at, "last_seen": at, "round": 0}
            rows["story"].append({"id": story, "language": "en", "headline_article": number, **seen})
        rows["story_article"].append({**of_it, "story_id": story, "joined": "joined", "score": 0.7, "at": at})
        rows["fetch"].append(_fetch(article))

    def _written(self) -> tuple[str, list[list[str | int]]]:
        is_unspaced = self._random.random() < UNSPACED
        language = UNSPACED_LANGUAGE if is_unspaced else self._random.choice(LANGUAGES)
        return language, self.text(language)

    def _article_row(self, number: int, outlet: str, url: str, at: datetime) -> dict[str, Any]:
        return {
            "id": number,
            "outlet": outlet,
            "url": url,
            "canonical_url": url,
            "source_link": url,
            "url_key": f"{number:032x}",
            "text_hash": f"{number:032x}",
            "revision": 1,
            "byline": self._random.sample(self._names, 2),
            "section": "News",
            "site_name": outlet,
            "agency": ["Coastal Press"] if self._random.random() < AGENCY else [],
            "tags": self._random.sample(self._words[200:1200], 3),
            "robots": [],
            "tdm_reserved": False,
            "completeness": self._random.choices(("full", "paywalled", "teaser"), (8, 2, 1))[0],
            "first_published": at,
            "fetched_at": at,
            "stored_at": at,
            "awaits_publishing": False,
        }

    def _revisions(self, article: dict[str, Any], blocks: Any) -> Iterator[dict[str, Any]]:
        numbers = (1, 2) if self._random.random() < REVISED else (1,)
        article["revision"] = numbers[-1]
        for revision in numbers:
            yield {
                "article_id": article["id"],
                "number": revision,
                "headline": str(blocks[0][2])[:70],
                "dek": str(blocks[1][2])[:120],
                "text_chars": sum(len(str(block[2])) for block in blocks),
                "text_hash": article["text_hash"],
                "stored_at": article["stored_at"],
                "cause": "publisher",
                "blocks": blocks,
                "kinds": [] if revision == 1 else [self._random.choice(("correction", "figure", "update"))],
            }

    def _publication(self, number: int, article: dict[str, Any], blocks: Any) -> dict[str, Any]:
        at = article["stored_at"] + timedelta(minutes=self._random.randrange(3, 400))
        mode = self._random.choice(("full", "full", "excerpt", "link"))
        shown = {"full": blocks, "excerpt": blocks[:1], "link": []}[mode]
        return {
            "article_id": number,
            "edition_id": 1,
            "state": "published",
            "mode": mode,
            "blocks": shown,
            "outlet": article["outlet"],
            "language": article["language"],
            "headline": str(blocks[0][2])[:70],
            "licence": "CC-BY-4.0",
            "credit": article["outlet"],
            "reasons": [],
            "reason_codes": [],
            "revision": 1,
            "dated_at": at,
            "published_at": at,
            "updated_at": at,
            "changed_at": at,
            "awaits_indexing": False,
        }


def _fetch(article: dict[str, Any]) -> dict[str, Any]:
    at, key = article["stored_at"], article["url_key"]
    return {
        "run_id": 1,
        "outlet": article["outlet"],
        "url": article["url"],
        "url_key": key,
        "reason": "copy" if article["copy_of"] else "stored",
        "status": 200,
        "at": at,
        "article_id": article["id"],
        "attempt": 0,
        "body_sha256": key * 2,
        "archive_file": f"{at:%Y-%m-%d}.warc.gz",
        "archive_offset_bytes": article["id"],
        "archive_length_bytes": 9,
    }


TABLES: Final = (
    *("article", "article_revision", "article_field", "article_cut", "image", "duplicate"),
    *("publication", "story", "story_article", "fetch"),
)


def fill(path: Path, count: int, first: int = 1) -> None:
    """A store with so many articles."""
    writer = Writer(first)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        with db.session() as session:
            if first == 1:
                _frame(session)
            session.commit()
        texts: dict[int, Any] = {}
        for start in range(first, first + count, LOT):
            rows = writer.lot(start, min(LOT, first + count - start), texts)
            with db.session() as session:
                for name in TABLES:
                    by_shape: dict[tuple[str, ...], list[dict[str, Any]]] = {}
                    for row in rows[name]:
                        by_shape.setdefault(tuple(row), []).append(row)
                    for lot in by_shape.values():
                        session.connection().execute(metadata.tables[name].insert(), lot)


def _frame(session: Any) -> None:
    tables = metadata.tables
    outlets = [
        {
            "slug": f"outlet{n}",
            "name": f"Outlet {n}",
            "homepage": f"https://outlet{n}.example/",
            "language": "en",
            "country": "IE",
            "licence": "CC-BY-4.0",
            "mode": "full",
            "is_active": True,
            "synced_at": START,
        }
        for n in range(OUTLETS)
    ]
    run = {"id": 1, "state": "finished", "pid": 1, "machine": "here", "started_at": START}
    edition = {"id": 1, "closed_at": START, "article_count": 1, "refused_count": 0}
    for name, rows in (("outlet", outlets), ("crawl_run", [run]), ("edition", [edition])):
        session.connection().execute(tables[name].insert(), rows)
