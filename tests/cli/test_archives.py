"""``aggregator archive`` as people use it."""

from pathlib import Path

from cli.program import aggregator, write_cards
from warcs import packed, page

ONE = {"AGGREGATOR_CRAWL__PROCESSES": "1"}


def test_an_archive_is_tried_imported_listed_and_verified(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    card = tmp_path / "data" / "outlets" / "harbour.toml"
    words = card.read_text(encoding="utf-8").replace(
        'http://127.0.0.1:9/harbour/"', 'https://harbour.example/"', 1
    )
    card.write_text(words, encoding="utf-8")
    theirs = tmp_path / "theirs.warc.gz"
    theirs.write_bytes(packed(page(1), page(2), page(3, host="www.elsewhere.example")) + b"garbage")

    tried = aggregator(tmp_path, "archive", "import", str(theirs), "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "2 would be extracted" in tried.stdout
    assert "1 www.elsewhere.example: `aggregator outlet new https://www.elsewhere.example/`" in tried.stdout
    assert "4 records, 2 pages of 1 outlets" in tried.stdout
    assert "nothing was written" in tried.stdout

    done = aggregator(tmp_path, "archive", "import", str(theirs), **ONE)
    assert done.returncode == 0, done.stderr
    assert "2 stored" in done.stdout
    assert f"{theirs} at byte" in done.stdout  # where the garbage lies

    listed = aggregator(tmp_path, "archive", "list")
    assert "2026-03-01 09:01" in listed.stdout
    verified = aggregator(tmp_path, "archive", "verify")
    assert (verified.returncode, verified.stdout) == (
        0,
        "1 files: 2 pages, 1 skipped/warcinfo; 0 cannot be read\n",
    )

    # By other rules, from where the archive was moved to.
    with card.open("a", encoding="utf-8") as file:
        file.write('\n[rules]\ncut_lines = ["The council of Bay.*"]\n')
    (tmp_path / "data" / "pages").rename(tmp_path / "moved")
    read = aggregator(tmp_path, "reextract", "--from", "moved", "--diffs", "1", **ONE)
    assert "2 articles: 2 changed (2 text)" in read.stdout, read.stderr
    assert read.stdout.count("  -The council of Bay ") == 1


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.warc").write_bytes(b"<html>404</html>")
    wrong = aggregator(tmp_path, "archive", "verify", str(tmp_path / "page.warc"))
    assert (wrong.returncode, "1 cannot be read" in wrong.stdout) == (1, True)
    missing = aggregator(tmp_path, "archive", "import", "nowhere.warc.gz")
    assert (missing.returncode, "no such file" in missing.stderr) == (2, True)
