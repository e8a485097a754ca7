"""``aggregator outlet rules``: import into cards, and previews on kept pages."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli.program import aggregator
from handmade import article_html, make_page

from aggregator import outlets
from aggregator.archive import PageArchive
from aggregator.extract.page import extract
from aggregator.model.crawl import PageArticle
from aggregator.model.outlet import Rules
from aggregator.store import articles
from aggregator.store.engine import Database

CARD = """# The harbour, asked in March
name = "Harbour" # short
homepage = "https://www.harbour.example/"
language = "en"
country = "GB"

[[seeds]]
kind = "feed"
url = "https://www.harbour.example/feed.xml"

[rules]
byline = ".who" # theirs
cuts = [
    ".cookie", # since 2030
]
"""
FILE = """title: //h1
author: //p[@class='by']
body: //div[@class='text']
strip: //aside
find_string: <b>
prune: no
"""
BOX = (
    "</div><div><p>Our ferry timetable for the coming winter months can be had at every kiosk on the quay,"
    " and from the captain herself.</p></div>"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "outlets"
    folder.mkdir(parents=True)
    (folder / "harbour.toml").write_text(CARD, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "harbour.example.txt").write_text(FILE, encoding="utf-8")
    (tmp_path / "rules" / "ferry.example.txt").write_text(FILE, encoding="utf-8")
    return tmp_path


def card(home: Path) -> Path:
    return home / "data" / "outlets" / "harbour.toml"


def keep_pages(home: Path) -> None:
    html = article_html(after=BOX).replace("<article>", "<article><div class='text'>")
    db = Database.open(f"sqlite:///{home / 'data' / 'aggregator.sqlite3'}")
    with PageArchive(home / "data" / "pages") as archive:
        for number in range(3):
            page = make_page(html, url=f"https://www.harbour.example/{number}")
            page = replace(page, fetched_at=datetime(2031, 4, 5, 12, number, tzinfo=UTC))
            made = PageArticle(page.entry, extract(page, Rules()), 200, archive.write(page))
            articles.save(db, None, [made])
    db.close()


def test_import_shows_what_it_would_write_and_writes_nothing(home: Path) -> None:
    done = aggregator(home, "outlet", "rules", "import", "rules")
    assert done.returncode == 0, done.stderr
    for line in (
        "harbour: harbour.example.txt",
        "can be used: partly",
        "not taken: find_string (line 5): pages are not rewritten before they are read",
        "not needed: title, prune",
        "the card keeps its own byline",
        """+within = "xpath://div[@class='text']" # from ftr-site-config, harbour.example.txt""",
        "verdict: unknown (0 pages): there are no kept pages to try them on",
        "2 rule files, 1 outlets: 1 would be written",
        "nothing was written; --write writes",
    ):
        assert line in done.stdout
    assert card(home).read_text() == CARD


def test_import_writes_into_the_card_keeps_its_comments_and_can_be_undone(home: Path) -> None:
    done = aggregator(home, "outlet", "rules", "import", "rules", "--write")
    assert done.returncode == 0, done.stderr
    text = card(home).read_text()
    for line in CARD.splitlines():
        assert line in text
    rules = outlets.read(card(home)).rules
    assert rules == Rules(
        within=("xpath://div[@class='text']",),
        byline=(".who",),
        cuts=(".cookie", "xpath://aside"),
    )
    assert f"to undo: mv {card(home)}.before {card(home)}" in done.stdout
    assert card(home).with_name("harbour.toml.before").read_text() == CARD
    again = aggregator(home, "outlet", "rules", "import", "rules", "--write")
    assert "nothing new for the card" in again.stdout
    assert card(home).read_text() == text
    assert "1 card, no error" in aggregator(home, "outlet", "check").stdout


def test_import_is_refused_by_kept_pages_unless_forced(home: Path) -> None:
    keep_pages(home)
    wrong = home / "old.example.txt"
    wrong.write_text("body: //nav", encoding="utf-8")
    arguments = ("outlet", "rules", "import", str(wrong), "--outlet", "harbour", "--write")
    done = aggregator(home, *arguments)
    assert "verdict: stale (3 pages; 3 same; 3 on which the rules are not followed)" in done.stdout
    assert "1 refused" in done.stdout
    assert card(home).read_text() == CARD
    assert "written; to undo" in aggregator(home, *arguments, "--force").stdout
    assert outlets.read(card(home)).rules.within == ("xpath://nav",)


def test_preview_shows_each_page_before_and_after(home: Path) -> None:
    keep_pages(home)
    candidate = home / "candidate.toml"
    candidate.write_text(CARD + 'within = "div.text"\nheadline = "title"\n', encoding="utf-8")
    done = aggregator(home, "outlet", "rules", "preview", "harbour", "--card", str(candidate), "--last", "2")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["before", "after", "changed", "fate", "page"]
    assert lines[1].split()[3:] == ["changed", "https://www.harbour.example/2"]
    assert any(line.startswith("  -Our ferry timetable") for line in lines)
    assert lines[-1].startswith("verdict: changes (2 pages; 2 changed): no page loses its text")
    assert card(home).read_text() == CARD


def test_preview_without_a_candidate_shows_what_the_cards_rules_do(home: Path) -> None:
    keep_pages(home)
    done = aggregator(home, "outlet", "rules", "preview", "harbour")
    assert "verdict: unchanged (3 pages; 3 same)" in done.stdout


def test_preview_without_kept_pages_says_how_to_get_some(home: Path) -> None:
    done = aggregator(home, "outlet", "rules", "preview", "harbour")
    assert done.returncode == 1
    assert "no kept pages; `aggregator crawl harbour` keeps some" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("import", "gone.tar.gz"), 78, "gone.tar.gz: cannot be read: No such file or directory"),
        (("import", "rules", "--outlet", "harbor"), 64, "harbor"),
        (("preview", "harbor"), 64, "harbor"),
        (("preview", "harbour", "--card", "gone.toml"), 78, "gone.toml: cannot be read"),
    ],
)
def test_what_is_not_there_is_told(home: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = aggregator(home, "outlet", "rules", *arguments)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
