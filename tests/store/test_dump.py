"""The analysts' file."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from store.samples import NOON, article, end, lines, outlet, page, pages

from aggregator.errors import StoreError
from aggregator.model.crawl import Reason, RunState
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, crawls, editions, outlets
from aggregator.store.dump import DumpReport, dump
from aggregator.store.engine import BUSY_SECONDS, Database

TABLES = {
    "outlet", "article", "article_text", "revision", "duplicate", "publication", "edition", "crawl_run",
    "fetch", "provenance", "data_dictionary", "metadata",
}  # fmt: skip


def fill(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry")])
    run_id = crawls.start_run(db, ["harbour", "ferry"], os.getpid())
    articles.save(db, run_id, [*pages(5), page(article(outlet="ferry")), end(9, Reason.FAILED_HTTP)])
    articles.save(db, run_id, [page(article(2, blocks=article(77).blocks, headline="Corrected"))])
    crawls.end_run(db, run_id, RunState.FINISHED)
    shown = (
        PublicationState.PUBLISHED,
        RightsMode.FULL,
        "Headline",
        lines("Text"),
        "CC0-1.0",
        "The Harbour",
        (),
    )
    editions.publish(db, [NewPublication(1, *shown)], NOON)


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def made(db: Database, tmp_path: Path) -> DumpReport:
    fill(db)
    return dump(db, tmp_path / "dumps" / "news.sqlite3")


def test_the_dump_holds_every_row(made: DumpReport) -> None:
    names = {str(row[0]) for row in read(made.path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names >= TABLES
    counts = {name: read(made.path, f'SELECT count(*) FROM "{name}"')[0][0] for name in made.rows}  # noqa: S608 - our own names
    assert counts == made.rows
    assert (made.rows["article"], made.rows["revision"], made.rows["fetch"]) == (6, 7, 8)
    assert made.size_bytes == made.path.stat().st_size


def test_the_dump_explains_itself(made: DumpReport) -> None:
    facts = {row[0]: row[1] for row in read(made.path, "SELECT key, value FROM metadata")}
    assert (facts["schema"], facts["audience"], facts["rows.article"]) == ("1.0", "internal", "6")
    assert str(facts["as_of"]).endswith("Z")
    assert "analysis only" in str(facts["licence_note"])
    assert read(made.path, "PRAGMA user_version") == [(1,)]


def test_a_manifest_beside_the_dump_holds_its_checksum_and_the_same_facts(made: DumpReport) -> None:
    told = json.loads(made.path.with_name("news.sqlite3.manifest.json").read_text(encoding="utf-8"))
    facts = {row[0]: row[1] for row in read(made.path, "SELECT key, value FROM metadata")}
    assert {key: told[key] for key in ("id", "as_of", "schema")} == {
        key: facts[key] for key in ("id", "as_of", "schema")
    }
    assert told["rows"] == made.rows
    [file] = told["files"]
    digest = hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert file == {"name": "news.sqlite3", "size_bytes": made.size_bytes, "sha256": digest}


def test_search_finds_words_in_any_case_and_runs_of_unspaced_scripts(db: Database, tmp_path: Path) -> None:
    outlets.sync(db, [outlet()])
    chinese = "港口委员会今天上午在码头开会并决定在秋季风暴到来之前重建旧栈桥。" * 2
    samples = [
        article(1, headline="Crème for the QUAY"),
        article(2, headline="旧栈桥将重建", blocks=lines(chinese)),
    ]
    articles.save(db, None, [page(each) for each in samples])
    path = dump(db, tmp_path / "news.sqlite3").path
    words = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?"
    runs = "SELECT rowid FROM article_fts_unspaced WHERE article_fts_unspaced MATCH ?"
    with closing(sqlite3.connect(path)) as file:
        assert file.execute(words, ("creme quay",)).fetchall() == [(1,)]
        assert file.execute(runs, ("委员会",)).fetchall() == [(2,)]
        assert file.execute(runs, ("quay",)).fetchall() == []
        snippet = (
            "SELECT snippet(article_fts, 0, '[', ']', '', 9) FROM article_fts WHERE article_fts MATCH 'quay'"
        )
        assert file.execute(snippet).fetchall() == [("Crème for the [QUAY]",)]


def test_people_and_tags_can_be_counted_without_json(made: DumpReport) -> None:
    people = read(made.path, "SELECT name, articles, outlets FROM person ORDER BY name")
    assert people == [("Ada Quay", 6, 2), ("Ben Rope", 6, 2)]
    assert read(made.path, "SELECT key, label, articles FROM tag ORDER BY key") == [
        ("council", "council", 6),
        ("harbour", "harbour", 6),
    ]
    days = "SELECT outlet, pages, stored, copies, revisions, failed, published FROM outlet_day"
    by_outlet = {row[0]: row[1:] for row in read(made.path, f"{days} WHERE pages > 0")}
    assert by_outlet["ferry"] == (1, 0, 1, 0, 0, 0)
    assert by_outlet["harbour"][:5] == (7, 5, 0, 1, 1)
    assert read(made.path, "SELECT sum(pages), sum(published) FROM outlet_day") == [(8, 1)]


def test_licences_have_their_spdx_identifier(made: DumpReport) -> None:
    assert read(made.path, "SELECT DISTINCT licence_spdx FROM outlet") == [("CC0-1.0",)]


def test_a_body_of_megabytes_nul_and_half_a_character_arrive_whole(db: Database, tmp_path: Path) -> None:
    outlets.sync(db, [outlet()])
    text = "The ferry waits \x00at the \ud800 pier.\n" + "tide and rope " * 370_000
    articles.save(db, None, [page(article(1, blocks=lines(text.strip())))])
    path = dump(db, tmp_path / "news.sqlite3").path
    [(found, chars)] = read(
        path, "SELECT t.text, a.text_chars FROM article_text AS t JOIN article AS a ON a.id = 1"
    )
    assert str(found).startswith("The ferry waits at the \ufffd pier.\ntide")
    assert len(str(found)) == chars > 5_000_000


def test_a_dump_of_an_empty_store_is_whole(db: Database, tmp_path: Path) -> None:
    report = dump(db, tmp_path / "news.sqlite3")
    assert sum(report.rows.values()) == 0
    assert read(report.path, "SELECT count(*) FROM v_article") == [(0,)]
    assert read(report.path, "SELECT rowid FROM article_fts WHERE article_fts MATCH 'pier'") == []


def test_v_article_shows_the_newest_text_and_what_became_of_it(made: DumpReport) -> None:
    query = "SELECT outlet_name, headline, text, revisions, copy_of, state FROM v_article ORDER BY id"
    rows = read(made.path, query)
    assert rows[0] == ("The Harbour Post", article().headline, article().body, 1, None, "published")
    assert rows[1] == ("The Harbour Post", "Corrected", article(77).body, 2, None, None)
    assert rows[5][:1] + rows[5][4:] == ("The Ferry Post", 1, None)


def test_provenance_shows_what_was_taken_and_what_was_not(made: DumpReport) -> None:
    query = "SELECT field, source, is_taken, value FROM provenance WHERE article_id = 1 ORDER BY position"
    assert read(made.path, query) == [
        ("headline", "json-ld:headline", 1, None),
        ("byline", "meta:author", 1, None),
        ("headline", "page:h1", 0, "A pier, at last"),
    ]


def test_v_outlet_day_counts_articles_copies_revisions_and_publications(made: DumpReport) -> None:
    rows = read(made.path, "SELECT outlet, day, articles, copies, revised, published FROM v_outlet_day")
    assert sorted(rows) == [("ferry", "2031-04-05", 1, 1, 0, 0), ("harbour", "2031-04-05", 5, 0, 1, 1)]


def test_times_are_iso_8601_in_utc(made: DumpReport) -> None:
    assert read(made.path, "SELECT DISTINCT first_published FROM article") == [
        ("2031-04-05T10:00:00.000000Z",)
    ]


@pytest.mark.postgres
def test_the_dump_is_the_same_from_both_databases(
    migrated_sqlite: bytes, postgres: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.sqlite3").write_bytes(migrated_sqlite)
    name = postgres.create(postgres.template)
    shapes = []
    for number, url in enumerate((f"sqlite:///{tmp_path / 'a.sqlite3'}", postgres.url(name))):
        with closing(Database.open(url)) as db:
            fill(db)
            report = dump(db, tmp_path / f"dump{number}.sqlite3")
        schema = read(report.path, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        words = read(
            report.path,
            "SELECT a.id, a.outlet, a.headline, a.byline, a.tags, a.first_published, a.copy_of, t.text "
            "FROM article AS a JOIN article_text AS t ON t.article_id = a.id ORDER BY 1, t.revision",
        )
        shapes.append((schema, words, report.rows))
    postgres.drop(name)
    assert shapes[0] == shapes[1]


def test_the_dump_shows_one_moment(db: Database, database_url: str, tmp_path: Path) -> None:
    fill(db)
    writer = Database.open(database_url)

    def on_progress(table: str, rows: int) -> None:
        if table == "article" and rows == 0:
            articles.save(writer, None, pages(5, start=50))

    report = dump(db, tmp_path / "news.sqlite3", progress=on_progress)
    assert (report.rows["article"], report.rows["fetch"]) == (6, 8)
    assert dump(db, tmp_path / "news.sqlite3").rows["article"] == 11
    writer.close()


def test_sums_agree_while_a_crawl_stores_and_the_crawl_is_not_held_up(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    fill(db)
    writer, stop, waits = Database.open(database_url), threading.Event(), [0.0]

    def crawl() -> None:
        for start in range(100, 5000, 10):
            if stop.is_set():
                return
            begun = time.monotonic()
            articles.save(writer, None, [*pages(10, start=start), end(start + 10_000, Reason.FAILED_HTTP)])
            waits.append(time.monotonic() - begun)

    crawler = threading.Thread(target=crawl)
    crawler.start()
    try:
        made = [dump(db, tmp_path / f"{number}.sqlite3") for number in range(4)]
    finally:
        stop.set()
        crawler.join()
    writer.close()
    assert made[0].rows["article"] < made[-1].rows["article"]
    assert max(waits) < BUSY_SECONDS / 3
    for each in made:
        # One article for each page that became one, and ten of these for each that failed.
        [row] = read(
            each.path,
            "SELECT (SELECT count(*) FROM article), "
            "(SELECT count(*) FROM fetch WHERE reason IN ('stored', 'copy')), "
            "(SELECT count(*) FROM revision WHERE number = 1), "
            "(SELECT 6 + 10 * (count(*) - 1) FROM fetch WHERE reason = 'failed/http')",
        )
        assert len(set(row)) == 1, row


def test_progress_names_each_table_with_its_rows(db: Database, tmp_path: Path) -> None:
    fill(db)
    told: dict[str, int] = {}
    report = dump(db, tmp_path / "news.sqlite3", progress=told.__setitem__)
    assert {name: told[name] for name in report.rows} == report.rows


def test_a_dump_that_fails_leaves_the_older_one_and_no_litter(db: Database, tmp_path: Path) -> None:
    fill(db)
    out = tmp_path / "dumps" / "news.sqlite3"
    before = dump(db, out).path.read_bytes()

    def fails(table: str, rows: int) -> None:
        if table == "fetch" and rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dump(db, out, progress=fails)
    assert out.read_bytes() == before
    assert {path.name for path in out.parent.iterdir()} == {
        "news.sqlite3",
        "news.sqlite3.datasette.json",
        "news.sqlite3.manifest.json",
    }


def test_a_folder_that_cannot_be_written_is_one_clear_line(db: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match=r"file/news.sqlite3: .*check") as caught:
        dump(db, tmp_path / "file" / "news.sqlite3")
    assert "\n" not in str(caught.value)


FULL = """
import resource, signal, sys
from pathlib import Path
from typing import Any
from aggregator.errors import StoreError
from aggregator.store.dump import dump
from aggregator.store.engine import BUSY_SECONDS, Database
db = Database.open(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    dump(db, Path(sys.argv[2]))
except StoreError as error:
    print(type(error).__name__, error)
"""


def test_a_dump_that_outgrows_the_disk_is_one_clear_line(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    articles.save(db, None, pages(200))
    db.close()
    out = tmp_path / "news.sqlite3"
    command = [sys.executable, "-c", FULL, database_url, str(out)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith(("StoreFullError", "StoreError")), answer.stdout
    assert str(out) in answer.stdout
    assert answer.stdout.count("\n") == 1
    assert not out.exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from aggregator.store.dump import dump
from aggregator.store.engine import BUSY_SECONDS, Database
def kill(table, rows):
    if table == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
dump(Database.open(sys.argv[1]), Path(sys.argv[2]), progress=kill)
"""


@pytest.mark.parametrize("table", ["fetch", "integrity check"])
def test_a_dump_that_is_killed_leaves_nothing_under_its_name(
    db: Database, database_url: str, tmp_path: Path, table: str
) -> None:
    fill(db)
    out = tmp_path / "dumps" / "news.sqlite3"
    command = [sys.executable, "-c", KILLED, database_url, str(out), table]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert [path.suffix for path in out.parent.iterdir()] == [".part"]
    dump(db, out)
    assert {path.suffix for path in out.parent.iterdir()} == {".sqlite3", ".json"}


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_dump_never_replaces_the_database_that_it_is_made_from(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "live.sqlite3"
    with closing(Database.open(f"sqlite:///{path}")) as db:
        fill(db)
        link = tmp_path / "link.sqlite3"
        link.symlink_to(f"{path}{suffix}")
        for out in (
            Path(f"{path}{suffix}"),
            tmp_path / "." / f"../{tmp_path.name}/{path.name}{suffix}",
            link,
        ):
            with pytest.raises(StoreError, match="the database itself; name another file"):
                dump(db, out)
        assert len(list(articles.every(db))) == 6
        assert db.integrity() == "ok"


def test_a_dump_replaces_nothing_but_files(db: Database, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for out in (Path(), Path("/"), tmp_path, pipe):
        with pytest.raises(StoreError, match="name a file"):
            dump(db, out)
    assert pipe.is_fifo()


def test_what_a_killed_dump_left_is_removed_by_the_next_and_nothing_else(
    db: Database, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    litter = tmp_path / f".news.sqlite3.{int(done.stdout)}.part"
    others = [tmp_path / name for name in (f".news.sqlite3.{os.getppid()}.part", ".news.sqlite3.x.part")]
    for path in (litter, *others):
        path.mkdir()
        (path / "news.sqlite3").write_bytes(b"half")
    dump(db, tmp_path / "news.sqlite3")
    assert not litter.exists()
    assert all(path.exists() for path in others)
