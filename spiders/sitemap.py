"""The sitemap spider: news sitemaps and sitemap indexes."""

from collections.abc import Sequence

from scrapy.http import Response

from aggregator.model.outlet import SeedKind
from aggregator.model.page import Entry
from aggregator.seeds.sitemap import Sitemap, parse_sitemap
from spiders.base import Found, OutletSpider

DEEPEST = 2
"""An index may list indexes (seen at large outlets), not further."""

MOST_CHILDREN = 10
"""The newest sitemaps of an index; the rest is archive."""


class SitemapSpider(OutletSpider):
    """Reads the sitemaps of outlets."""

    name = "sitemap"
    kinds = frozenset({SeedKind.SITEMAP})

    async def parse_sitemap(self, response: Response) -> Found:
        """The entries of a sitemap, and requests for the newest sitemaps that an index lists."""
        outlet, seed = self.outlet_of(response), response.meta["seed"]
        depth: int = response.meta["seed_depth"]
        read: list[Sitemap] = []

        def parse() -> Sequence[Entry]:
            read.append(parse_sitemap(response.body, seed, limit=outlet.politeness.max_entries))
            return read[0].entries

        async for request in self.entries(response, parse):
            yield request
        if read and read[0].children:
            self.visits.reread(response.request.url if response.request else response.url)
        if read and depth < DEEPEST:
            for url in read[0].children[:MOST_CHILDREN]:
                yield self.seed_request(outlet, seed, url, depth + 1)
