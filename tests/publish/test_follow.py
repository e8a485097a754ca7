"""What becomes of our copy: a table of what is out, what the original shows, and what the card says."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import publication

from aggregator.model.decision import Because, Code, Hold, Publish, Refuse, Review
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import Follow, Rights, RightsMode
from aggregator.publish.follow import (
    Narrow,
    Nothing,
    Original,
    Requeue,
    Restore,
    Rewrite,
    Step,
    Withdraw,
    decided_again,
    follow,
)

FILE = Path(__file__).with_name("following.jsonl")
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def out(state: str = "published", mode: str = "full", by: str | None = None, codes: Any = ()) -> Publication:
    return publication(
        state=PublicationState(state),
        mode=RightsMode(mode),
        withdrawn_by=WithdrawnBy(by) if by else None,
        reason_codes=tuple(codes),
    )


def told(step: Step) -> str:
    match step:
        case Narrow(to, reason):
            return f"narrow {to.value} {reason.code.value}"
        case Withdraw(by, _):
            return f"withdraw {by.value}"
        case Rewrite(decision):
            return f"rewrite {decision.mode.value}"
    return type(step).__name__.lower()


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_becomes_of_our_copy(case: dict[str, Any]) -> None:
    original = Original(**{f"is_{word}": True for word in case.get("original", ())})
    rights = Rights(RightsMode.FULL, **{key: Follow(word) for key, word in case.get("card", {}).items()})
    assert told(follow(out(**case.get("out", {})), original, rights)) == case["expect"]


ORIGINALS = st.builds(Original, st.booleans(), st.booleans(), st.booleans())
CHOICES = st.sampled_from(Follow)
CARDS = st.builds(
    Rights, st.just(RightsMode.FULL), on_gone=CHOICES, on_paywall=CHOICES, on_retraction=CHOICES
)
OUT = st.builds(
    out,
    st.sampled_from([state.value for state in PublicationState]),
    st.sampled_from([mode.value for mode in RightsMode]),
    st.sampled_from([None, *(by.value for by in WithdrawnBy)]),
)


@given(OUT, ORIGINALS, CARDS)
def test_what_people_withdrew_and_what_was_refused_is_never_touched(
    copy: Publication, original: Original, rights: Rights
) -> None:
    step = follow(copy, original, rights)
    if copy.state is PublicationState.REFUSED:
        assert step == Nothing()
    if copy.state is PublicationState.WITHDRAWN and copy.withdrawn_by in {None, WithdrawnBy.RIGHTS}:
        assert step == Nothing()


@given(OUT, ORIGINALS, CARDS)
def test_a_narrowing_never_widens(copy: Publication, original: Original, rights: Rights) -> None:
    step = follow(copy, original, rights)
    if isinstance(step, Narrow):
        order = list(RightsMode)
        assert order.index(step.to) > order.index(copy.mode)


BECAUSE = Because(Code.CARD_NEVER, "No.", RightsMode.NEVER)
FULL, LINK = Publish(RightsMode.FULL, 300), Publish(RightsMode.LINK, 300)


@pytest.mark.parametrize(
    ("copy", "decision", "expect"),
    [
        (out(), FULL, "rewrite full"),
        (out(), LINK, "rewrite link"),
        (out(mode="link"), FULL, "rewrite full"),
        (out(), Refuse(BECAUSE), "withdraw rights"),
        (out(), Hold(None, BECAUSE), "nothing"),
        (out(), Review(BECAUSE, LINK), "rewrite link"),
        (out(mode="link"), Review(BECAUSE, FULL), "nothing"),
        (out(), Review(BECAUSE, FULL), "nothing"),
        (out("refused", "never"), Refuse(BECAUSE), "nothing"),
        (out("refused", "never"), FULL, "requeue"),
        (out("refused", "never"), Review(BECAUSE, FULL), "requeue"),
        (out("refused", "never"), Hold(None, BECAUSE), "nothing"),
        (out("withdrawn", by="rights"), FULL, "restore"),
        (out("withdrawn", by="rights"), Refuse(BECAUSE), "nothing"),
        (out("withdrawn", by="original/gone"), FULL, "nothing"),
        (out("withdrawn"), FULL, "nothing"),
    ],
)
def test_what_other_rights_make_of_our_copy(copy: Publication, decision: Any, expect: str) -> None:
    assert told(decided_again(copy, decision)) == expect


def test_the_words_of_steps_that_carry_none() -> None:
    assert [told(step) for step in (Nothing(), Restore(), Requeue())] == ["nothing", "restore", "requeue"]
