"""What analysts search a dump for, common words and rare ones, and how long each search takes."""

import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aggregator.store.dump.search import SEARCH_TABLES, search_query

EACH: Final = 40
_WORDS, _RUNS = (name for name, _ in SEARCH_TABLES)
_COMMON, _MIDDLING, _RARE = 0.75, (0.01, 0.1), 0.005
"""Shares of all articles that a word stands in: at least, between, at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of search: milliseconds of each by our query and by the plain one; the median of hits."""

    kind: str
    ours_ms: Sequence[float]
    plain_ms: Sequence[float]
    hits: int


class Asker:
    """Draws searches from the words of a dump itself."""

    def __init__(self, file: sqlite3.Connection, pick: random.Random) -> None:
        self._file, self._pick = file, pick
        self._articles = file.execute("SELECT count(*) FROM article").fetchone()[0]
        file.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, article_fts, row)")
        self._shares = [
            (term, count / self._articles)
            for term, count in file.execute("SELECT term, doc FROM vocabulary")
            if term.isascii()
        ]

    def kinds(self) -> Iterator[tuple[str, str, Callable[[], str]]]:
        """Each kind, the index that is asked, and what draws a search of it."""
        common, rare = self._words(_COMMON, 1), self._words(0, _RARE)
        middling = self._words(*_MIDDLING)
        draw = self._pick.sample
        yield "a common word", _WORDS, lambda: draw(common, 1)[0]
        yield "two common words", _WORDS, lambda: " ".join(draw(common, 2))
        yield "three common words", _WORDS, lambda: " ".join(draw(common, 3))
        yield "either of two common words", _WORDS, lambda: " OR ".join(draw(common, 2))
        yield "two common words near one another", _WORDS, lambda: f"NEAR({' '.join(draw(common, 2))}, 5)"
        yield "a common word and a rare one", _WORDS, lambda: f"{draw(common, 1)[0]} {draw(rare, 1)[0]}"
        yield "two words of middling rarity", _WORDS, lambda: " ".join(draw(middling, 2))
        yield "a rare word", _WORDS, lambda: draw(rare, 1)[0]
        yield "the beginning of a word", _WORDS, lambda: f"{draw(middling, 1)[0][:5]}*"
        yield "three words that stand together", _WORDS, self._phrase
        yield "unspaced: three characters", _RUNS, lambda: self._run(3)
        yield "unspaced: two times three", _RUNS, lambda: f"{self._run(3)} {self._run(3)}"
        yield "unspaced: six that stand together", _RUNS, lambda: self._run(6)

    def _words(self, least: float, most: float) -> list[str]:
        return [term for term, share in self._shares if least <= share <= most]

    def _phrase(self) -> str:
        words = self._text("<> 'ja'").split()
        start = self._pick.randrange(len(words) - 3)
        return '"{}"'.format(" ".join(re.sub(r"\W", "", word) for word in words[start : start + 3]))

    def _run(self, chars: int) -> str:
        text = self._text("= 'ja'").replace("。", "").replace("\n", "")
        start = self._pick.randrange(len(text) - chars)
        return text[start : start + chars]

    def _text(self, language: str) -> str:
        asked = (
            "SELECT t.text FROM article AS a JOIN article_text AS t ON t.article_id = a.id "  # noqa: S608 - our own words
            f"WHERE a.id >= ? AND a.language {language} LIMIT 1"
        )
        place = self._pick.randrange(1, self._articles - 100)
        text: str = self._file.execute(asked, (place,)).fetchone()[0]
        return text


def searches(path: Path) -> Iterator[Found]:
    """Each kind of search, ours and the plain query in turns; each pair by a connection of its own."""
    pick = random.Random(7)
    with closing(sqlite3.connect(path)) as file:
        asker = Asker(file, pick)
        drawn = [(kind, index, [draw() for _ in range(EACH)]) for kind, index, draw in asker.kinds()]
    for kind, index, asked in drawn:
        ours, plain, hits = [], [], []
        with closing(sqlite3.connect(path)) as file:
            for words in asked:
                ours.append(_milliseconds(file, search_query(index), words))
                plain.append(_milliseconds(file, _plain(index), words))
                count = f"SELECT count(*) FROM {index} WHERE {index} MATCH ?"  # noqa: S608 - our own names
                hits.append(file.execute(count, (words,)).fetchone()[0])
        yield Found(kind, ours, plain, sorted(hits)[len(hits) // 2])


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def _milliseconds(file: sqlite3.Connection, query: str, words: str) -> float:
    start = time.perf_counter()
    file.execute(query, {"words": words}).fetchall()
    return (time.perf_counter() - start) * 1000


def _plain(index: str) -> str:
    """The same without a bound: SQLite's own way, which weighs every hit."""
    return (
        f"SELECT a.id, a.outlet_name, a.headline, a.first_published, snippet({index}, 2, '[', ']', '…', 20) "  # noqa: S608 - our own names
        f"FROM {index} JOIN v_article AS a ON a.id = {index}.rowid "
        f"WHERE {index} MATCH :words ORDER BY rank LIMIT 50"
    )
