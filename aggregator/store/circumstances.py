"""Circumstances: what decisions depend on beside article and card, as the store knows it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select

from aggregator.model.decision import Circumstances, Publish
from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.outlets.twins import twins
from aggregator.publish import licence_watch
from aggregator.store import carried, decisions, licence_pages
from aggregator.store.carried import Carried
from aggregator.store.decisions import Decided, Standing
from aggregator.store.engine import Database
from aggregator.store.schema import PublicationRow

_TEXTS = (RightsMode.FULL, RightsMode.EXCERPT)


@dataclass(slots=True)
class Surroundings:
    """What surrounds the decisions of one run, read once."""

    is_commercial: bool
    _twins: Mapping[str, tuple[tuple[str, Rights], ...]]
    _pages: Mapping[str, LicencePage]
    _out: Counter[str]
    _now: datetime
    decided: dict[int, Decided] = field(default_factory=dict)
    carried: dict[int, Carried] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        db: Database,
        cards: Mapping[str, Outlet],
        now: datetime,
        *,
        is_commercial: bool,
        counts_months: bool = True,
    ) -> "Surroundings":
        """What the store and the other cards tell at ``now``; editions count months by their ledger."""
        found = {
            slug: tuple((other, cards[other].rights) for other in others)
            for slug, others in twins(cards.values()).items()
        }
        out = _out_in_month(db, now) if counts_months else Counter[str]()
        return cls(is_commercial, found, licence_pages.of(db, cards), out, now)

    def take(self, db: Database, waiting: Sequence[StoredArticle]) -> None:
        """Read what was decided about these articles before, and what readers have of them."""
        numbers = [stored.id for stored in waiting]
        self.decided = decisions.of(db, numbers)
        self.carried = carried.of(db, numbers)

    def of(self, stored: StoredArticle, outlet: Outlet, *, is_out: bool = False) -> Circumstances:
        """The circumstances of one article; one that ``is_out`` already counts in no cap."""
        known, has = self.decided.get(stored.id), self.carried.get(stored.id, Carried())
        said = known if known is not None and known.revision == stored.revision else None
        return Circumstances(
            is_commercial=self.is_commercial,
            is_approved=said is not None and said.standing is Standing.APPROVED,
            refusal=said.reason if said is not None and said.standing is Standing.REFUSED else None,
            out_this_month=0 if is_out else self._out[outlet.slug],
            licence=licence_watch.state(outlet.rights, self._pages.get(outlet.slug), self._now),
            twins=self._twins.get(outlet.slug, ()),
            out=has.out,
            is_gone=has.is_gone,
            is_retracted=has.is_retracted,
        )

    def of_outlet(self, outlet: Outlet) -> tuple[object, ...]:
        """What decisions about all of an outlet's articles depend on beside its card; comparable."""
        licence = licence_watch.state(outlet.rights, self._pages.get(outlet.slug), self._now)
        return self.is_commercial, licence, self._twins.get(outlet.slug, ())

    def went_out(self, outlet: Outlet, decision: Publish) -> None:
        """Count what goes out in this run."""
        self._out[outlet.slug] += decision.mode in _TEXTS


def _out_in_month(db: Database, now: datetime) -> Counter[str]:
    """How many texts and excerpts of each outlet went out in this calendar month (UTC)."""
    start = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(PublicationRow.outlet, func.count())
        .where(
            PublicationRow.state != PublicationState.REFUSED.value,
            PublicationRow.published_at >= start,
            PublicationRow.mode.in_([mode.value for mode in _TEXTS]),
        )
        .group_by(PublicationRow.outlet)
    )
    with db.reading() as session:
        return Counter({outlet: number for outlet, number in session.execute(query)})  # noqa: C416 - a Row is no pair to mypy
