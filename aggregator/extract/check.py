"""The check: what an article must have to be one."""

from dataclasses import dataclass

from aggregator.model.article import Article
from aggregator.model.crawl import Reason


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an article is unfit for the store."""

    reason: Reason
    detail: str


def fault(article: Article) -> Fault | None:
    """What keeps an article out of the store; None for a sound one."""
    if not article.headline.strip():
        return Fault(Reason.DROPPED_NOT_ARTICLE, "no headline in the page, its metadata or its entry")
    if not article.body.strip():
        return Fault(Reason.DROPPED_NO_TEXT, "no text left after the cuts")
    return None
