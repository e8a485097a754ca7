"""Visits: what each look at a seed gave, kept so that the next one can be cheaper."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scrapy.http import Response

from aggregator.clock import now
from aggregator.errors import FeedError
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Seed
from aggregator.model.page import Entry, Validator
from aggregator.store import crawls
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database
from spiders.failures import Failed


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A seed that answered something new."""

    outlet: str
    seed: Seed
    url: str
    status: int
    validator: Validator


class SeedVisits:
    """The visits of one crawl run; with no database (a trial) nothing is kept and nothing is known.

    A visit that listed pages is kept only when the crawl ends, and its validator only if all of the outlet's
    pages are settled: were it kept at once, a crawl that is killed, or a page that failed, would meet an
    unchanged feed the next time and never be seen again.
    """

    def __init__(self, db: Database | None, run_id: int | None) -> None:
        self._db = db
        self._run_id = run_id
        self._listed: list[tuple[OpenVisit, int, int]] = []

    def validator(self, url: str) -> Validator | None:
        """What the last answer of a seed's URL was known by."""
        return None if self._db is None else crawls.seed_validator(self._db, url)

    def open(self, outlet: str, seed: Seed, response: Response) -> OpenVisit | None:
        """Begin a visit; None, and the visit kept as unchanged, if the answer is the last one again."""
        digest = hashlib.sha256(response.body).hexdigest()
        visit = OpenVisit(
            outlet,
            seed,
            response.request.url if response.request else response.url,
            response.status,
            Validator(_header(response, "ETag"), _header(response, "Last-Modified"), digest),
        )
        last = self.validator(visit.url)
        same = last is not None and last.body_sha256 == digest
        if response.status == 304 or same:  # noqa: PLR2004 - HTTP status
            self._keep(visit, Reason.UNCHANGED, validator=last)
            return None
        return visit

    def read(
        self, visit: OpenVisit, parse: Callable[[], Sequence[Entry]]
    ) -> tuple[Sequence[Entry], FeedError | None]:
        """The entries of a visit's answer; none, and the error, if it is not what its kind promises."""
        try:
            return parse(), None
        except FeedError as error:
            self._keep(visit, Reason.FAILED_FEED, detail=str(error))
            return (), error

    def close(self, visit: OpenVisit, *, found: int, new: int) -> None:
        """End a visit whose answer was read."""
        self._listed.append((visit, found, new))

    def reread(self, url: str) -> None:
        """Ask for the whole of this seed the next time, too, whether or not it changed.

        An index stays the same while the sitemaps that it lists change, and they are only found through it.
        """
        self._listed = [
            (replace(visit, validator=Validator()) if visit.url == url else visit, found, new)
            for visit, found, new in self._listed
        ]

    def settle(self, is_settled: Callable[[str], bool]) -> None:
        """Keep the visits that listed pages; ``is_settled`` tells of an outlet whether all its pages are."""
        for visit, found, new in self._listed:
            validator = visit.validator if is_settled(visit.outlet) else Validator()
            self._keep(visit, Reason.STORED, validator=validator, found=found, new=new)
        self._listed.clear()

    def failed(self, outlet: str, seed: Seed, failed: Failed) -> None:
        """Keep a visit to a seed that did not answer."""
        visit = OpenVisit(outlet, seed, seed.url, failed.status or 0, Validator())
        self._keep(visit, failed.reason, detail=failed.detail)

    def _keep(
        self,
        visit: OpenVisit,
        reason: Reason,
        *,
        validator: Validator | None = None,
        detail: str | None = None,
        found: int = 0,
        new: int = 0,
    ) -> None:
        if self._db is None or self._run_id is None:
            return
        crawls.save_seed(
            self._db,
            self._run_id,
            SeedVisit(
                outlet=visit.outlet,
                seed=Seed(visit.seed.kind, visit.url),
                reason=reason,
                status=visit.status or None,
                detail=detail,
                validator=validator or Validator(),
                found=found,
                new=new,
                at=now(),
            ),
        )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
