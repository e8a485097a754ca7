"""``aggregator check`` as people run it: over the demo's site, a saved page, a running site."""

import json
from pathlib import Path

import pytest
from cli.program import aggregator

from aggregator import newsstand


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder after the demo's outlets were crawled and published once, and one article withdrawn."""
    folder = tmp_path_factory.mktemp("home")
    slugs = ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24")
    with newsstand.start(tmp_path_factory.mktemp("stand"), ports=dict.fromkeys(slugs, 0)) as stand:
        stand.write_cards(folder / "data" / "outlets")
        assert aggregator(folder, "run", "--once").returncode == 0
    assert aggregator(folder, "takedown", "5", "--reason", "asked by the outlet").returncode == 0
    return folder


@pytest.mark.slow
def test_the_demos_site_has_no_findings(home: Path) -> None:
    done = aggregator(home, "check", "site")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no findings" in done.stdout
    assert "(--limit)" not in done.stdout


def test_a_saved_page_is_held_against_store_and_card(home: Path) -> None:
    page = home / "page.html"
    page.write_text(
        "<html><head><meta property='og:url' content='http://127.0.0.1:8000/article/1'></head>"
        "<body><article class='h-entry'><h1 class='p-name'>Ours</h1></article></body></html>"
    )
    done = aggregator(home, "check", "page", str(page), "--json")
    assert done.returncode == 1
    codes = {each["code"] for each in json.loads(done.stdout)}
    assert codes >= {"page/no-source-link-below", "page/canonical", "linked-data/none"}
    words = aggregator(home, "check", "page", str(page)).stdout
    assert "page/canonical  http://127.0.0.1:8000/article/1" in words
    assert words.splitlines()[-1].startswith("documents: 1: ")


def test_a_saved_feed_that_is_none_is_told(home: Path) -> None:
    feed = home / "feed.xml"
    feed.write_text("<rss version='2.0'><channel><title>A</title>")
    done = aggregator(home, "check", "feed", str(feed))
    assert done.returncode == 1
    assert "feed/not-well-formed" in done.stdout


def test_a_site_that_does_not_answer_ends_with_69(home: Path) -> None:
    done = aggregator(home, "check", "site", "--base-url", "http://127.0.0.1:9")
    assert done.returncode == 69
    assert "is the site up?" in done.stderr


def test_a_file_that_is_not_there_is_one_line(home: Path) -> None:
    done = aggregator(home, "check", "page", "nothing.html")
    assert done.returncode == 74
    assert done.stderr.splitlines() == ["aggregator: nothing.html: No such file or directory"]
