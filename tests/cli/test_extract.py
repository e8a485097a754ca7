"""``aggregator extract`` of one page: from a file, from standard input, from the web."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cli.explained import FERRY, URL, explained, write
from cli.program import aggregator, command, environment
from newsstand import answers
from newsstand.answers import Answer
from newsstand.server import Habits, habits

from aggregator import outlets
from aggregator.clock import now
from aggregator.extract.clues import clues
from aggregator.extract.learned import SHADOW_PAGES
from aggregator.extract.teachers import Teachers
from aggregator.model.article import Block, BlockKind
from aggregator.store import boilerplate
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

__all__ = ["habits"]

LOOPBACK = {"AGGREGATOR_CRAWL__ALLOW_ADDRESSES": '["127.0.0.1/32"]'}


def test_help_has_examples_of_one_page_and_of_many(tmp_path: Path) -> None:
    text = " ".join(aggregator(tmp_path, "extract", "--help").stdout.split())
    for example in ("aggregator extract page.html", "--explain", "--html why.html", "--manifest pages.jsonl"):
        assert example in text


def test_a_saved_page_is_printed_to_be_read(tmp_path: Path) -> None:
    done = aggregator(tmp_path, "extract", str(write(tmp_path, FERRY)))
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert lines[:4] == [
        "Ferry stays at the pier",
        "Six years of repairs and a crane that nobody ordered.",
        "Jane Roe · 2026-03-03 08:00 UTC+01:00 · en · full",
        URL,
    ]
    assert "Read also" not in done.stdout
    assert lines[-3:] == [
        "• A pier on the eastern side of the harbour, says the council of the town.",
        "",
        "> “I have waited for this day for six years,” said the ferryman’s daughter.",
    ]


def test_explain_prints_the_fate_of_each_block_and_html_writes_it(tmp_path: Path) -> None:
    page = write(tmp_path, FERRY)
    done = aggregator(tmp_path, "extract", str(page), "--explain", "--html", "why.html", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    assert "a button to share · phrase/share" in done.stdout
    assert done.stderr == "wrote why.html\n"
    assert "a button to share" in (tmp_path / "why.html").read_text(encoding="utf-8")


def test_standard_input_and_json_join_other_programs(tmp_path: Path) -> None:
    other = "https://harbour.example/other"
    done = subprocess.run(
        command("extract", "-", "--url", other, "--json"),
        input=FERRY,
        env=dict(environment(tmp_path)),
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    row = json.loads(done.stdout)
    assert (row["id"], row["url"], row["title"]) == ("-", other, "Ferry stays at the pier")


def test_a_file_of_learned_boilerplate_is_used_and_stays_as_it_is(tmp_path: Path) -> None:
    line, memory, teachers = "The desk answers at any hour of the day", tmp_path / "learned.json", Teachers()
    for subject in ("keeper of the lighthouse", "owner of the bakery", "teacher of the school"):
        said = f"The {subject} told the council that the {subject} had waited long enough for an answer."
        body = f"<p>{said * 3}</p><p>{line}</p><p>Not the {subject}.</p>"
        html = f"<html><head><title>The {subject}</title></head><body><article>{body}</article></body></html>"
        teachers.clean(explained(html).article)
    teachers.save(memory)
    before = memory.read_bytes()
    page = write(tmp_path, FERRY.replace("<h2>", f"<p>{line}</p><h2>"))
    done = aggregator(tmp_path, "extract", str(page), "--explain", "--learn-from", str(memory))
    assert "a line that repeats on this outlet's pages" in " ".join(done.stdout.split()), done.stderr
    assert memory.read_bytes() == before


def test_what_crawls_have_learned_of_an_outlet_is_used(tmp_path: Path, habits: Habits) -> None:
    line, url = "The desk answers at any hour of the day", f"sqlite:///{tmp_path}/data/aggregator.sqlite3"
    outlets.write(habits.outlet(), tmp_path / "data" / "outlets")
    page = write(tmp_path, FERRY.replace("<h2>", f"<p>{line}</p><h2>"))
    asked = ("extract", str(page), "--outlet", "habits", "--explain")
    assert "learned/" not in aggregator(tmp_path, *asked).stdout
    assert not (tmp_path / "data" / "aggregator.sqlite3").exists()
    db = Database.open(url)
    stored_outlets.sync(db, [habits.outlet()])
    block = Block(BlockKind.PARAGRAPH, line)
    taught = clues(replace(explained(FERRY).article, blocks=(block,), cuts=()))
    with db.session() as session:
        boilerplate.learn(session, [("habits", boilerplate.Lesson(taught, 100, 0))] * SHADOW_PAGES, now())
    db.close()
    told = aggregator(tmp_path, *asked).stdout
    assert f"a line that repeats on this outlet's pages · learned/line@{SHADOW_PAGES}" in " ".join(
        told.split()
    )


@pytest.mark.parametrize(
    ("content", "exit_code", "words"),
    [
        (b"%PDF-1.7 nothing to read", 65, "the first bytes are those of another kind of file"),
        (b"", 65, "the page is empty"),
        (b"<html><title>Home</title><body><nav>Home</nav></body></html>", 65, "no running text found"),
        (None, 65, "page.html: No such file or directory; name a saved page, or an address with https://"),
    ],
)
def test_a_page_without_article_is_one_line_with_the_reason(
    tmp_path: Path, content: bytes | None, exit_code: int, words: str
) -> None:
    if content is not None:
        (tmp_path / "page.html").write_bytes(content)
    done = aggregator(tmp_path, "extract", "page.html", "--explain")
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--manifest", "pages.jsonl"],
        ["page.html", "--manifest", "pages.jsonl"],
        ["--manifest", "pages.jsonl", "--out", "-", "--explain"],
        ["page.html", "--json", "--explain"],
        ["ftp://example.org/page.html"],
        ["page.html", "--url", "nowhere"],
        ["https://www.example.org/a", "--url", "https://www.example.org/b"],
    ],
)
def test_what_does_not_go_together_is_wrong_use(tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path, FERRY)
    done = aggregator(tmp_path, "extract", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_url_is_fetched_once_after_robots_txt_with_our_name(tmp_path: Path, habits: Habits) -> None:
    url = habits.play("/news/ferry.html", Answer(body=FERRY.encode()))
    done = aggregator(tmp_path, "extract", url, **LOOPBACK)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Ferry stays at the pier\n")
    assert [request.path for request in habits.requests] == ["/robots.txt", "/news/ferry.html"]
    assert all("aggregator" in request.headers["user-agent"] for request in habits.requests)


@pytest.mark.parametrize(
    ("path", "exit_code", "words"),
    [
        ("/secret/a.html", 1, "dropped/robots: "),
        ("/missing.html", 1, "failed/http: the server answered 404"),
        ("/to-private.html", 77, "failed/address: "),
        ("/page.pdf", 65, "application/pdf, not HTML"),
        ("/huge.html", 1, "failed/too-large: "),
    ],
)
def test_a_url_that_gives_no_page_ends_with_its_reason(
    tmp_path: Path, habits: Habits, path: str, exit_code: int, words: str
) -> None:
    habits.play("/robots.txt", answers.robots("User-agent: *\nDisallow: /secret/\n"))
    done = aggregator(tmp_path, "extract", habits.url(path), "--explain", **LOOPBACK)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert words in done.stderr
    assert habits.count("/secret/a.html") == 0


def test_a_private_address_is_refused_unless_the_card_allows_it(tmp_path: Path, habits: Habits) -> None:
    assert aggregator(tmp_path, "extract", habits.url("/good/1.html")).returncode == 77
    outlets.write(habits.outlet(), tmp_path / "data" / "outlets")
    done = aggregator(tmp_path, "extract", habits.url("/good/1.html"), "--outlet", "habits")
    assert done.returncode == 0, done.stderr


def test_the_cards_rules_are_used(tmp_path: Path, habits: Habits) -> None:
    outlets.write(habits.outlet(), tmp_path / "data" / "outlets")
    card = tmp_path / "data" / "outlets" / "habits.toml"
    card.write_text(card.read_text(encoding="utf-8") + '\n[rules]\ncuts = ["blockquote"]\n', encoding="utf-8")
    page = write(tmp_path, FERRY)
    done = aggregator(tmp_path, "extract", str(page), "--outlet", "habits", "--explain")
    assert "an element that the card cuts · card/blockquote" in " ".join(done.stdout.split()), done.stderr
