"""The ledger: what went out, read as far as caps and pauses count it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from aggregator.config import PublishSettings
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import Outlet, RightsMode
from aggregator.publish.ledger import Sent, since
from aggregator.publish.rights import month_of
from aggregator.store.schema import PublicationRow

_TEXTS = (RightsMode.FULL.value, RightsMode.EXCERPT.value)


def read(session: Session, cards: Mapping[str, Outlet], rules: PublishSettings, at: datetime) -> list[Sent]:
    """What went out and counts at ``at`` or later; nothing more than the rules and cards ask for.

    What was withdrawn since went out all the same. Where the clock was put back, what went out behind ``at``
    is there, too.
    """
    query = select(PublicationRow.published_at, PublicationRow.outlet, PublicationRow.mode).where(
        PublicationRow.state != PublicationState.REFUSED.value,
        or_(
            PublicationRow.published_at >= _recent(cards, rules, at),
            and_(
                PublicationRow.published_at >= month_of(at)[0],
                PublicationRow.outlet.in_(_capped(cards)),
            ),
        ),
    )
    return [Sent(moment, outlet, mode in _TEXTS) for moment, outlet, mode in session.execute(query)]


def _recent(cards: Mapping[str, Outlet], rules: PublishSettings, at: datetime) -> datetime:
    paces = [card.publish for card in cards.values()]
    pause = max((rules.gap_minutes, *(pace.drip_minutes for pace in paces)))
    if rules.max_per_day is not None or any(pace.daily_cap is not None for pace in paces):
        return since(at, rules.timezone, pause)
    # A drip counts what went out in this very minute.
    return at - timedelta(minutes=pause + 1)


def _capped(cards: Mapping[str, Outlet]) -> list[str]:
    """The outlets of which months are counted: with a cap on any card, every outlet's twin may have it."""
    if all(card.rights.monthly_cap is None for card in cards.values()):
        return []
    return sorted(cards)
