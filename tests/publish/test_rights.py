"""The rights gate: a table of cases, and what holds for all of them."""

import pytest
from publish import cases
from publish.cases import Case

from aggregator.model.decision import Code, Decision, Publish
from aggregator.model.outlet import Rights, RightsMode
from aggregator.publish.rights import decide, narrowest
from aggregator.publish.signals import republishes_another

TABLE = cases.read()


def decided(case: Case) -> Decision:
    return decide(case.stored, case.rights, cases.NOW, case.around)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_what_may_go_out_and_why_not_more(case: Case) -> None:
    decision = decided(case)
    assert cases.outcome(decision) == case.expect
    assert cases.codes(decision) == case.because
    assert cases.flags(decision) == case.flags


def test_the_table_has_enough_cases_and_each_once() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE) >= 120


def test_the_table_meets_every_code() -> None:
    met = {code for case in TABLE for code in case.because}
    # A card that is gone is met where editions are made: without a card there is nothing to decide by.
    # Turns are the edition's matter, with a table of their own.
    turns = {Code.CARD_EMBARGO, Code.CARD_QUIET, Code.CARD_DAY, Code.CARD_DRIP}
    turns |= {code for code in Code if code.value.startswith("edition/")}
    assert met | {Code.CARD_GONE} == {code.value for code in Code if code not in turns}


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_every_reason_is_a_sentence_and_none_allows_less_than_the_decision(case: Case) -> None:
    decision = decided(case)
    reasons = decision.reasons if isinstance(decision, Publish) else (decision.reason,)
    assert all(reason.words[0].isupper() and reason.words.endswith((".", "hoax")) for reason in reasons)
    if isinstance(decision, Publish):
        order = list(RightsMode)
        assert all(
            reason.ceiling is None or order.index(reason.ceiling) <= order.index(decision.mode)
            for reason in reasons
        )


@pytest.mark.parametrize(
    ("source_link", "another"),
    [
        (cases.URL, False),
        ("https://example.org/a/1?utm_source=x", False),
        ("https://amp.example.org/a/1", False),
        ("http://www.example.org:80/a/1", False),
        ("https://www.example.com/a/1", True),
        ("https://notexample.org/a/1", True),
    ],
)
def test_a_page_whose_source_is_another_site_carries_another_outlets_text(
    source_link: str, *, another: bool
) -> None:
    assert republishes_another(cases.stored(source_link=source_link).article) is another


def test_the_narrowest_of_several_rights_keeps_its_own_credit_and_licence() -> None:
    own = Rights(RightsMode.FULL, licence="CC-BY-4.0", credit="Ours")
    found = narrowest(own, [Rights(RightsMode.EXCERPT, credit="Theirs", licence="CC0-1.0")])
    assert (found.mode, found.credit, found.licence) == (RightsMode.EXCERPT, "Ours", "CC-BY-4.0")
