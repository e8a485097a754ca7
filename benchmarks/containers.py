"""Where texts stand on recorded pages: how alike the pages of one outlet are, and how unlike those of two.

    python benchmarks/containers.py --shared ../shared

Each recorded page is extracted, and the element in which most of its text stands is told by its tags from
the body down (``aggregator.extract.container``). Printed is how many pairs of pages share it: of one outlet,
recorded within a month; of one outlet, more than a year apart; of two outlets. The first says how alike an
outlet's pages are, the second how long that lasts, the third how far it tells templates apart. Pages count
once however often they were recorded, and without a day only for two outlets.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from extraction.corpus import Corpus, Row, fetched  # noqa: E402

from aggregator.extract import container  # noqa: E402
from aggregator.extract.errors import ExtractError  # noqa: E402
from aggregator.extract.page import extract  # noqa: E402
from aggregator.model.outlet import Rules  # noqa: E402

MONTH: Final = timedelta(days=31)
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Stood:
    """Where the text of a page stood, at which outlet, on which day if that is known."""

    host: str
    day: date | None
    container: str


def main() -> None:
    """Extract all pages and print the three figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", default=str(ROOT.parent / "shared"), help="the folder with the corpus")
    pages = list(_pages(Corpus(parser.parse_args().shared)))
    pairs = list(combinations(pages, 2))
    of_one = [pair for pair in pairs if pair[0].host == pair[1].host]
    dated = [(abs(one.day - other.day), one, other) for one, other in of_one if one.day and other.day]
    print(f"{len(pages)} pages of {len({page.host for page in pages})} outlets")
    _tell("one outlet, within a month", [(one, other) for gap, one, other in dated if gap <= MONTH])
    _tell("one outlet, more than a year apart", [(one, other) for gap, one, other in dated if gap > YEAR])
    _tell("two outlets", [pair for pair in pairs if pair[0].host != pair[1].host])


def _pages(corpus: Corpus) -> Iterator[Stood]:
    seen = set()
    for row in corpus.rows():
        if row["url"] in seen:
            continue
        seen.add(row["url"])
        try:
            article = extract(fetched(row["url"], corpus.html(row)), Rules())
        except ExtractError:
            continue
        if where := container.of(article.blocks):
            yield Stood(str(urlsplit(row["url"]).hostname), _day(row), where)


def _day(row: Row) -> date | None:
    """When the page was recorded, else the day of its article: most are recorded soon."""
    told = str(row.get("crawl_date") or row.get("published") or "")[:10]
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _tell(words: str, pairs: list[tuple[Stood, Stood]]) -> None:
    alike = sum(one.container == other.container for one, other in pairs)
    share = alike / len(pairs) if pairs else 0.0
    print(f"{words:36} {alike:7,} of {len(pairs):7,} pairs: {share:6.1%}")


if __name__ == "__main__":
    main()
