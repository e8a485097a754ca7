"""The feed spider: RSS, Atom, RDF and JSON Feed."""

from scrapy.http import Response

from aggregator.model.outlet import SeedKind
from aggregator.seeds.feed import parse_feed
from spiders.base import Found, OutletSpider


class FeedSpider(OutletSpider):
    """Reads the feeds of outlets."""

    name = "feed"
    kinds = frozenset({SeedKind.FEED})

    def parse_feed(self, response: Response) -> Found:
        """The entries of a feed."""
        seed, limit = response.meta["seed"], self.outlet_of(response).politeness.max_entries
        return self.entries(
            response, lambda: parse_feed(response.body, self.charset(response), seed, limit=limit)
        )
