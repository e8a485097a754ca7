"""The section spider: links of a section page that look like articles."""

from scrapy.http import Response

from aggregator.model.outlet import SeedKind
from aggregator.seeds.section import parse_section
from spiders.base import Found, OutletSpider


class SectionSpider(OutletSpider):
    """Reads the section pages of outlets."""

    name = "section"
    kinds = frozenset({SeedKind.SECTION})

    def parse_section(self, response: Response) -> Found:
        """The article links of a section page."""
        seed, limit = response.meta["seed"], self.outlet_of(response).politeness.max_entries
        return self.entries(
            response,
            lambda: parse_section(response.body, self.charset(response), response.url, seed, limit=limit),
        )
