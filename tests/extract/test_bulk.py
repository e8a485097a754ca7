"""``aggregator extract``: a manifest in, articles out."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from handmade import SENTENCES, article_html
from typer.testing import CliRunner

from aggregator.cli import extract
from aggregator.errors import AggregatorError
from aggregator.extract.manifest import lines

FIELDS = {
    "id", "url", "title", "authors", "agency", "published", "lang", "body", "dek", "modified",
    "canonical_url",
    "source_link", "section", "tags", "images", "completeness", "site_name", "licence", "robots", "blocks",
    "origins", "losers", "cuts", "tdm_reserved", "tdm_policy",
}  # fmt: skip


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    extract.register(app)
    return CliRunner().invoke(app, [*map(str, arguments), "--processes", "1"])


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Two good pages (one of them compressed) around six bad lines."""
    (tmp_path / "a.html").write_text(article_html())
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(article_html().replace("Bridge", "Tunnel").encode()))
    (tmp_path / "no.html.gz").write_bytes(b"no gzip")
    (tmp_path / "empty.html").write_bytes(b"")
    url = "https://harbour.example/"
    lines = [
        {"id": "a", "url": url + "a", "html": "a.html"},
        "{not json",
        "[1, 2]",
        {"id": "missing", "url": url + "m", "html": "nowhere.html"},
        {"id": "gz", "url": url + "g", "html": "no.html.gz"},
        {"id": "empty", "url": url + "e", "html": "empty.html"},
        {"id": 7, "html": "a.html"},
        {"id": "b", "url": url + "b", "html": str(tmp_path / "b.html.gz")},
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


def test_every_line_of_the_manifest_gives_a_line_in_order(manifest: Path, tmp_path: Path) -> None:
    result = run("--manifest", manifest, "--out", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    found = rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == ["a", "3", "5", "missing", "gz", "empty", "7", "b"]
    assert ["error" in row for row in found] == [False, *[True] * 6, False]
    assert "8 pages read, 6 with an error" in result.stderr


def test_line_holds_all_fields_of_an_article(manifest: Path, tmp_path: Path) -> None:
    run("--manifest", manifest, "--out", tmp_path / "out.jsonl")
    first, *_, last = rows(tmp_path / "out.jsonl")
    assert set(first) == FIELDS
    assert (first["title"], last["title"]) == ("Bridge opens", "Tunnel opens")
    assert first["body"] == "\n".join(SENTENCES)
    assert (first["lang"], first["completeness"]) == ("en", "full")
    assert first["cuts"] == [{"text": "Bridge opens", "rule": "headline"}]


def test_dash_writes_to_standard_output_and_quiet_says_nothing(manifest: Path) -> None:
    result = run("--manifest", manifest, "--out", "-", "--quiet")
    assert len(result.stdout.splitlines()) == 8
    assert result.stderr == ""


def test_missing_manifest_is_one_clear_error(tmp_path: Path) -> None:
    result = run("--manifest", tmp_path / "none.jsonl", "--out", tmp_path / "out.jsonl")
    assert isinstance(result.exception, AggregatorError)
    assert "none.jsonl: cannot be read: No such file" in str(result.exception)
    assert result.exception.exit_code == 66
    assert list(tmp_path.iterdir()) == []


def test_unwritable_output_is_one_clear_error(manifest: Path, tmp_path: Path) -> None:
    result = run("--manifest", manifest, "--out", tmp_path / "no folder" / "out.jsonl")
    assert isinstance(result.exception, AggregatorError)
    assert "out.jsonl: cannot be written" in str(result.exception)


def test_earlier_output_stays_until_the_new_one_is_whole(manifest: Path, tmp_path: Path) -> None:
    from aggregator.extract.bulk import output

    path = tmp_path / "out.jsonl"
    path.write_text("before\n")

    def write_half() -> None:
        with output(path) as file:
            file.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_text() == "before\n"
    assert not list(tmp_path.glob(".*"))


def test_help_shows_an_example() -> None:
    assert "--manifest pages.jsonl" in " ".join(run("--help").output.split())


def test_lone_surrogates_of_a_manifest_cannot_stop_the_output(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text("<p>x</p>")
    path = tmp_path / "m.jsonl"
    path.write_text(r'{"id": "\ud800", "url": "https://a.example/\ud800", "html": "\ud800.html"}')
    [line] = lines(path)
    assert f"{line.id}{line.url}{line.path}".encode()
