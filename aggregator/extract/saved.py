"""A saved page: its bytes, the address that it states, the page as if it had just been fetched."""

import gzip
import zlib
from pathlib import Path

from lxml import etree
from lxml.html import document_fromstring

from aggregator import urls
from aggregator.clock import now
from aggregator.errors import ExtractError
from aggregator.extract.decode import LARGEST_BYTES
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage


def contents(path: Path) -> bytes:
    """The first 10 MiB of a saved page, unpacked if its name ends in ``.gz``.

    Raises:
        ExtractError: the file is missing, unreadable, or no gzip file in spite of its name.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(LARGEST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ExtractError(f"{path}: {reason}") from error


def page_of(url: str, body: bytes) -> FetchedPage:
    """A page of these bytes, as if it had just been fetched."""
    return FetchedPage(
        urls.host(url), Entry(url, Seed(SeedKind.SECTION, url)), url, 200, (), None, body, now()
    )


def stated_url(body: bytes) -> str | None:
    """The absolute URL that a page calls its own, in ``rel=canonical`` or ``og:url``."""
    try:
        tree = document_fromstring(body)
    except (etree.LxmlError, ValueError):
        return None
    written = (
        *tree.xpath("//link[@rel='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    )
    return next((url for link in written if (url := urls.absolute("", link))), None)
