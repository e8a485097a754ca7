"""The floor of the watch: faults at a few generated outlets are found, and nothing else is told."""

from datetime import timedelta

import pytest
from benched import benchmark

run = benchmark("watching.fortnight").run


@pytest.mark.parametrize("seed", [7, 8])
def test_faults_are_found_in_time_and_nothing_else_is_told(seed: int) -> None:
    outcome = run(seed, timedelta(hours=1), one_in=6)
    missed = [fault.kind.name for fault, _, alarm in outcome.found if alarm is None]
    told = [f"{alarm.finding.outlet}: {alarm.finding.words}" for alarm in outcome.false]
    assert len(outcome.found) >= 2
    assert (missed, told) == ([], [])
