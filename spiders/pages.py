"""Pages: a Scrapy response becomes the frozen page that the pipelines take."""

from urllib.parse import urlsplit

from scrapy.http import Response

from aggregator import charsets
from aggregator.clock import now
from aggregator.model.page import Entry, FetchedPage
from aggregator.urls import url_key


def charset_of(response: Response) -> str | None:
    """The charset parameter of a response's Content-Type (RFC 9110, 8.3), or None."""
    header = response.headers.get("Content-Type")
    return None if header is None else charsets.of_content_type(header.decode("latin-1"))


def leads_home(asked: str, final: str, homepage: str) -> bool:
    """Whether a redirect led from an article's address to its outlet's home page, or to a site's bare root.

    So many systems answer for what they removed, with the status of a page that is there.
    """
    if url_key(asked) == url_key(final):
        return False
    parts = urlsplit(final)
    is_root = parts.path in {"", "/"} and not parts.query
    return is_root or url_key(final) == url_key(homepage)


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    """A response's headers, names in lower case, in order."""
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def fetched_page(outlet: str, entry: Entry, response: Response) -> FetchedPage:
    """The page that a response carries."""
    return FetchedPage(
        outlet=outlet,
        entry=entry,
        url=response.url,
        status=response.status,
        headers=headers_of(response),
        charset=charset_of(response),
        body=response.body,
        fetched_at=now(),
        reservation=response.meta.get("reservation") if response.request else None,
    )
