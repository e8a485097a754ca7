"""A walk over the whole site: every page, feed and sitemap that a reader or a program can reach."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree

from aggregator.checking import api, feed, link, sitemap
from aggregator.checking import document as documents
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Register
from aggregator.checking.parsed import page

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_NO_LONGER = frozenset({404, 410})


@dataclass(slots=True)
class Walk:
    """Goes from document to document of one site; ``fetch`` answers for an address.

    ``limit`` is the most documents that it looks at; ``is_cut`` tells that there were more. ``looked`` counts
    them by kind.
    """

    register: Register
    fetch: Callable[[str], Document]
    limit: int
    looked: dict[str, int] = field(default_factory=dict)
    is_cut: bool = False
    _via: dict[str, str] = field(default_factory=dict)
    _stones: set[int] = field(default_factory=set)

    def run(self, starts: Iterable[str], withdrawn: Iterable[int]) -> Iterator[Finding]:
        """All findings, from these addresses on; ``withdrawn`` are the publications that must be gone."""
        waiting = deque(starts)
        self._via.update(dict.fromkeys(waiting, ""))
        while waiting:
            if sum(self.looked.values()) >= self.limit:
                self.is_cut = True
                break
            found = self.fetch(waiting.popleft())
            read = feed.read(found) if documents.is_feed(found) else None
            yield from self._check(found, read)
            for address in self._next(found, read):
                if address not in self._via:
                    self._via[address] = found.url
                    waiting.append(address)
        if not self.is_cut:
            yield from self._without_tombstone(withdrawn)

    def _check(self, found: Document, read: feed.Read | None) -> Iterator[Finding]:
        if found.status in _REDIRECTS:
            self._count("redirect")
            return
        via = self._via.get(found.url)
        owed = self.register.at(found.url)
        if found.status in _NO_LONGER and via and (owed is None or owed.is_out):
            self._count("dead link")
            message = f"it leads to {found.url}, which answers {found.status}"
            yield Finding(Fault.LINK_DEAD, via, f"link to {found.url}", message)
            return
        self._count("list" if api.is_list(found, self.register) else _kind(found))
        if read is not None and found.status == _OK:
            yield from feed.checked(found, read, self.register)
        else:
            yield from documents.check(found, self.register)

    def _next(self, found: Document, read: feed.Read | None) -> list[str]:
        """Where it goes on from a document."""
        return [each for each in self._named(found, read) if self.register.is_ours(each)]

    def _named(self, found: Document, read: feed.Read | None) -> Iterator[str]:
        """The addresses that a document leads on to."""
        if found.status in _REDIRECTS:
            yield urljoin(found.url, found.headers.get("location", ""))
        elif documents.is_page(found):
            yield from link.ours(page(found.body), found.url, self.register)
        elif read is not None:
            named = (self.register.number(each) for each in read.gone)
            self._stones |= {number for number in named if number is not None}
            yield read.older or ""
        elif api.is_list(found, self.register):
            yield api.following(found) or ""
        elif documents.is_sitemap(found):
            with suppress(etree.XMLSyntaxError):
                yield from sitemap.addresses(found)

    def _without_tombstone(self, withdrawn: Iterable[int]) -> Iterator[Finding]:
        for number in withdrawn:
            owed = self.register.owed(number)
            if owed is not None and number not in self._stones:
                message = f"no feed tells its readers that article {number} was withdrawn"
                yield Finding(Fault.FEED_TOMBSTONE, owed.permanent, "feeds", message)

    def _count(self, kind: str) -> None:
        self.looked[kind] = self.looked.get(kind, 0) + 1


def _kind(found: Document) -> str:
    if documents.is_page(found):
        return "page"
    if documents.is_feed(found):
        return "feed"
    return "sitemap" if documents.is_sitemap(found) else "file"
