"""``aggregator boilerplate`` and ``reextract``: what people see of what was learned, and what they can do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.program import aggregator, write_cards
from store.samples import article, lines, page

from aggregator.extract.learned import SHADOW_PAGES
from aggregator.store import articles
from aggregator.store.engine import Database

LINE = "[bold]Sign[/bold] the harbour charter at any of our kiosks."
WORDS = ("harbour", "council", "ferry", "bridge", "tide", "market", "lantern", "anchor", "gull", "pier")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_cards(tmp_path, "harbour")
    return tmp_path


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{home / 'data' / 'aggregator.sqlite3'}")
    yield database
    database.close()


def teach(db: Database, count: int) -> None:
    bodies = (" ".join(WORDS[int(digit)] for digit in f"{number:04}") for number in range(count))
    articles.save(
        db,
        None,
        [page(article(n, blocks=lines(f"{text}\n{LINE}"), cuts=())) for n, text in enumerate(bodies)],
    )


@pytest.mark.parametrize("name", ["list", "show", "keep", "drop", "reset"])
def test_help_of_every_command_has_an_example(home: Path, name: str) -> None:
    done = aggregator(home, "boilerplate", name, "--help")
    assert done.returncode == 0
    assert f"aggregator boilerplate {name}" in done.stdout


def test_where_nothing_was_learned_the_commands_say_so_and_what_to_do(home: Path, db: Database) -> None:
    assert "nothing was learned yet" in aggregator(home, "boilerplate", "list").stdout
    shown = aggregator(home, "boilerplate", "show", "harbour")
    assert (shown.returncode, "harbour: nothing was learned" in shown.stderr) == (64, True)
    assert "nothing to do" in aggregator(home, "reextract").stdout
    unknown = aggregator(home, "reextract", "--outlet", "nowhere")
    assert (unknown.returncode, "nowhere: no article" in unknown.stderr) == (64, True)


def test_list_and_show_tell_what_would_be_cut(home: Path, db: Database) -> None:
    teach(db, 5)
    listed = aggregator(home, "boilerplate", "list").stdout
    assert re.search(r"^harbour +5 +5 +1 ", listed, re.MULTILINE)
    assert f"once {SHADOW_PAGES} pages" in listed
    shown = aggregator(home, "boilerplate", "show", "harbour").stdout
    assert re.search(r"^[0-9a-f]{12} +shadow +line +5 of 5 .*\[bold\]Sign\[/bold\] the", shown, re.MULTILINE)
    rows = json.loads(aggregator(home, "boilerplate", "show", "harbour", "--json").stdout)
    assert [(row["sample"], row["state"]) for row in rows] == [(LINE, "shadow")]


def test_a_line_is_kept_dropped_and_reset(home: Path, db: Database) -> None:
    teach(db, SHADOW_PAGES)
    line = json.loads(aggregator(home, "boilerplate", "show", "harbour", "--json").stdout)[0]["id"]
    kept = aggregator(home, "boilerplate", "keep", "harbour", line[:6]).stdout
    assert kept.startswith(f"harbour {line} is kept: [bold]Sign")
    assert "aggregator reextract --outlet harbour" in kept
    assert "is dropped" in aggregator(home, "boilerplate", "drop", "harbour", line).stdout
    assert "is active" in aggregator(home, "boilerplate", "reset", "harbour", line).stdout
    wrong = aggregator(home, "boilerplate", "keep", "harbour", "ffffffffffff")
    assert (wrong.returncode, "no line has this id" in wrong.stderr) == (66, True)
    assert aggregator(home, "boilerplate", "reset", "harbour").returncode == 2
    forgotten = aggregator(home, "boilerplate", "reset", "harbour", "--all").stdout
    assert "1 repeated lines are forgotten" in forgotten


def test_reextract_tells_what_it_skips(home: Path, db: Database) -> None:
    teach(db, 3)
    done = aggregator(home, "reextract", "--since", "2020-01-01")
    assert done.returncode == 0, done.stderr
    assert "3 articles: 3 skipped/page-gone" in done.stdout
    assert "data/pages/2031-04-05.warc.gz" in done.stdout
