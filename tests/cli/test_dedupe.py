"""The commands ``dedupe`` and ``urls`` as people call them."""

import json
from pathlib import Path

from cli.program import aggregator
from dedupe.prose import article, edited


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
