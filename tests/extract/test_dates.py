"""Times as publishers write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.extract.almanac import Almanac
from aggregator.extract.dates import moment, spoken

LATEST = datetime(2026, 3, 10, tzinfo=UTC)
PAGE = Almanac(LATEST)


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
        ("06. Mai 2024, 07:08 Uhr", "2024-05-06T07:08:00+00:00", 1),
        ("1714979289", "2024-05-06T07:08:09+00:00", 2),
        ("1714979289000", "2024-05-06T07:08:09+00:00", 2),
    ],
)
def test_moment_is_aware_and_tells_its_precision(text: str, expected: str, precision: int) -> None:
    found = moment(text, Almanac(LATEST, "de"))
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
    assert moment(text, PAGE) is None


def test_moment_shortly_ahead_counts() -> None:
    assert moment("2026-03-10T12:00:00Z", Almanac(LATEST + timedelta(days=2))) is not None


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        ("https://a.example/x", "de", "2024-05-06"),
        ("https://a.example/x", "en-US", "2024-06-05"),
        ("https://a.example/x", "en_GB", "2024-05-06"),
        ("https://a.co.uk/x", "en", "2024-05-06"),
        ("https://a.co.uk/x", "en-US", "2024-05-06"),
        ("https://a.example/2024/06/05/x", "de", "2024-06-05"),
        ("https://a.example/x", "en", None),
        ("https://a.example/x", None, None),
    ],
)
def test_order_of_day_and_month_is_the_pages_or_nobodys(
    url: str, declared: str | None, expected: str | None
) -> None:
    found = moment("06/05/2024 07:08", Almanac.of(url, declared, LATEST))
    assert (found.at.date().isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13/05/2024", "2024-05-13"),
        ("05/13/2024", "2024-05-13"),
        ("02/11/2026", "2026-02-11"),
        ("6.5.2024", "2024-05-06"),
    ],
)
def test_order_that_only_one_reading_allows_needs_no_page(text: str, expected: str) -> None:
    found = moment(text, PAGE)
    assert found is not None
    assert found.at.date().isoformat() == expected


@pytest.mark.parametrize(
    ("text", "language", "expected", "precision"),
    [
        ("erstellt: 01. April 2025, 15:25", "de", "2025-04-01T15:25", 1),
        ("Publié le 3 août 2024 à 10h30", "fr", "2024-08-03T10:30", 1),
        ("Posted on May 6, 2024 at 3:05 p.m.", "en", "2024-05-06T15:05", 1),
        ("12 stycznia 2025", "pl", "2025-01-12T00:00", 0),
        ("3 мая 2024, 12:10", "ru", "2024-05-03T12:10", 1),
        ("2025年1月13日 21時25分", "ja", "2025-01-13T21:25", 1),
        ("2025. 4. 5.", "ko", "2025-04-05T00:00", 0),
        ("05.04.2025 - 06.04.2025", "tr", "2025-04-05T00:00", 0),
    ],
)
def test_date_in_a_line_is_read_in_the_pages_language(
    text: str, language: str, expected: str, precision: int
) -> None:
    found = spoken(text, Almanac(LATEST, language))
    assert found is not None
    assert (found.at.strftime("%Y-%m-%dT%H:%M"), found.precision) == (expected, precision)


@pytest.mark.parametrize(
    "text", ["", "May", "In 2024 the 12 men", "32. Mai 2024", "6 Mai 2044", "10 words 2024"]
)
def test_line_without_a_date_has_none(text: str) -> None:
    assert spoken(text, Almanac(LATEST, "de")) is None


@given(st.text(max_size=80), st.sampled_from(["", "de", "xx", "zh", "fa"]))
def test_any_line_is_survived(text: str, language: str) -> None:
    found = spoken(f"{text} 2024", Almanac(LATEST, language))
    assert found is None or found.at <= LATEST
