"""Dedupe: an article gets its fingerprint; the store decides on it within its own transaction."""

from dataclasses import replace

from aggregator.dedupe.fingerprint import fingerprint
from aggregator.model.crawl import PageArticle


class DedupePipeline:
    """Makes fingerprints.

    The verdict falls in the store: only there are articles of this batch and of other crawls visible.
    """

    def process_item(self, item: object) -> object:
        """The article with its fingerprint; what is no article passes."""
        if isinstance(item, PageArticle):
            return replace(item, fingerprint=fingerprint(item.article, item.uncut))
        return item
