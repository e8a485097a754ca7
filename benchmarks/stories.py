"""Stories: how well they are told beside the usual method, and what placing costs as the store grows.

  python benchmarks/stories.py [--articles 20000] [--step 5000] [--database URL] [--per-day 2000]

Quality: the labelled articles of ``tests/floors/stories.jsonl``, one by one in the order of time. Beside ours
runs the usual method: online TF-IDF (smoothed, counted as articles come, logarithmic frequency), cosine with
each story's centre that decays by half in three days, a single pass over words of two letters or more.
Its threshold is the best of a sweep **on the very articles that are scored**, which favours it.

Cost: generated articles are put into a store and placed; for each step it prints the client's CPU
milliseconds an article (terms, candidates, choice, writing; reading the article included), how many rows the
tables hold, and peak memory.
"""

import argparse
import itertools
import json
import math
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from floors.story_scores import Scores, scores  # noqa: E402 - found by the line above
from sqlalchemy import func, insert, select  # noqa: E402

from aggregator.dedupe.stories import Stories, Told  # noqa: E402
from aggregator.dedupe.story_terms import terms  # noqa: E402
from aggregator.store.engine import Database  # noqa: E402
from aggregator.store.outlet_rows import ensure_outlets  # noqa: E402
from aggregator.store.placing import place_next  # noqa: E402
from aggregator.store.schema import (  # noqa: E402
    ArticleRevisionRow,
    ArticleRow,
    Base,
    StoryRow,
    StoryTermRow,
    StoryVectorRow,
    StoryWordRow,
)

START = datetime(2031, 1, 1, tzinfo=UTC)
HALF_LIFE_DAYS = 3.0
VOCABULARY = 60_000
OUTLETS = 200
WORD = re.compile(r"\w\w+")
Row = dict[str, Any]


def ours(rows: Sequence[Row]) -> dict[str, object]:
    """Each article's story."""
    stories = Stories()
    for number, row in enumerate(rows):
        at = datetime.fromisoformat(row["published"])
        found = terms(row["title"], row["body"], row["lang"])
        stories.add(Told(number, row["url"].split("/")[2], at, found))
    return {row["id"]: stories.story_of(number) for number, row in enumerate(rows)}


@dataclass
class Usual:
    """A story of the baseline: the sum of its articles, and when the last one came."""

    centre: Counter[str] = field(default_factory=Counter)
    last: datetime = START


def usual(rows: Sequence[Row], threshold: float) -> dict[str, object]:
    """The same by online TF-IDF, cosine and decay."""
    holders: dict[str, Counter[str]] = defaultdict(Counter)
    articles: Counter[str] = Counter()
    stories: dict[str, list[Usual]] = defaultdict(list)
    found: dict[str, object] = {}
    for row in rows:
        language, at = row["lang"], datetime.fromisoformat(row["published"])
        times = Counter(WORD.findall(f"{row['title']} {row['body']}".lower()))
        holders[language].update(times.keys())
        articles[language] += 1
        vector = Counter(
            {
                word: (1 + math.log(count))
                * (math.log((1 + articles[language]) / (1 + holders[language][word])) + 1)
                for word, count in times.items()
            }
        )
        scored = [(_decayed(vector, story, at), n) for n, story in enumerate(stories[language])]
        best, number = max(scored, default=(0.0, -1))
        if best < threshold:
            number = len(stories[language])
            stories[language].append(Usual())
        story = stories[language][number]
        story.centre.update(vector)
        story.last = at
        found[row["id"]] = (language, number)
    return found


def _decayed(vector: Mapping[str, float], story: Usual, at: datetime) -> float:
    days = abs(at - story.last) / timedelta(days=1)
    shared = sum(weight * story.centre[word] for word, weight in vector.items() if word in story.centre)
    lengths = math.hypot(*vector.values()) * math.hypot(*story.centre.values())
    return shared / lengths * 0.5 ** (days / HALF_LIFE_DAYS)


def quality() -> None:
    """Print both methods' scores and cost, on each part and on all."""
    path = HERE.parent / "tests" / "floors" / "stories.jsonl"
    every = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(
        "| articles | method | precision | recall | F1 | B³ | ms an article |\n|---|---|---|---|---|---|---|"
    )
    for part in ("tune", "held", "all"):
        rows = [row for row in every if part in {"all", row["part"]}]
        truth = {row["id"]: row["story"] for row in rows}
        ours(rows)  # the lists of common words are read once
        begun = time.process_time()
        mine = scores(ours(rows), truth)
        print_scores(part, "ours", mine, (time.process_time() - begun) / len(rows))
        begun = time.process_time()
        swept = [scores(usual(rows, step / 100), truth) for step in range(4, 60, 2)]
        seconds = (time.process_time() - begun) / len(rows) / len(swept)
        print_scores(part, "usual, best threshold", max(swept, key=lambda each: each.b_cubed), seconds)


