"""The analysts' dump: time, memory and size over invented articles, and how quickly the file answers.

    python benchmarks/dump.py 10000 200000

Each number is a store of so many articles of 5 kB from 50 outlets, as crawls leave them. In the same run
SQLite copies the store as it is (``VACUUM INTO``): what reading and writing so many bytes costs at least.
Dumps are made by processes of their own, each with its own peak of memory. At last one article of a hundred
is added, and an incremental dump made.
"""

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.store.dump import Format, Wanted, dump  # noqa: E402
from aggregator.store.dump.questions import QUESTIONS  # noqa: E402
from aggregator.store.engine import Database  # noqa: E402
from aggregator.store.schema import metadata  # noqa: E402

OUTLETS, STORY, WORDS, VOCABULARY, LOT = 50, 3, 780, 40_000, 2_000
COPIES, REVISED, AGENCY = 0.12, 0.05, 0.2
START = datetime(2021, 1, 1, tzinfo=UTC)
LANGUAGES = ("en", "es", "de", "fr", "pt-BR")
ASKED = 60
SYLLABLES = [
    a + b for a in ("b", "d", "f", "k", "l", "m", "n", "p", "r", "s", "t", "v", "tr", "st") for b in "aeiou"
]


class Writer:
    """Writes what crawls and editions would have left."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._words = ["".join(self._random.choices(SYLLABLES, k=1 + n % 4)) for n in range(VOCABULARY)]
        weights = [1 / (n + 3) for n in range(VOCABULARY)]
        total = 0.0
        self._weights = [total := total + each for each in weights]
        self._names = [f"{self._words[n].title()} {self._words[n + 1].title()}" for n in range(500, 4500, 2)]

    def text(self) -> list[list[str | int]]:
        """The blocks of an article of about 5 kB."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=WORDS)
        return [["paragraph", 0, " ".join(words[n : n + 60]).capitalize() + "."] for n in range(0, WORDS, 60)]

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
        blocks = texts[of] if of else self.text()
        if not is_copy:
            texts[number] = blocks
            if len(texts) > LOT:
                texts.pop(next(iter(texts)))
        chars = sum(len(str(block[2])) for block in blocks)
        url = f"https://{outlet}.example/{at:%Y/%m}/{number}-{pick.choice(self._words)}"
        key = f"{number:032x}"
        rows["article"].append(
            {
                "id": number,
                "outlet": outlet,
                "url": url,
                "canonical_url": url,
                "source_link": url,
                "url_key": key,
                "text_hash": key,
                "revision": 1,
                "language": pick.choice(LANGUAGES),
                "byline": pick.sample(self._names, 2),
                "section": "News",
                "site_name": outlet,
                "agency": ["Coastal Press"] if pick.random() < AGENCY else [],
                "tags": pick.sample(self._words[200:1200], 3),
                "robots": [],
                "tdm_reserved": False,
                "completeness": pick.choices(("full", "paywalled", "teaser"), (8, 2, 1))[0],
                "first_published": at,
                "fetched_at": at,
                "stored_at": at,
                "copy_of": of,
                "awaits_publishing": False,
            }
        )
        numbers = (1, 2) if pick.random() < REVISED else (1,)
        rows["article"][-1]["revision"] = numbers[-1]
        for revision in numbers:
            rows["article_revision"].append(
                {
                    "article_id": number,
                    "number": revision,
                    "headline": str(blocks[0][2])[:70],
                    "dek": str(blocks[1][2])[:120],
                    "text_chars": chars,
                    "text_hash": key,
                    "stored_at": at,
                    "cause": "publisher",
                    "blocks": blocks,
                    "kinds": [] if revision == 1 else [pick.choice(("correction", "figure", "update"))],
                }
            )
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
            rows["publication"].append(self._publication(number, rows["article"][-1], blocks))
        story = (number - 1) // STORY * STORY + 1
        if story == number:
            seen = {"first_seen": at, "last_seen": at, "round": 0}
            rows["story"].append({"id": story, "language": "en", "headline_article": number, **seen})
        rows["story_article"].append({**of_it, "story_id": story, "joined": "joined", "score": 0.7, "at": at})
        rows["fetch"].append(
            {
                "run_id": 1,
                "outlet": outlet,
                "url": url,
                "url_key": key,
                "reason": "copy" if of else "stored",
                "status": 200,
                "at": at,
                "article_id": number,
                "attempt": 0,
                "body_sha256": key * 2,
                "archive_file": f"{at:%Y-%m-%d}.warc.gz",
                "archive_offset_bytes": number,
                "archive_length_bytes": 9,
            }
        )

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


