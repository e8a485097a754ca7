"""The batch spider: every kind of seed of a batch of outlets in one crawl."""

from typing import ClassVar

from aggregator.model.outlet import SeedKind
from spiders.feed import FeedSpider
from spiders.section import SectionSpider
from spiders.sitemap import SitemapSpider


class BatchSpider(FeedSpider, SitemapSpider, SectionSpider):
    """Reads all seeds of outlets; what the scheduler starts.

    ``-a kinds=feed,sitemap`` leaves the others out.
    """

    name = "batch"
    kinds: ClassVar[frozenset[SeedKind]] = frozenset(SeedKind)

    def __init__(self, outlets: str = "", kinds: str = "", **kwargs: str) -> None:
        super().__init__(outlets, **kwargs)
        if kinds:
            self.kinds = frozenset(SeedKind(kind.strip()) for kind in kinds.split(","))  # type: ignore[misc]
