"""``aggregator outlet``: cards from the first draft to the trial."""

import json
import subprocess
from pathlib import Path

import pytest
from cli.program import aggregator, write_cards
from handmade import article_html
from newsstand.answers import Answer
from newsstand.server import Habits, habits
from store.samples import article, body, lines, page

from aggregator import outlets
from aggregator.extract.learned import SHADOW_PAGES
from aggregator.model.outlet import RightsMode, Seed, SeedKind
from aggregator.store import articles
from aggregator.store.engine import Database

__all__ = ["habits"]

HOME = """<html lang="fr-FR"><head><title>Accueil | Le Phare</title>
<meta property="og:site_name" content="Le Phare">
<link rel="alternate" type="application/rss+xml" href="/rss.xml">
<link rel="alternate" type="application/rss+xml" href="/missing.xml">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head><body><p>Bonjour</p></body></html>"""
LOOPBACK = {"AGGREGATOR_CRAWL__ALLOW_ADDRESSES": '["127.0.0.1/32"]'}


def run(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return aggregator(home, "outlet", *arguments, **extra)


@pytest.mark.parametrize("name", ["new", "list", "show", "try", "check"])
def test_help_of_every_command_has_an_example(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, name, "--help")
    assert done.returncode == 0
    assert f"aggregator outlet {name}" in done.stdout


def test_list_without_folder_says_how_to_make_the_first_card(tmp_path: Path) -> None:
    done = run(tmp_path, "list")
    assert done.returncode == 78
    assert "aggregator outlet new URL" in done.stderr


def test_list_shows_each_outlet_on_one_line_and_as_json(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour", "mountain")
    lines = run(tmp_path, "list").stdout.splitlines()
    assert lines[0].split()[:4] == ["slug", "name", "language", "country"]
    assert [line.split()[0] for line in lines[1:]] == ["harbour", "mountain"]
    assert "every 60 min" in lines[1]
    rows = json.loads(run(tmp_path, "list", "--json").stdout)
    assert [(row["slug"], row["rights"]["mode"]) for row in rows] == [
        ("harbour", "link"),
        ("mountain", "link"),
    ]


def test_list_leaves_out_a_wrong_card_and_names_it(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    (tmp_path / "data/outlets/wrong.toml").write_text("name = 3\n")
    done = run(tmp_path, "list")
    assert "harbour" in done.stdout
    assert "wrong.toml: name: expected text in quotes" in done.stderr


def test_show_prints_a_card_with_every_default(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    shown = run(tmp_path, "show", "harbour").stdout
    for words in ('mode = "link"', "max_entries = 200", "jitter_seconds = 60", "cut_lines = []"):
        assert words in shown
    copy = tmp_path / "harbour.toml"
    copy.write_text(shown, encoding="utf-8")
    assert outlets.read(copy) == outlets.read(tmp_path / "data/outlets/harbour.toml")


def test_unknown_slug_is_answered_with_near_ones(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    done = run(tmp_path, "show", "harbor")
    assert done.returncode == 64
    assert "did you mean harbour?" in done.stderr


def test_check_tells_every_error_of_every_card_and_exits_with_78(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    assert run(tmp_path, "check").stdout == "1 card, no error\n"
    folder = tmp_path / "data/outlets"
    good = (folder / "harbour.toml").read_text()
    (folder / "a.toml").write_text(good.replace('"feed"', '"fead"').replace('"GB"', '"UK"'))
    (folder / "b.toml").write_text("name = [")
    done = run(tmp_path, "check")
    assert done.returncode == 78
    assert [line.split("aggregator: ")[-1].split(": ")[0] for line in done.stderr.splitlines()] == [
        "data/outlets/a.toml",
        "data/outlets/a.toml",
        "data/outlets/b.toml",
    ]
    assert run(tmp_path, "check", "harbour").returncode == 0
    assert run(tmp_path, "check", "harbour", "data/outlets/a.toml").returncode == 78
    assert run(tmp_path, "check", "nobody").returncode == 64


def test_new_writes_a_card_that_can_be_read_and_says_what_to_check(tmp_path: Path, habits: Habits) -> None:
    habits.play("/", Answer(body=HOME.encode()))
    habits.feed("/good/1.html", at="/rss.xml")
    done = run(tmp_path, "new", habits.url("/"), **LOOPBACK)
    assert done.returncode == 0, done.stderr
    outlet = outlets.read(tmp_path / "data/outlets/le-phare.toml")
    assert outlet.seeds == (Seed(SeedKind.FEED, habits.url("/rss.xml")),)
    assert (outlet.name, outlet.language, outlet.country) == ("Le Phare", "fr-FR", "FR")
    assert (outlet.rights.licence, outlet.rights.mode) == ("CC-BY-4.0", RightsMode.LINK)
    assert "feed: " in done.stdout
    assert "the licence: read it" in done.stdout
    assert "aggregator outlet try le-phare" in done.stdout
    again = run(tmp_path, "new", habits.url("/"), **LOOPBACK)
    assert again.returncode == 78
    assert "--force" in again.stderr


def test_new_of_no_address_or_a_silent_host_writes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "ftp://example.org").returncode == 2
    done = run(tmp_path, "new", "http://127.0.0.1:9/")
    assert done.returncode not in {0, 2}
    assert not (tmp_path / "data/outlets").exists()


def test_try_shows_fields_with_their_origin_and_stores_nothing(tmp_path: Path, habits: Habits) -> None:
    habits.feed("/good/1.html", "/missing.html")
    outlets.write(habits.outlet(), tmp_path / "data/outlets")
    done = run(tmp_path, "try", "habits", "--articles", "2")
    assert done.returncode == 0, done.stderr
    assert "headline" in done.stdout
    assert "<- " in done.stdout
    assert "no article     failed/http" in done.stdout
    assert "1 articles of 2 pages; nothing was stored" in done.stdout
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["outlets"]


def test_try_cuts_what_crawls_have_learned(tmp_path: Path, habits: Habits) -> None:
    kiosk = "Every kiosk of the harbour keeps a charter that you can sign until the herring come."
    outlets.write(habits.outlet(), tmp_path / "data/outlets")
    db = Database.open(f"sqlite:///{tmp_path / 'data' / 'aggregator.sqlite3'}")
    made = [
        article(n, outlet="habits", blocks=lines(f"{body(n)}\n{kiosk}")) for n in range(1, SHADOW_PAGES + 1)
    ]
    articles.save(db, None, [page(one) for one in made])
    db.close()
    habits.play("/try.html", Answer(body=article_html(after=f"<p>{kiosk}</p>").encode()))
    habits.feed("/try.html")
    done = run(tmp_path, "try", "habits", "--articles", "1")
    assert done.returncode == 0, done.stderr
    assert f"{kiosk}   <- learned/line@{SHADOW_PAGES}" in done.stdout


def test_try_without_an_article_says_what_to_do_and_exits_with_1(tmp_path: Path, habits: Habits) -> None:
    outlets.write(habits.outlet("/html-feed.xml"), tmp_path / "data/outlets")
    done = run(tmp_path, "try", "habits")
    assert done.returncode == 1
    assert "habits: no article" in done.stderr
    assert "correct seeds" in done.stderr


def test_check_loads_the_page_classes_that_cards_name(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    folder = tmp_path / "data/outlets"
    with (folder / "harbour.toml").open("a", encoding="utf-8") as card:
        card.write('[rules]\npage_class = "classes/harbour.py"\n')
    done = run(tmp_path, "check")
    assert done.returncode == 78
    assert "harbour.toml: rules.page_class: expected the path of a Python file" in done.stderr
    (folder / "classes").mkdir()
    (folder / "classes/harbour.py").write_text("import gone_fishing")
    done = run(tmp_path, "check", "harbour")
    assert done.returncode == 78
    assert "harbour.py: cannot be run: ModuleNotFoundError" in done.stderr
    (folder / "classes/harbour.py").write_text(
        "from aggregator.extract.outlet_page import OutletPage\nclass Harbour(OutletPage): ...\n"
    )
    assert "1 card, no error" in run(tmp_path, "check").stdout
