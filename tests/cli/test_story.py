"""``aggregator story``: what people see of stories, and what they can say of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.program import aggregator, write_cards
from store.test_stories import FIRE, FIRE_AGAIN, FIRE_THIRD, NOON, VOTE, fill, report

from aggregator.store.engine import Database


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_cards(tmp_path, "harbour")
    return tmp_path


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{home / 'data' / 'aggregator.sqlite3'}")
    yield database
    database.close()


def said(home: Path, *arguments: str) -> str:
    done = aggregator(home, "story", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_from_an_empty_store_to_a_split_and_back(home: Path, db: Database) -> None:
    assert "no story yet" in said(home, "list")
    fill(
        db,
        report(FIRE, "harbour"),
        report(FIRE, "courier", 0.5),
        report(VOTE, "harbour", 1),
        report(FIRE_AGAIN, "gazette", 2),
        report((f"[red]{FIRE_THIRD[0]}", FIRE_THIRD[1]), "herald", 20),
    )
    assert "5 articles placed" in said(home, "rebuild")
    assert "no article waits" in said(home, "rebuild", "--waiting")
    listed = json.loads(said(home, "list", "--json"))
    assert [(head["outlets"], head["voices"], head["articles"]) for head in listed] == [(4, 3, 4)]
    story = str(listed[0]["id"])
    assert story in said(home, "list", "--language", "en", "--since", NOON.date().isoformat())
    assert "no story" in said(home, "list", "--language", "fr")

    shown = said(home, "show", story)
    assert "4 outlets, 3 voices, 4 articles" in shown
    assert re.search(r"^    copy .* courier  \[2\]", shown, re.MULTILINE)
    assert "[red]" in shown
    told = json.loads(said(home, "show", story, "--json"))
    assert [each["id"] for each in told["articles"]] == [1, 2, 4, 5]

    split = said(home, "split", story, "5")
    assert "1 article of story" in split
    ruling = re.search(r"story undo (\d+)", split)
    assert ruling is not None
    assert "was split from" in said(home, "show", story)
    assert "is taken back" in said(home, "undo", ruling[1])
    assert "taken back" in said(home, "show", story)
    assert "went into" in said(home, "merge", story, "2")


def test_errors_say_what_to_do(home: Path) -> None:
    unknown = aggregator(home, "story", "show", "77")
    assert unknown.returncode == 66
    assert "aggregator story list" in unknown.stderr
    undo = aggregator(home, "story", "undo", "7")
    assert undo.returncode == 64
    assert "no ruling that stands" in undo.stderr


def test_a_file_is_grouped_line_by_line(home: Path) -> None:
    rows = [
        {"id": "a", "title": FIRE[0], "body": FIRE[1], "url": "https://a.example/1"},
        {"id": "b", "title": FIRE_AGAIN[0], "body": FIRE_AGAIN[1], "url": "https://b.example/1"},
        {"id": "c", "title": VOTE[0], "body": VOTE[1], "url": "https://b.example/2", "lang": "en"},
    ]
    lines = [json.dumps(row | {"published": NOON.isoformat()}) for row in rows]
    (home / "in.jsonl").write_text("\n".join([*lines, "nonsense"]), encoding="utf-8")
    done = aggregator(
        home, "story", "group", "--in", str(home / "in.jsonl"), "--out", str(home / "out.jsonl")
    )
    assert done.returncode == 0
    assert "3 articles in 2 stories, 1 of several voices; 1 lines with an error" in done.stderr
    out = [json.loads(line) for line in (home / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "error" in out[0]
    assert [(row["id"], row["story"]) for row in out[1:]] == [("a", "a"), ("b", "a"), ("c", "c")]