def measured(store: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Seconds, those of the CPU, and peak of memory in MB, of a dump in a process of its own."""
    command = [sys.executable, __file__, "--child", str(store), str(out), *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return told["seconds"], told["cpu"], told["mb"]


def child(store: str, out: str, *options: str) -> None:
    """Make one dump and tell what it took."""
    base = next((Path(each.removeprefix("base=")) for each in options if each.startswith("base=")), None)
    form = Format.PARQUET if "parquet" in options else Format.SQLITE
    wanted = Wanted(has_search="search" in options, format=form, base=base, overlap=timedelta())
    with closing(Database.open(f"sqlite:///{store}")) as db:
        start, busy = time.perf_counter(), time.process_time()
        dump(db, Path(out), wanted)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": busy, "mb": peak}))


def answers(path: Path) -> Iterator[tuple[str, float]]:
    """How long each canned question takes, in seconds, with the file opened anew."""
    for view in QUESTIONS:
        with closing(sqlite3.connect(path)) as file:
            start = time.perf_counter()
            asked = f'SELECT * FROM "{view.name}" ORDER BY {len(view.columns)} DESC LIMIT 100'  # noqa: S608 - our own names
            rows = file.execute(asked).fetchall()
            yield f"{view.name} ({len(rows)} rows)", time.perf_counter() - start


def search_p95(path: Path) -> float:
    """The 95th percentile of searches for two words of middling rarity, best first, in milliseconds."""
    writer, pick = Writer(), random.Random(7)  # noqa: S311 - no secret
    query = (
        "SELECT a.id, a.headline, snippet(article_fts, 2, '[', ']', '…', 20) FROM article_fts "
        "JOIN v_article AS a ON a.id = article_fts.rowid WHERE article_fts MATCH ? ORDER BY rank LIMIT 20"
    )
    times = []
    with closing(sqlite3.connect(path)) as file:
        for _ in range(ASKED):
            words = " ".join(pick.sample(writer._words[300:5000], 2))  # noqa: SLF001 - the same words
            start = time.perf_counter()
            file.execute(query, (words,)).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[int(len(times) * 0.95)]


def mb(path: Path) -> float:
    """The size of a file or folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files) / 1e6


def round_of(folder: Path, count: int) -> None:
    """One size of store, all figures."""
    store = folder / "store.sqlite3"
    start = time.perf_counter()
    fill(store, count)
    print(
        f"\n## {count} articles (filled in {time.perf_counter() - start:.0f} s, {mb(store):.0f} MB)\n",
        flush=True,
    )
    start = time.perf_counter()
    with closing(sqlite3.connect(store)) as file:
        file.execute("VACUUM INTO ?", (str(folder / "copy.sqlite3"),))
    print(f"VACUUM INTO, the store as it is: {time.perf_counter() - start:.1f} s", flush=True)
    (folder / "copy.sqlite3").unlink()
    sizes = {}
    took = {}
    for name, options in (("plain", ()), ("search", ("search",)), ("parquet", ("parquet",))):
        took[name] = told(name, store, folder / f"{name}.sqlite3", *options)
        sizes[name] = mb(folder / f"{name}.sqlite3")
    print(f"Parquet is {sizes['parquet'] / sizes['plain']:.1%} of the SQLite file without index")
    for name, seconds in answers(folder / "search.sqlite3"):
        print(f"{name}: {seconds:.2f} s", flush=True)
    print(
        f"full-text search, 95th percentile of {ASKED}: {search_p95(folder / 'search.sqlite3'):.0f} ms",
        flush=True,
    )

    fill(store, count // 100, count + 1)
    busy = told("increment of 1 %", store, folder / "increment.sqlite3", f"base={folder / 'plain.sqlite3'}")
    print(f"The increment takes {busy / took['plain']:.1%} of the whole dump's CPU")


def told(name: str, store: Path, out: Path, *options: str) -> float:
    """Make a dump in a process of its own and say what it took; seconds of CPU."""
    seconds, busy, peak = measured(store, out, *options)
    words = f"{seconds:.1f} s ({busy:.1f} s of CPU), peak {peak:.0f} MB of memory, {mb(out):.0f} MB on disk"
    print(f"{name}: {words}", flush=True)
    return busy


def main() -> None:
    """Measure stores of the sizes that are asked for."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    for count in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            round_of(Path(folder), count)


if __name__ == "__main__":
    main()
