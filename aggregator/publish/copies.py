"""Copies: which of the articles that carry one text goes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.model.article import Completeness
from aggregator.model.decision import Code, Decision, Publish, Refuse, Review
from aggregator.model.outlet import RightsMode
from aggregator.publish.candidate import Candidate

_WIDTH = {RightsMode.FULL: 4, RightsMode.EXCERPT: 3, RightsMode.LINK: 2}


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that carries a text; ``is_original``: the others are copies of it."""

    candidate: Candidate
    completeness: Completeness
    is_original: bool


def best(copies: Sequence[Copy]) -> Copy:
    """The one that goes out; the others are listed beside it.

    In this order: what its rights allow, whether its text is whole, the original before its copies, its
    outlet's priority, the one that was stored first. What is said of one about the text itself counts for
    all: a person's refusal refuses it, and where one credits an agency, only those that do are chosen from.
    """
    refused = [one for one in copies if _is_by_hand(one.candidate.decision)]
    credited = [one for one in copies if _is_agencys(one.candidate.decision)]
    return max(refused or credited or copies, key=_rank)


def _rank(one: Copy) -> tuple[int, bool, bool, int, int]:
    candidate = one.candidate
    return (
        _width(candidate.decision),
        one.completeness is Completeness.FULL,
        one.is_original,
        candidate.pace.priority,
        -candidate.id,
    )


def _width(decision: Decision) -> int:
    """How much readers would get; what may come by a change (of a card) is more than what never does."""
    match decision:
        case Publish(mode=mode) | Review(proposed=Publish(mode=mode)):
            return _WIDTH.get(mode, 0)
        case Refuse():
            return 0
    return 1


def _is_by_hand(decision: Decision) -> bool:
    return isinstance(decision, Refuse) and decision.reason.code is Code.BY_HAND


def _is_agencys(decision: Decision) -> bool:
    match decision:
        case Publish(reasons=reasons) | Review(proposed=Publish(reasons=reasons)):
            return any(reason.code is Code.AGENCY for reason in reasons)
    return False
