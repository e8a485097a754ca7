"""The commands ``dedupe`` and ``urls`` as people call them."""

import json
from pathlib import Path

from cli.program import aggregator
from dedupe.prose import article, edited
from sqlalchemy import text
from store.samples import article as carried
from store.samples import lines, page

from aggregator.store.articles import save
from aggregator.store.engine import Database


def test_a_file_of_articles_is_clustered(tmp_path: Path) -> None:
    rows = [
        {
            "id": name,
            "title": name,
            "body": body,
            "url": f"https://{name}.example/1",
            "published": f"2031-04-{day}",
        }
        for name, body, day in (
            ("b", edited(article(1), 0.1), "07"),
            ("a", article(1), "06"),
            ("c", article(2), "08"),
        )
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nnonsense\n")
    done = aggregator(
        tmp_path, "dedupe", "--in", str(tmp_path / "a.jsonl"), "--out", str(tmp_path / "c.jsonl")
    )
    assert done.returncode == 0
    assert "3 articles in 2 clusters (1 syndicated); 1 lines with an error" in done.stderr
    lines = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    assert [(line["id"], line["cluster"]) for line in lines] == [
        (None, None),
        ("a", "a"),
        ("b", "a"),
        ("c", "c"),
    ]


def test_a_missing_file_of_articles_leaves_no_output(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "dedupe", "--in", "none.jsonl", "--out", str(tmp_path / "c.jsonl"))
    assert done.returncode == 66
    assert "none.jsonl: cannot be read: No such file or directory; name a JSONL file" in done.stderr
    assert list(tmp_path.glob("*c.jsonl*")) == []


def test_a_rebuild_is_rehearsed_done_and_then_nothing_is_left(tmp_path: Path) -> None:
    database = tmp_path / "data" / "aggregator.sqlite3"
    db = Database.open(f"sqlite:///{database}")
    save(db, None, [page(carried(1, outlet=name, blocks=lines(article(1)))) for name in ("a", "b")])
    with db.session() as session:
        for statement in (
            "DELETE FROM shingle_bucket",
            "DELETE FROM shingle_scheme",
            "DELETE FROM duplicate",
            "UPDATE article SET copy_of = NULL, awaits_publishing = 1",
        ):
            session.execute(text(statement))
    db.close()
    url = {"AGGREGATOR_DATABASE": f"sqlite:///{database}"}
    dry = aggregator(tmp_path, "dedupe", "rebuild", "--dry-run", **url)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "copy of 1 (syndicated" in dry.stdout
    assert "2 articles: 1 became copies before they were published" in dry.stdout
    assert dry.stdout.endswith("nothing was written\n")
    done = aggregator(tmp_path, "dedupe", "rebuild", **url)
    assert "2 articles: 1 became copies" in done.stdout
    again = aggregator(tmp_path, "dedupe", "rebuild", **url)
    assert again.stdout == "nothing to do: every article is found by its text\n"


def test_a_call_without_file_is_told_what_is_missing(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "dedupe", "--in", "a.jsonl")
    assert done.returncode == 2
    assert "--out FILE is missing" in done.stderr


def test_urls_shows_the_key_and_the_reasons(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "urls", "https://m.news.example/a?utm_source=x")
    assert done.returncode == 0
    url, key, *reasons = done.stdout.splitlines()
    assert url == "https://m.news.example/a"
    assert key.endswith("of news.example/a")
    assert reasons == ["  tracking: utm_source", "  site: m.news.example \u2192 news.example"]


def test_urls_checks_pairs_and_fails_if_one_is_wrong(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("url_a\turl_b\tsame\tcase\nhttps://a.example/1\thttps://www.a.example/1\tyes\twww\n")
    done = aggregator(tmp_path, "urls", "--check", str(pairs))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 of 1 pairs right")
    pairs.write_text(pairs.read_text() + "https://a.example/1\thttps://a.example/1?id=2\tyes\tcase\n")
    done = aggregator(tmp_path, "urls", "--check", str(pairs))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 of 2 pairs right; 0 falsely one, 1 falsely two"
    assert "WRONG  line 3  one page  case" in done.stdout
    assert aggregator(tmp_path, "urls").returncode == 2
