"""Times as publishers write them."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.extract.dates import moment

LATEST = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2024-05-06", "2024-05-06T00:00:00+00:00", 0),
        ("2024-05-06T07:08:09", "2024-05-06T07:08:09+00:00", 1),
        ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09+00:00", 2),
        ("2024-05-06T07:08:09+0530", "2024-05-06T07:08:09+05:30", 2),
        ("2024-05-06T07:08 +02:00", "2024-05-06T07:08:00+02:00", 2),
        ("Mon, 06 May 2024 07:08:09 GMT", "2024-05-06T07:08:09+00:00", 2),
        ("May 6, 2024 7:08 am EST", "2024-05-06T07:08:00-05:00", 2),
        ("May 6, 2024 7:08 am XYZ", "2024-05-06T07:08:00+00:00", 1),
        ("1714979289", "2024-05-06T07:08:09+00:00", 2),
        ("1714979289000", "2024-05-06T07:08:09+00:00", 2),
    ],
)
def test_moment_is_aware_and_tells_its_precision(text: str, expected: str, precision: int) -> None:
    found = moment(text, LATEST)
    assert found is not None
    assert (found.at, found.precision) == (datetime.fromisoformat(expected), precision)
    assert found.at.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2",
        "12:30",
        "1970-01-01",
        "0001-01-01T00:00:00+05:00",
        "2027-01-01",
        "9999-12-31",
        "x" * 9999,
    ],
)
def test_implausible_moment_is_none(text: str) -> None:
    assert moment(text, LATEST) is None


def test_moment_shortly_ahead_counts() -> None:
    assert moment("2026-03-10T12:00:00Z", LATEST + timedelta(days=2)) is not None
