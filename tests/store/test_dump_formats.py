"""The dump in other formats: the same tables and rows, readable by what analysts use."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet
from store.samples import article, lines, outlet, page, pages

from aggregator.errors import StoreError
from aggregator.store import articles, outlets
from aggregator.store.dump import Format, Wanted, dump
from aggregator.store.engine import Database

QUOTED = 'Said "yes",\nand left; ferry, pier'


@pytest.fixture(scope="module")
def db(migrated_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("store") / "store.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as opened:
        outlets.sync(opened, [outlet()])
        articles.save(opened, None, [*pages(3), page(article(4, blocks=lines(QUOTED), headline='=1+1 "x"'))])
        yield opened


@pytest.fixture(scope="module")
def whole(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dump in SQLite's format."""
    return dump(db, tmp_path_factory.mktemp("whole") / "news.sqlite3", Wanted(has_search=False)).path


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as file:
        listed = file.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        names = [name for (name,) in listed if not name.startswith("sqlite_")]
        return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - our own names


def headlines(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("SELECT headline FROM article ORDER BY id")]


def test_parquet_has_every_table_with_typed_columns(db: Database, whole: Path, tmp_path: Path) -> None:
    out = dump(db, tmp_path / "news", Wanted(format=Format.PARQUET)).path
    found = {path.stem: parquet.read_metadata(path).num_rows for path in out.glob("*.parquet")}
    assert found.keys() == counts(whole).keys()
    assert {name: count for name, count in counts(whole).items() if found[name] != count} == {}
    schema = parquet.read_schema(out / "article.parquet")
    assert schema.field("id").type == pa.int64()
    assert schema.field("stored_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("headline").type == pa.string()
    frame = pl.read_parquet(out / "article.parquet").sort("id")
    assert frame["headline"].to_list() == headlines(whole)
    assert frame["first_published"][0] == datetime(2031, 4, 5, 10, tzinfo=UTC)
    with duckdb.connect() as duck:
        query = f"SELECT outlet, count(*) FROM '{out}/article.parquet' GROUP BY 1"  # noqa: S608 - our own path
        assert duck.execute(query).fetchall() == [("harbour", 4)]


def test_csv_and_jsonl_say_the_same(db: Database, whole: Path, tmp_path: Path) -> None:
    commas = dump(db, tmp_path / "commas", Wanted(format=Format.CSV)).path
    objects = dump(db, tmp_path / "objects", Wanted(format=Format.JSONL)).path
    with (commas / "article.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["headline"] for row in rows] == headlines(whole)
    with (commas / "article_text.csv").open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)][3] == QUOTED
    told = [json.loads(line) for line in (objects / "article.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["headline"] for row in told] == headlines(whole)
    assert told[0]["byline"] == ["Ada Quay", "Ben Rope"]
    assert told[0]["copy_of"] is None
    assert {path.stem for path in objects.glob("*.jsonl")} == {path.stem for path in commas.glob("*.csv")}


@pytest.mark.parametrize("form", [Format.CSV, Format.JSONL])
def test_zstandard_packs_each_file(db: Database, tmp_path: Path, form: Format) -> None:
    plain = dump(db, tmp_path / "plain", Wanted(format=form)).path
    packed = dump(db, tmp_path / "packed", Wanted(format=form, is_compressed=True)).path
    name = f"article.{form.value}"
    with pa.input_stream(str(packed / f"{name}.zst"), compression="zstd") as file:
        assert file.read() == (plain / name).read_bytes()


def test_a_packed_sqlite_file_says_so_and_unpacks_to_a_dump(db: Database, tmp_path: Path) -> None:
    report = dump(db, tmp_path / "news.sqlite3", Wanted(is_compressed=True))
    assert report.path.name == "news.sqlite3.zst"
    with pa.input_stream(str(report.path), compression="zstd") as file:
        (tmp_path / "again.sqlite3").write_bytes(file.read())
    assert counts(tmp_path / "again.sqlite3")["article"] == 4
    assert {path.name for path in tmp_path.iterdir()} == {
        "news.sqlite3.zst",
        "news.sqlite3.zst.manifest.json",
        "news.sqlite3.datasette.json",
        "again.sqlite3",
    }


def test_a_folder_has_its_manifest_and_takes_the_place_of_an_older_dump_only(
    db: Database, tmp_path: Path
) -> None:
    out = tmp_path / "news"
    for _ in range(2):
        dump(db, out, Wanted(format=Format.JSONL))
        told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.glob("*.jsonl")}
        assert {each["name"]: each["sha256"] for each in told["files"]} == sums
        assert [path.name for path in tmp_path.iterdir()] == ["news"]
    dump(db, out, Wanted(format=Format.CSV))
    assert not list(out.glob("*.jsonl"))
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letters.txt").write_text("mine")
    with pytest.raises(StoreError, match="no dump; name another"):
        dump(db, mine, Wanted(format=Format.CSV))
    with pytest.raises(StoreError, match="is a folder"):
        dump(db, mine / "letters.txt", Wanted(format=Format.PARQUET))
    assert (mine / "letters.txt").read_text() == "mine"
