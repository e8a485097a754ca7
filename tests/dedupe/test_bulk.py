import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from dedupe.prose import article, edited
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.bulk import ArticlesError, DedupeReport, run, spool, spooled

Lines = list[dict[str, Any]]


def row(name: str, body: str, day: int | None, **others: object) -> dict[str, object]:
    published = None if day is None else f"2031-04-{day:02}T08:00:00Z"
    url = f"https://www.{name}.example/a"
    return {"id": name, "title": name, "body": body, "url": url, "published": published, **others}


def clustered(source: Path) -> tuple[Lines, DedupeReport]:
    out: list[str] = []
    ticks: list[None] = []
    with spooled(source) as made:
        report = run(made, out.append, lambda: ticks.append(None))
    assert len(ticks) == report.articles
    return [json.loads(line) for line in out], report


def test_articles_are_taken_in_the_order_of_publication(tmp_path: Path) -> None:
    text = article(1)
    rows = [row("late", text, 9), row("undated", edited(text, 0.1), None), row("first", text, 2)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [*rows, row("other", article(2), 5)])))
    lines, report = clustered(tmp_path / "a.jsonl")
    assert [(line["id"], line["cluster"], line["kind"]) for line in lines] == [
        ("first", "first", None),
        ("other", "other", None),
        ("late", "first", "syndicated"),
        ("undated", "first", "syndicated"),
    ]
    assert lines[3]["of"] in {"first", "late"}
    assert lines[3]["evidence"]["why"] == "copy"
    assert report == DedupeReport(articles=4, clusters=2, errors=0, kinds={"syndicated": 2})


def test_gzip_and_plain_give_the_same(tmp_path: Path) -> None:
    lines = "".join(json.dumps(row(f"n{n}", article(n % 3), n + 1)) + "\n" for n in range(6))
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    assert clustered(tmp_path / "a.jsonl") == clustered(tmp_path / "a.jsonl.gz")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 1: not JSON"),
        ("[1]", "line 1: not an object"),
        ('{"id": "a"}', "body: a text expected, got None"),
        ('{"body": ""}', "id: a text or a number expected, got None"),
        ('{"id": true, "body": ""}', "id: a text or a number expected, got True"),
        ('{"id": "a", "body": "", "url": 5}', "url: a text expected, got 5"),
        (
            '{"id": "a", "body": "", "published": "soon"}',
            "published: a time in ISO 8601 or null expected, got 'soon'",
        ),
        ('{"id": "a", "body": "", "published": 12}', "published: a time in ISO 8601"),
        ('{"id": "good", "body": ""}', "id 'good' is that of line 1, too"),
    ],
)
def test_a_line_that_is_no_article_says_why_and_stops_nothing(tmp_path: Path, line: str, words: str) -> None:
    good = json.dumps(row("good", article(1), 1))
    given_lines = [good, "", line] if "good" in line else [line, "", good]
    (tmp_path / "a.jsonl").write_text("\n".join(given_lines))
    lines, report = clustered(tmp_path / "a.jsonl")
    assert (report.articles, report.errors) == (1, 1)
    assert words in lines[0]["error"]
    assert lines[1]["cluster"] == "good"


def test_numbers_are_ids_and_what_is_missing_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": 7, "body": "x"}\n')
    lines, _ = clustered(tmp_path / "a.jsonl")
    assert lines == [{"id": "7", "cluster": "7", "kind": None, "of": None, "evidence": None}]


@pytest.mark.parametrize("name", ["none.jsonl", "torn.jsonl.gz", "plain.jsonl.gz"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(b'{"id": 1}\n' * 900)[:-12])
    (tmp_path / "plain.jsonl.gz").write_text("{}")
    with pytest.raises(ArticlesError, match=f"{name}: cannot be read: .*; name a JSONL file"):
        clustered(tmp_path / name)


@given(st.binary(max_size=300))
def test_any_bytes_are_articles_or_error_lines(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    source = tmp_path_factory.mktemp("bytes") / "a.jsonl"
    source.write_bytes(data)
    made = spool(source, io.BytesIO())
    filled = sum(bool(line.strip()) for line in data.split(b"\n"))
    assert len(made.times) + len(made.errors) == filled
