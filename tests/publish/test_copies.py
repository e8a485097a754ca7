"""The best copy of a text, as a table: who carries it, and which of them goes out."""

from dataclasses import replace

import pytest
from publish.queues import FULL, GONE, LINK, REFUSE, REVIEW, waits

from aggregator.model.article import Completeness
from aggregator.model.decision import Because, Code, Decision, Publish, Refuse
from aggregator.model.outlet import Pace, RightsMode
from aggregator.publish.copies import Copy, best

EXCERPT = Publish(RightsMode.EXCERPT, 300)
AGENCYS = replace(LINK, reasons=(Because(Code.AGENCY, "By an agency.", RightsMode.LINK),))
HOAX = Refuse(Because(Code.BY_HAND, "A person refused it: a hoax", RightsMode.NEVER))


def carries(
    number: int,
    decision: Decision = FULL,
    completeness: Completeness = Completeness.FULL,
    priority: int = 0,
    *,
    is_original: bool = False,
) -> Copy:
    pace = Pace(priority=priority)
    candidate = waits(number, f"outlet{number}", decision=decision, pace=pace)
    return Copy(candidate, completeness, is_original)


@pytest.mark.parametrize(
    ("copies", "number"),
    [
        ([carries(1, is_original=True)], 1),
        ([carries(1, is_original=True), carries(2), carries(3)], 1),
        ([carries(1), carries(2, is_original=True)], 2),
        ([carries(1), carries(2)], 1),
        ([carries(1), carries(2, priority=3)], 2),
        ([carries(1, is_original=True), carries(2, priority=3)], 1),
        ([carries(1, LINK, is_original=True), carries(2, EXCERPT), carries(3, FULL)], 3),
        ([carries(1, REFUSE, is_original=True), carries(2, LINK)], 2),
        ([carries(1, GONE, is_original=True), carries(2, LINK)], 2),
        ([carries(1, REFUSE), carries(2, GONE, is_original=True)], 2),
        ([carries(1, LINK, is_original=True), carries(2, REVIEW)], 2),
        ([carries(1, EXCERPT, Completeness.TEASER, is_original=True), carries(2, EXCERPT)], 2),
        (
            [carries(1, LINK, Completeness.FULL, is_original=True), carries(2, EXCERPT, Completeness.TEASER)],
            2,
        ),
        # What a person has said of one is said of the text.
        ([carries(1, HOAX, is_original=True), carries(2, FULL)], 1),
        ([carries(1, FULL, is_original=True), carries(2, HOAX)], 2),
        # Whoever names the agency knows whose text it is.
        ([carries(1, FULL, is_original=True), carries(2, AGENCYS)], 2),
        ([carries(1, AGENCYS, is_original=True), carries(2, FULL), carries(3, AGENCYS, priority=9)], 1),
    ],
)
def test_the_best_copy_goes_out(copies: list[Copy], number: int) -> None:
    assert best(copies).candidate.id == number
    assert best(list(reversed(copies))).candidate.id == number
