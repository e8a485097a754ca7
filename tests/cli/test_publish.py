"""``aggregator publish``: by hand, by force, and dry."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer
from cli.program import aggregator, write_cards
from store.samples import article, page

from aggregator.cli.moments import moment
from aggregator.store import articles
from aggregator.store.engine import Database

NOW = datetime(2026, 3, 27, 18, 30, tzinfo=ZoneInfo("Europe/Paris"))  # a Friday


def home(tmp_path: Path, settings: str) -> Path:
    write_cards(tmp_path, "harbour")
    card = tmp_path / "data" / "outlets" / "harbour.toml"
    card.write_text(card.read_text() + "[publish]\ndaily_cap = 3\n")
    (tmp_path / "aggregator.toml").write_text(settings)
    db = Database.open(f"sqlite:///{tmp_path}/data/aggregator.sqlite3")
    written = [article(number, published=None) for number in range(1, 6)]
    articles.save(db, None, [page(each) for each in written])
    db.close()
    return tmp_path


def test_a_dry_run_tells_editions_and_what_stays_and_writes_nothing(tmp_path: Path) -> None:
    folder = home(tmp_path, '[publish]\nslots = ["* * * * *"]\ntimezone = "Asia/Tokyo"\nmax_articles = 2\n')
    told = aggregator(folder, "publish", "--dry-run", "--until", "+5m").stdout.splitlines()
    editions = [line for line in told if line.endswith(" published")]
    assert [line.rpartition("  ")[2] for line in editions] == ["2 published", "1 published"]
    assert sum("  harbour  link  Pier " in line for line in told) == 3
    assert "stays, 2 in all" in told[5]
    assert told[6].strip() == "2  The outlet's 3 articles of this day are out."
    assert "card/daily-cap (until " in told[7]
    rows: Mapping[str, list[Mapping[str, object]]] = json.loads(
        aggregator(folder, "publish", "--dry-run", "--until", "+5m", "--json").stdout
    )
    assert [len(each["articles"]) for each in rows["editions"]] == [2, 1]  # type: ignore[arg-type]
    assert [(one["state"], one["code"], one["mode"]) for one in rows["stays"]] == [
        ("scheduled", "card/daily-cap", "link")
    ] * 2
    assert "next editions: " in aggregator(folder, "schedule").stdout
    assert (
        "edition 1: 2 published, 0 updated, 0 refused, 0 held, 3 queued"
        in aggregator(folder, "publish").stdout
    )


def test_quiet_hours_hold_an_edition_by_hand_and_force_does_not_ask(tmp_path: Path) -> None:
    folder = home(tmp_path, '[publish]\nquiet_hours = ["00:00-23:59", "23:50-00:10"]\n')
    told = aggregator(folder, "publish", "--now").stdout
    assert "nothing to publish; 0 held, 5 queued (aggregator publish --dry-run)" in told
    assert "     5  Quiet hours, until " in told
    assert "edition 1: 3 published" in aggregator(folder, "publish", "--force").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--until", "tomorrow"), "--until and --json belong to"),
        (("--dry-run", "--now"), "leave out --now and --force"),
        (("--dry-run", "--until", "soon"), "expected tomorrow, 18:00, +3d"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = aggregator(home(tmp_path, ""), "publish", *arguments)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('slots = ["0 7 * *"]', "expected five fields"),
        ('slots = ["0 7 * * 1"]', "expected weekdays by name"),
        ('quiet_hours = ["22-6"]', "expected two times such as 22:00-06:30"),
        ('timezone = "Europe"', "expected a time zone such as Europe/Paris"),
    ],
)
def test_a_rule_that_nobody_can_follow_is_an_error_of_the_settings(
    tmp_path: Path, setting: str, words: str
) -> None:
    done = aggregator(home(tmp_path, f"[publish]\n{setting}\n"), "publish")
    assert done.returncode != 0
    assert words in " ".join(done.stderr.split())
    assert setting.partition(" ")[0] in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", "2026-03-28T23:59:59.999999+01:00"),
        ("today", "2026-03-27T23:59:59.999999+01:00"),
        ("18:30", "2026-03-27T18:30:00+01:00"),
        ("18:00", "2026-03-28T18:00:00+01:00"),
        ("Tomorrow 7:05", "2026-03-28T07:05:00+01:00"),
        ("+90m", "2026-03-27T20:00:00+01:00"),
        ("+3d", "2026-03-30T18:30:00+02:00"),
        ("+1w", "2026-04-03T18:30:00+02:00"),
        ("2026-03-29", "2026-03-29T23:59:59.999999+02:00"),
        ("2026-03-29T12:00", "2026-03-29T12:00:00+02:00"),
        ("2026-03-29T12:00Z", "2026-03-29T12:00:00+00:00"),
    ],
)
def test_moments_as_people_write_them(text: str, expected: str) -> None:
    assert moment(text, NOW, "Europe/Paris") == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "+3", "+99999d", "2026-02-30", "yesterday", "2026-03-26"]
)
def test_what_nobody_can_tell_or_is_over_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        moment(text, NOW, "Europe/Paris")


def test_an_end_stays_within_reach() -> None:
    assert moment("+9999d", NOW, "Europe/Paris") > NOW + timedelta(days=9000)
