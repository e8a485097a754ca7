"""Generated articles: words by Zipf's law, phrases and footers that many texts share, and copies."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.crawl import PageArticle
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Entry

OUTLETS = 200
VOCABULARY = 60_000
PHRASES = 4_000
REMEMBERED = 5_000
EDITED = 0.06
COPIES = 0.15
PER_DAY = 10_000
START = datetime(2031, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """A generated text, and the number of the one it was copied from."""

    number: int
    outlet: int
    body: str
    copy_of: int | None


class Texts:
    """Articles without end: about 450 words, of which some are phrases that others have, too."""

    def __init__(self, seed: int, copies: float) -> None:
        self._chance = random.Random(seed)
        self._copies = copies
        weights = [1 / (rank + 8) for rank in range(VOCABULARY)]
        self._sums = list(itertools.accumulate(weights))
        self._words = [self._spelled(rank) for rank in range(VOCABULARY)]
        self.phrases = [" ".join(self._drawn(6)) for _ in range(PHRASES)]
        self.footers = [" ".join(self._drawn(45)) + "." for _ in range(OUTLETS)]

    def __iter__(self) -> Iterator[Sample]:
        """Texts by number; a copy is made of one of the last few thousand."""
        chance = self._chance
        recent: list[tuple[int, str]] = []
        for number in itertools.count():
            outlet = chance.randrange(OUTLETS)
            source = None
            if recent and chance.random() < self._copies:
                source, body = chance.choice(recent)
                body = self._copied(body)
            else:
                body = self._written()
                recent.append((number, body))
                if len(recent) > REMEMBERED:
                    recent.pop(0)
            yield Sample(number, outlet, f"{body}\n{self.footers[outlet]}", source)

    def _spelled(self, rank: int) -> str:
        letters = "etaoinshrdlucmfwypvbgk"
        out, rest = "", rank + 22
        while rest:
            rest, digit = divmod(rest, len(letters))
            out += letters[digit]
        return out.capitalize() if rank % 9 == 0 else out

    def _drawn(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._sums, k=count)

    def _written(self) -> str:
        chance, out = self._chance, []
        for _ in range(chance.randint(8, 40)):
            sentence = self._drawn(chance.randint(6, 18))
            if chance.random() < 0.3:
                sentence.insert(chance.randrange(len(sentence)), chance.choice(self.phrases))
            if chance.random() < 0.4:
                sentence.append(str(chance.randint(2, 2031)))
            out.append(" ".join(sentence).capitalize() + ".")
        return " ".join(out)

    def _copied(self, body: str) -> str:
        chance = self._chance
        words = [word for word in body.split(" ") if chance.random() > EDITED]
        kind = chance.randrange(3)
        if kind == 0:
            words = words[: max(40, int(len(words) * chance.uniform(0.25, 0.6)))]
        elif kind == 1:
            words = [*self._drawn(chance.randint(5, 40)), *words]
        return " ".join(words)


def page(sample: Sample, day: float) -> PageArticle:
    """A generated text as the crawl hands it over."""
    at = START + timedelta(days=day + sample.number / PER_DAY)
    url = f"https://o{sample.outlet}.example/{day:g}/{sample.number}"
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in sample.body.split("\n"))
    made = Article(
        outlet=f"o{sample.outlet}",
        url=url,
        canonical_url=url,
        source_link=url,
        headline=f"Report {sample.number}",
        blocks=blocks,
        language="en",
        fetched_at=at,
        published=at,
    )
    entry = Entry(url, Seed(SeedKind.FEED, f"https://o{sample.outlet}.example/feed"))
    return PageArticle(entry, made, 200)
