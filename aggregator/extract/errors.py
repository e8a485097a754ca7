"""Why a page gave no article: each error carries the reason under which the page is counted."""

from aggregator.errors import ExtractError
from aggregator.model.crawl import Reason


class PageError(ExtractError):
    """A page that ends without an article; ``reason`` is how it is counted."""

    reason: Reason = Reason.FAILED_EXTRACT


class NotHtmlError(PageError):
    """The page is not HTML: a picture, a PDF, a feed, data."""

    reason = Reason.DROPPED_NOT_HTML


class NoTextError(PageError):
    """The page is HTML, and no running text was found in it."""

    reason = Reason.DROPPED_NO_TEXT


class NotArticleError(PageError):
    """The page has text, and it is no article: a home page, a page without a headline."""

    reason = Reason.DROPPED_NOT_ARTICLE


class ExtractTimeoutError(PageError):
    """The page took longer than one page may take; its worker was killed."""

    reason = Reason.FAILED_EXTRACT_TIMEOUT


class ExtractCrashError(PageError):
    """The worker died on the page (out of memory, a fault in a C library, a kill)."""

    reason = Reason.FAILED_EXTRACT_CRASH
