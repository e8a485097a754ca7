"""``aggregator article show``: one article with all that hangs together with it."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from cli.program import aggregator
from store.samples import article, body, lines, page

from aggregator.cli.article_print import evidence_in_words
from aggregator.store import articles
from aggregator.store.engine import Database

FIRST = f"{body(1)}\nIt will cost two million crowns."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose store holds an article in two versions, a copy of it, and a republished page."""
    with closing(Database.open(f"sqlite:///{tmp_path / 'data' / 'aggregator.sqlite3'}")) as db:
        elsewhere = "https://faraway.example/original"
        articles.save(db, None, [page(article(blocks=lines(FIRST), agency=("AFP",)))])
        articles.save(db, None, [page(article(outlet="ferry", blocks=lines(FIRST), source_link=elsewhere))])
        again = article(blocks=lines(FIRST.replace("two", "three")), agency=("AFP",))
        articles.save(db, None, [page(again)])
    return tmp_path


def told(home: Path, *arguments: str) -> str:
    done = aggregator(home, "article", "show", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_article_is_shown_with_copies_revisions_and_agency(home: Path) -> None:
    text = told(home, "1")
    assert "Pier 1 will be built" in text
    assert "its copy 2" in text
    assert "syndicated, 1.00; all words are equal" in text
    assert "figure (1 sentence changed)" in text
    assert "AFP" in text
    assert "nothing was decided yet" in text
    assert told(home, "https://harbour.example/news/1?utm_source=x") == text


def test_a_copy_names_its_original_and_the_site_that_it_credits(home: Path) -> None:
    text = told(home, "2")
    assert "copy of 1" in text
    assert "republished from faraway.example" in text


def test_a_diff_marks_what_went_and_what_came(home: Path) -> None:
    text = " ".join(told(home, "1", "--diff", "2").split())
    assert "It will cost [-two -]{+three +}million crowns." in text
    assert "Harbour report" not in text.partition("What revision 2 changed")[2]


def test_json_tells_the_same(home: Path) -> None:
    found = json.loads(told(home, "1", "--json", "--diff", "2"))
    assert (found["id"], found["agency"], found["state"]) == (1, ["AFP"], None)
    assert [one["kinds"] for one in found["revisions"]] == [[], ["figure"]]
    assert [(one["article_id"], one["kind"], one["is_copy"]) for one in found["related"]] == [
        (2, "syndicated", True)
    ]
    assert found["diff"] == [{"how": "changed", "text": "It will cost [-two -]{+three +}million crowns."}]


@pytest.mark.parametrize("wanted", ["77", "https://harbour.example/news/77"])
def test_an_unknown_article_is_said_to_be_none(home: Path, wanted: str) -> None:
    done = aggregator(home, "article", "show", wanted)
    assert done.returncode == 66
    assert f"{wanted}: no such article" in done.stderr


def test_a_revision_that_is_not_there_is_refused_with_what_is(home: Path) -> None:
    done = aggregator(home, "article", "show", "1", "--diff", "9")
    assert done.returncode == 2
    assert "the article has 2 versions" in " ".join(done.stderr.split())


def test_equal_words_need_no_evidence() -> None:
    assert evidence_in_words(None) == "all words are equal"
