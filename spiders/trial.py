"""The trial spider: the first articles of an outlet, shown and not stored."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy import Request
from twisted.python.failure import Failure

from aggregator.crawling import Trial
from aggregator.errors import FeedError
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Outlet, Seed
from spiders.batch import BatchSpider
from spiders.failures import name_failure
from spiders.frontier import Fetch


class TrialSpider(BatchSpider):
    """Fetches ``articles`` pages of each seed at most, and hands the results to whoever started it."""

    name = "trial"
    keeps_nothing = True
    custom_settings = {  # noqa: RUF012 - Scrapy's own attribute
        "ITEM_PIPELINES": {
            "pipelines.extract.ExtractPipeline": 200,
            "pipelines.check.CheckPipeline": 300,
            "spiders.trial.TrialResults": 500,
        }
    }

    def __init__(self, outlets: str = "", articles: str = "3", out: str = "", **kwargs: Any) -> None:
        super().__init__(outlets, **kwargs)
        self.out = Path(out)
        self._left = int(articles)

    def article_requests(self, outlet: Outlet, chosen: tuple[Fetch, ...]) -> Iterator[Request]:
        """Requests for the first pages only."""
        taken, self._left = chosen[: self._left], max(0, self._left - len(chosen))
        return super().article_requests(outlet, taken)

    def seed_unreadable(self, outlet: Outlet, seed: Seed, error: FeedError) -> None:  # noqa: ARG002 - as its parent's
        """Hand over why a seed cannot be read."""
        write(self.out, Trial(seed.url, Reason.FAILED_FEED, None, str(error)))

    def seed_failed(self, failure: Failure) -> None:
        """Hand over why a seed did not answer, too."""
        failed = name_failure(failure)
        write(self.out, Trial(failure.request.url, failed.reason, None, failed.detail))  # type: ignore[attr-defined]


def write(out: Path, result: Trial) -> None:
    """Append a result to the file that the trial's parent reads."""
    with out.open("ab") as file:
        pickle.dump(result, file)


class TrialResults:
    """Writes each result into the file that the trial's parent reads."""

    def __init__(self, out: Path) -> None:
        self._out = out

    @classmethod
    def from_crawler(cls, crawler: Any) -> "TrialResults":
        """Make it, the way Scrapy does."""
        return cls(crawler.spider.out)

    def process_item(self, item: object) -> object:
        """Write a result."""
        match item:
            case PageArticle():
                result = Trial(item.article.url, Reason.STORED, item.article, None)
            case PageEnd():
                result = Trial(item.url, item.reason, None, item.detail)
            case _:
                return item
        write(self._out, result)
        return item
