"""The ledger: every page that enters a crawl, and the reason under which it ended."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from aggregator.model.crawl import PageArticle, PageEnd, Reason


@dataclass(slots=True)
class Ledger:
    """Counts by outlet and reason; ``tell`` hears of each page as it ends."""

    tell: Callable[[str, str, Reason], None] = lambda _outlet, _url, _reason: None
    counts: defaultdict[str, Counter[Reason]] = field(default_factory=lambda: defaultdict(Counter))
    _expected: Counter[str] = field(default_factory=Counter)
    _settled: Counter[str] = field(default_factory=Counter)

    def expect(self, outlet: str) -> None:
        """A page is asked for."""
        self._expected[outlet] += 1

    def ended(self, page: PageArticle | PageEnd, reason: Reason) -> None:
        """A page ended."""
        outlet, url = _of(page)
        self.counts[outlet][reason] += 1
        self._settled[outlet] += reason.is_final
        self.tell(outlet, url, reason)

    def is_settled(self, outlet: str) -> bool:
        """Whether every page asked for of an outlet ended for good."""
        return self._expected[outlet] == self._settled[outlet]

    @property
    def open_pages(self) -> int:
        """Pages asked for that did not end (only in a crawl that was stopped)."""
        return self._expected.total() - sum(counter.total() for counter in self.counts.values())


def _of(page: PageArticle | PageEnd) -> tuple[str, str]:
    match page:
        case PageArticle():
            return page.article.outlet, page.entry.url
        case PageEnd():
            return page.outlet, page.url
