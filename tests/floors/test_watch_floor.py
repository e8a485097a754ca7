"""The floor of the watch: faults at a few generated outlets are found, and nothing else is told."""

from datetime import timedelta

from benched import benchmark

run = benchmark("watching.fortnight").run


def test_faults_are_found_in_time_and_nothing_else_is_told() -> None:
    outcome = run(7, timedelta(hours=12), one_in=6)
    missed = [fault.kind.name for fault, _, alarm in outcome.found if alarm is None]
    told = [f"{alarm.finding.outlet}: {alarm.finding.words}" for alarm in outcome.false]
    assert len(outcome.found) >= 2
    assert (missed, told) == ([], [])
