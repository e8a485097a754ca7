"""``aggregator rights`` and ``aggregator review``: a person sees why, and says what becomes of it."""

import json
from pathlib import Path

from cli.program import aggregator, write_cards
from store.samples import article, page

from aggregator.store import articles
from aggregator.store.engine import Database


def home(tmp_path: Path) -> Path:
    write_cards(tmp_path, "harbour")
    card = tmp_path / "data" / "outlets" / "harbour.toml"
    rights = '[rights]\nmode = "full"\nlicence = "CC0-1.0"\nautomatic = false\n'
    card.write_text(card.read_text() + rights)
    db = Database.open(f"sqlite:///{tmp_path}/data/aggregator.sqlite3")
    articles.save(db, None, [page(article(1, robots=("noarchive",))), page(article(2))])
    db.close()
    return tmp_path


def test_what_waits_is_listed_explained_released_and_refused(tmp_path: Path) -> None:
    folder = home(tmp_path)
    assert "2 in review" in aggregator(folder, "publish").stdout
    listed = json.loads(aggregator(folder, "review", "list", "--json").stdout)
    assert [(one["number"], one["mode"]) for one in listed] == [(1, "excerpt"), (2, "full")]
    told = aggregator(folder, "rights", "explain", article(1).url).stdout
    assert "excerpt     robots/noarchive" in told
    assert "in review; once a person releases it: excerpt of at most 300 characters" in told
    assert aggregator(folder, "review", "approve", "1").returncode == 0
    assert aggregator(folder, "review", "refuse", article(2).url, "--reason", "a hoax").returncode == 0
    assert "1 published, 0 updated, 1 refused" in aggregator(folder, "publish").stdout
    as_object = json.loads(aggregator(folder, "rights", "explain", article(2).url, "--json").stdout)
    assert as_object["decision"] == {"outcome": "refuse"}
    assert as_object["signals"][0]["code"] == "review/refused"
    assert "nothing waits" in aggregator(folder, "review", "list").stdout
    assert aggregator(folder, "review", "approve", "99").returncode == 66
    assert aggregator(folder, "rights", "explain", "https://harbour.example/none").returncode == 66


def test_two_cards_for_one_outlet_are_an_error_that_names_both(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    folder = tmp_path / "data" / "outlets"
    (folder / "wharf.toml").write_text((folder / "harbour.toml").read_text())
    done = aggregator(tmp_path, "outlet", "check")
    assert done.returncode == 78
    assert "harbour.toml and wharf.toml: expected one card for an outlet" in done.stderr


def test_a_changed_card_is_applied_to_what_is_out_and_a_dry_run_tells_before(tmp_path: Path) -> None:
    write_cards(tmp_path, "harbour")
    card = tmp_path / "data" / "outlets" / "harbour.toml"
    bare = card.read_text()
    card.write_text(bare + '[rights]\nmode = "full"\nlicence = "CC0-1.0"\n')
    db = Database.open(f"sqlite:///{tmp_path}/data/aggregator.sqlite3")
    articles.save(db, None, [page(article(1)), page(article(2))])
    db.close()
    assert "2 published" in aggregator(tmp_path, "publish").stdout
    assert "as the rights of today allow" in aggregator(tmp_path, "rights", "apply").stdout
    card.write_text(bare)
    told = aggregator(tmp_path, "rights", "apply", "harbour", "--dry-run").stdout
    assert "full to link  Pier 1 will be built" in told
    assert "2 narrowed" in told
    assert "nothing was changed" in told
    assert "published, full" in aggregator(tmp_path, "rights", "explain", article(1).url).stdout
    assert "what is out: 2 narrowed" in aggregator(tmp_path, "publish").stdout
    assert "published, link" in aggregator(tmp_path, "rights", "explain", article(1).url).stdout
    assert aggregator(tmp_path, "rights", "apply", "harbor").returncode == 64