def print_scores(part: str, method: str, found: Scores, seconds: float) -> None:
    """Print a line of the table."""
    f1 = 2 * found.precision * found.recall / (found.precision + found.recall)
    cells = (found.precision, found.recall, f1, found.b_cubed)
    print(f"| {part} | {method} | {' | '.join(f'{cell:.3f}' for cell in cells)} | {1000 * seconds:.2f} |")


class Reports:
    """Generated reports: stories of a few articles with names of their own, among words by Zipf's law."""

    def __init__(self, per_day: int) -> None:
        self._chance = random.Random(7)
        self._step = timedelta(days=1) / per_day
        self._sums = list(itertools.accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))
        self._words = ["".join(chr(97 + int(d)) for d in f"{rank:05d}"[::-1]) for rank in range(VOCABULARY)]

    def __iter__(self) -> Iterator[tuple[datetime, str, str]]:
        """Time, headline and body; a third open a story, the others go on with one of the last two days."""
        chance = self._chance
        open_stories: list[list[str]] = []
        for number in itertools.count():
            if not open_stories or chance.random() < 1 / 3:
                open_stories.append([self._name() for _ in range(8)])
                del open_stories[:-400]
            names = chance.choice(open_stories)
            words = [self._word() for _ in range(90)]
            for name in chance.sample(names, 5):
                words[chance.randrange(1, 90)] = name
            headline = " ".join([self._word(), *chance.sample(names, 2), self._word()])
            yield START + number * self._step, headline, " ".join(words) + "."

    def _word(self) -> str:
        return self._chance.choices(self._words, cum_weights=self._sums)[0]

    def _name(self) -> str:
        return "".join(self._chance.choices("abcdefghiklmnoprstuvw", k=7)).title()


def put(db: Database, first: int, reports: Sequence[tuple[datetime, str, str]]) -> None:
    """Store articles as a crawl would, but without what placing does not read."""
    articles, revisions = [], []
    for number, (at, headline, body) in enumerate(reports, first):
        url = f"https://outlet-{number % OUTLETS}.example/{number}"
        same = dict.fromkeys(("url", "canonical_url", "source_link"), url)
        times = {"first_published": at, "fetched_at": at, "stored_at": at}
        lists: Row = {"byline": [], "tags": [], "robots": [], "awaits_publishing": False}
        more = {"url_key": f"{number:032x}", "revision": 1, "language": "en", "completeness": "full"}
        articles.append({"id": number, "outlet": f"outlet-{number % OUTLETS}"} | same | times | lists | more)
        text: Row = {"article_id": number, "number": 1, "headline": headline, "text_chars": len(body)}
        revisions.append(text | {"stored_at": at, "blocks": [["paragraph", 0, body]]})
    with db.session() as session:
        session.execute(insert(ArticleRow), articles)
        session.execute(insert(ArticleRevisionRow), revisions)


def cost(database: str, articles: int, step: int, per_day: int) -> None:
    """Print what placing costs at each step."""
    db = Database.open(database)
    with db.session() as session:
        homes = {f"outlet-{number}": f"https://outlet-{number}.example/" for number in range(OUTLETS)}
        ensure_outlets(session, homes, START)
    stream = iter(Reports(per_day))
    tables: tuple[type[Base], ...] = (StoryRow, StoryVectorRow, StoryTermRow, StoryWordRow)
    names = " | ".join(table.__tablename__ for table in tables)
    print(f"\n{db.dialect}, {per_day} articles a day\n\n| articles | ms an article | {names} | MB |")
    print("|---|---|" + "---|" * (len(tables) + 1))
    for first in range(1, articles + 1, step):
        seconds = 0.0
        for batch in range(first, first + step, 100):
            put(db, batch, list(itertools.islice(stream, 100)))
            begun = time.process_time()
            place_next(db)
            seconds += time.process_time() - begun
        with db.reading() as session:
            counts = [session.execute(select(func.count()).select_from(table)).scalar() for table in tables]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        cells = " | ".join(map(str, counts))
        print(f"| {first + step - 1} | {1000 * seconds / step:.2f} | {cells} | {peak} |", flush=True)
    db.close()


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--step", type=int, default=5_000)
    parser.add_argument("--per-day", type=int, default=2_000)
    parser.add_argument("--database", help="instead of an SQLite file that is thrown away")
    given = parser.parse_args()
    quality()
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"sqlite:///{folder}/stories.sqlite3"
        cost(database, given.articles, given.step, given.per_day)


if __name__ == "__main__":
    main()
