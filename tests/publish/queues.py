"""Candidates for editions, in samples."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model.decision import Because, Code, Hold, Publish, Refuse, Review
from aggregator.model.outlet import RightsMode
from aggregator.publish.candidate import Candidate
from aggregator.publish.edition import Plan

NOON = datetime(2026, 6, 3, 12, tzinfo=UTC)  # a Wednesday
FULL = Publish(RightsMode.FULL, 300)
LINK = Publish(RightsMode.LINK, 0)
REFUSE = Refuse(Because(Code.CARD_NEVER, "Never.", RightsMode.NEVER))
REVIEW = Review(Because(Code.CARD_BY_HAND, "By hand."), FULL)
GONE = Hold(None, Because(Code.CARD_GONE, "Gone."))


def waits(number: int = 1, outlet: str = "harbour", **changes: Any) -> Candidate:
    """An article that is an hour old and may go out in full."""
    facts: dict[str, Any] = {
        "decision": FULL,
        "published": NOON - timedelta(hours=1),
        "stored_at": NOON - timedelta(minutes=30),
    }
    return Candidate(number, 1, outlet, **(facts | changes))


def numbers(plan: Plan) -> list[int]:
    return [one.id for one in plan.goes_out]


def reasons(plan: Plan) -> dict[int, tuple[str, datetime | None]]:
    """The code of each that stays, and until when."""
    return {
        one.candidate.id: (
            one.decision.reason.code.value,
            one.decision.until if isinstance(one.decision, Hold) else None,
        )
        for one in plan.stays
    }
