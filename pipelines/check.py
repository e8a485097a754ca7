"""Check: an article that cannot be one ends here, under its reason."""

from aggregator.clock import now
from aggregator.extract.check import fault
from aggregator.model.crawl import PageArticle, PageEnd


class CheckPipeline:
    """Asks the rules whether an article is fit for the store."""

    def process_item(self, item: object) -> object:
        """The article, or the end of its page; what is no article passes."""
        if isinstance(item, PageArticle) and (found := fault(item.article)):
            return PageEnd(
                item.article.outlet,
                item.entry.url,
                found.reason,
                now(),
                item.status,
                found.detail,
                item.archived,
            )
        return item
