"""What analysts do with a dump: Datasette shows it, and the notebook of the docs runs over it."""

import base64
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from store.samples import NOON, article, end, outlet, page

from aggregator.config import Settings
from aggregator.model.article import Completeness
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Rights, RightsMode
from aggregator.publishing import publish_all
from aggregator.store import articles, crawls, outlets, placing
from aggregator.store.dump import Format, Wanted, dump
from aggregator.store.dump.search import search_query
from aggregator.store.engine import Database

ROOT = Path(__file__).resolve().parent.parent
CARDS = {
    slug: outlet(slug, rights=Rights(RightsMode.FULL, licence="CC-BY-4.0"))
    for slug in ("harbour", "ferry", "summit")
}
RUN = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read("docs/analysts.ipynb", as_version=4)
NotebookClient(book, timeout=120, kernel_name="python3").execute()
nbformat.write(book, sys.argv[1])
"""


@pytest.fixture(scope="module")
def dumped(migrated_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one dump in both formats: of several outlets, days and kinds of articles."""
    folder = tmp_path_factory.mktemp("analysts")
    (folder / "store.sqlite3").write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{folder / 'store.sqlite3'}")) as db:
        outlets.sync(db, list(CARDS.values()))
        run = crawls.start_run(db, list(CARDS), os.getpid())
        batch = [
            page(
                article(
                    number,
                    outlet=list(CARDS)[number % 3],
                    published=NOON - timedelta(hours=7 * number),
                    tags=("Ferries", f"Topic {number % 4}"),
                    completeness=Completeness.PAYWALLED if number % 5 == 0 else Completeness.FULL,
                )
            )
            for number in range(1, 25)
        ]
        copy = article(3, outlet="ferry", published=NOON - timedelta(hours=3), agency=("Coastal Press",))
        articles.save(db, run, [*batch, page(copy), end(99, Reason.FAILED_HTTP)])
        fifth = batch[4].article
        at = fifth.fetched_at + timedelta(minutes=10)
        later = replace(fifth, headline="Pier 5 will be built of oak", fetched_at=at)
        articles.save(db, run, [page(later)])
        crawls.end_run(db, run, RunState.FINISHED)
        placing.place_next(db)
        list(publish_all(db, CARDS, Settings(outlets=folder / "cards"), NOON))
        dump(db, folder / "news.sqlite3")
        dump(db, folder / "news", Wanted(format=Format.PARQUET))
    return folder


@pytest.fixture(scope="module")
def datasette(dumped: Path) -> Iterator[str]:
    """The address of a Datasette that serves the dump."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "news.sqlite3", "--metadata", "news.sqlite3.datasette.json"]
    server = subprocess.Popen(
        [*command, "--port", str(port)], cwd=dumped, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            fetch(f"{address}/-/versions.json")
        except OSError:
            assert server.poll() is None, server.communicate()[1].decode()
            time.sleep(0.2)
        else:
            return
    pytest.fail("Datasette does not answer")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own server
        return answer.read().decode()


def told(url: str) -> Any:
    return json.loads(fetch(url))


def test_datasette_shows_what_tables_and_columns_mean(datasette: str) -> None:
    front = fetch(f"{datasette}/news")
    assert "Who was first on a story" in front
    table = fetch(f"{datasette}/news/article")
    assert "articles as they are now" in table
    assert "the headline" in table


def test_datasette_has_facets(datasette: str) -> None:
    found = told(f"{datasette}/news/article.json?_size=5")["facet_results"]
    by_outlet = {each["value"]: each["count"] for each in found["outlet"]["results"]}
    assert by_outlet == {"harbour": 8, "ferry": 9, "summit": 8}
    assert "completeness" in found


def test_every_canned_query_answers_in_datasette(datasette: str) -> None:
    queries = [each["name"] for each in told(f"{datasette}/news.json")["queries"]]
    assert len(queries) == 9
    rows = {name: told(f"{datasette}/news/{name}.json?words=pier&_shape=array") for name in queries}
    assert [each["outlet"] for each in rows["paywalled"]] != []
    assert rows["text_reach"][0]["outlets"] == 2
    assert len(rows["search"]) == 25
    assert rows["search_unspaced"] == []
    assert told(f"{datasette}/news/search.json?words=&_shape=array") == []


def test_what_datasette_sorts_by_has_an_index(dumped: Path) -> None:
    tables = json.loads((dumped / "news.sqlite3.datasette.json").read_text())["databases"]["news"]["tables"]
    sorts = {name: table["sort_desc"] for name, table in tables.items() if "sort_desc" in table}
    assert "fetch" in sorts
    with closing(sqlite3.connect(dumped / "news.sqlite3")) as file:
        for name, column in sorts.items():
            sorted_by = f'SELECT * FROM "{name}" ORDER BY "{column}" DESC LIMIT 101'  # noqa: S608 - our own names
            plan = file.execute(f"EXPLAIN QUERY PLAN {sorted_by}")
            assert not any("TEMP B-TREE" in step[3] for step in plan), name


def test_datasette_searches_the_view_of_articles(datasette: str) -> None:
    found = told(f"{datasette}/news/v_article.json?_search=oak&_shape=array")
    assert [each["headline"] for each in found] == ["Pier 5 will be built of oak"]


def test_the_notebook_runs_and_draws(dumped: Path) -> None:
    """Its plots are pictures with something on them; what they show is looked at by people."""
    places = {"NEWS_SQLITE": str(dumped / "news.sqlite3"), "NEWS_PARQUET": str(dumped / "news")}
    out = dumped / "ran.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(out)],
        cwd=ROOT,
        env=os.environ | places | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outputs = [each for cell in json.loads(out.read_text())["cells"] for each in cell.get("outputs", [])]
    pictures = [each["data"]["image/png"] for each in outputs if "image/png" in each.get("data", {})]
    assert len(pictures) == 4
    assert all(len(base64.b64decode(each)) > 5_000 for each in pictures)
    assert [each for each in outputs if each.get("name") == "stderr"] == []
    assert any("25 articles as of" in "".join(each.get("text", "")) for each in outputs)


def test_page_and_notebook_search_as_the_canned_query_does() -> None:
    page = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
    assert search_query("article_fts", "'NEAR(ferry pier, 5)'") in page
    book = json.loads((ROOT / "docs" / "analysts.ipynb").read_text(encoding="utf-8"))
    assert search_query("article_fts", "'council OR harbour'") in "".join(book["cells"][-1]["source"])


def test_the_notebook_is_kept_without_outputs() -> None:
    book = json.loads((ROOT / "docs" / "analysts.ipynb").read_text(encoding="utf-8"))
    assert [cell for cell in book["cells"] if cell.get("outputs") or cell.get("execution_count")] == []
