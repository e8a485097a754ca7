"""``aggregator site export`` as people run it."""

import re
from contextlib import closing
from pathlib import Path

from cli.program import aggregator
from published import fill

from aggregator.store.engine import Database


def test_the_site_is_written_below_its_address_in_a_language(tmp_path: Path) -> None:
    database = tmp_path / "data" / "aggregator.sqlite3"
    database.parent.mkdir()
    with closing(Database.open(f"sqlite:///{database}")) as db:
        fill(db)
    where = ("--base-url", "https://news.example/daily", "--interface", "fr")
    done = aggregator(tmp_path, "site", "export", "public", *where)
    assert done.returncode == 0, done.stderr
    told = re.fullmatch(r"public: (\d+) files, (\d+) written, 0 removed\n", done.stdout)
    assert told
    assert int(told[1]) == int(told[2]) > 100
    front = (tmp_path / "public" / "index.html").read_text()
    assert '<html lang="fr"' in front
    assert 'href="/daily/outlets/"' in front
    again = aggregator(tmp_path, "site", "export", "public", *where)
    assert again.stdout == f"public: {told[1]} files, 0 written, 0 removed\n"


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = aggregator(tmp_path, "site", "export", ".")
    assert done.returncode == 74
    assert "no export wrote" in done.stderr
    done = aggregator(tmp_path, "site", "export", "public", "--interface", "tlh")
    assert done.returncode == 2
    assert "expected one of" in done.stderr
