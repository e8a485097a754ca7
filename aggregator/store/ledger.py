"""The ledger: what went out, read as far as caps and pauses count it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from aggregator.config import PublishSettings
from aggregator.model.outlet import Outlet, RightsMode
from aggregator.outlets.twins import twins
from aggregator.publish.ledger import Sent, since
from aggregator.publish.rights import month_of
from aggregator.store.schema import PublicationRow

_TEXTS = (RightsMode.FULL.value, RightsMode.EXCERPT.value)


def read(session: Session, cards: Mapping[str, Outlet], rules: PublishSettings, at: datetime) -> list[Sent]:
    """What went out and counts at ``at`` or later; nothing more than the rules and cards ask for.

    What was withdrawn since went out all the same. Where the clock was put back, what went out behind ``at``
    is there, too.
    """
    recent, month = _recent(cards, rules, at), month_of(at)[0]
    # Written out, so that the partial indexes of what went out can be used.
    query = select(PublicationRow.published_at, PublicationRow.outlet, PublicationRow.mode).where(
        PublicationRow.state != literal_column("'refused'")
    )
    rows = [*session.execute(query.where(PublicationRow.published_at >= recent))]
    if (capped := _capped(cards)) and month < recent:
        of_month = PublicationRow.published_at.between(month, recent - timedelta(microseconds=1))
        rows += session.execute(query.where(PublicationRow.outlet.in_(capped), of_month))
    return [Sent(moment, outlet, mode in _TEXTS) for moment, outlet, mode in rows]


def _recent(cards: Mapping[str, Outlet], rules: PublishSettings, at: datetime) -> datetime:
    paces = [card.publish for card in cards.values()]
    pause = max((rules.gap_minutes, *(pace.drip_minutes for pace in paces)))
    if rules.max_per_day is not None or any(pace.daily_cap is not None for pace in paces):
        return since(at, rules.timezone, pause)
    # A drip counts what went out in this very minute.
    return at - timedelta(minutes=pause + 1)


def _capped(cards: Mapping[str, Outlet]) -> list[str]:
    """The outlets of which months are counted: those with a cap on any card of theirs."""
    own = {slug for slug, card in cards.items() if card.rights.monthly_cap is not None}
    if not own:
        return []
    others = twins(cards.values())
    return sorted(own | {slug for slug, found in others.items() if own & set(found)})
