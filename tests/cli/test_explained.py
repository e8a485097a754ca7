"""``aggregator explain``: one article from the feed that named it to what may be done with it."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cli.program import aggregator
from store.samples import NOON, SEED, article, body, outlet, page

from aggregator import outlets as cards
from aggregator.model.article import CONTAINER, CutBlock, FieldOrigin
from aggregator.model.crawl import Reason
from aggregator.model.page import Validator
from aggregator.store import articles, crawls
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose store holds an article of a crawl, and a copy of it."""
    cards.write(outlet(), tmp_path / "data" / "outlets")
    with closing(Database.open(f"sqlite:///{tmp_path / 'data' / 'aggregator.sqlite3'}")) as db:
        run = crawls.start_run(db, ["harbour"], 1)
        visit = SeedVisit("harbour", SEED, Reason.STORED, 200, None, Validator(), 9, 2, NOON)
        crawls.save_seed(db, run, visit)
        sample = article()
        origins = (*sample.origins, FieldOrigin(CONTAINER, "main/article/div"))
        cuts = (CutBlock("Read also: [bold]ropes", "read-also"),)
        articles.save(db, run, [page(replace(sample, origins=origins, cuts=cuts))])
        articles.save(db, None, [page(article(outlet="ferry", fetched_at=NOON + timedelta(hours=1)))])
    return tmp_path


def told(home: Path, *arguments: str) -> str:
    done = aggregator(home, "explain", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_that_is_known_of_an_article_is_told_in_its_order(home: Path) -> None:
    text = told(home, "1")
    parts = (
        "Pier 1 will be built", "its copy 2", "How it came", f"feed {SEED.url}: stored, 2 of 9 entries new",
        "status 200", 'validators "e1"', "kept in 2031-04-05.warc.gz, 2048 bytes at 1024",
        "Fields, and where each came from", "json-ld:headline", "A pier, at last", "page:h1",
        "Body, in the page's order", "Read also: [bold]ropes", "read-also", body(1)[:40],
        "main/article/div", "What may be done with it", "card of harbour", "mode = ", "today:",
    )  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places[:4] == sorted(places[:4])
    order = ("How it came", "Fields, and", "Body, in", "What may be done with it")
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert told(home, "https://harbour.example/news/1?utm_source=x") == text


def test_json_tells_the_same(home: Path) -> None:
    found = json.loads(told(home, "1", "--json"))
    assert found["article"]["id"] == 1
    assert [one["reason"] for one in found["way"]["requests"]] == ["stored"]
    assert found["way"]["visits"][0]["url"] == SEED.url
    assert found["extraction"]["origins"]["container"] == "main/article/div"
    assert found["extraction"]["cuts"][0]["rule"] == "read-also"
    assert found["rights"]


def test_what_is_not_there_is_said_to_be_none(home: Path) -> None:
    done = aggregator(home, "explain", "77")
    assert done.returncode == 66
    assert "77: no such article" in done.stderr
