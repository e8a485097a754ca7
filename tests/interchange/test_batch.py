"""An import is noted before its cards are written, and can be undone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from interchange.lists import opml, outline

from aggregator import outlets
from aggregator.errors import ListError
from aggregator.interchange import batch, reading
from aggregator.interchange.merging import New, Wanted, plan

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def new(*names: str) -> tuple[New, ...]:
    data = opml(outline(f"https://{name}.example/rss", name) for name in names)
    return plan(reading.read(data, ""), {}, Wanted()).new


def slugs(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.toml"))


def test_undo_takes_the_cards_of_the_last_import_and_leaves_those_that_were_changed(tmp_path: Path) -> None:
    batch.write(new("harbour"), tmp_path, "one.opml", AT)
    batch.write(new("quai", "mole"), tmp_path, "two.opml", AT)
    (tmp_path / "mole.toml").write_text((tmp_path / "mole.toml").read_text() + "# mine\n")
    done = batch.undo(tmp_path, None, AT)
    assert (done.removed, done.changed, done.gone) == (("quai",), ("mole",), ())
    assert slugs(tmp_path) == ["harbour", "mole"]
    (tmp_path / "harbour.toml").unlink()
    assert batch.undo(tmp_path, None, AT).gone == ("harbour",)
    assert [(one.origin, one.undone_at) for one in batch.batches(tmp_path)] == [
        ("one.opml", AT),
        ("two.opml", AT),
    ]
    with pytest.raises(ListError, match="no import"):
        batch.undo(tmp_path, None, AT)
    with pytest.raises(ListError, match="undone already"):
        batch.undo(tmp_path, done.batch.name, AT)


def test_import_that_is_cut_off_can_be_undone_and_the_next_one_adds_the_rest(tmp_path: Path) -> None:
    cards = new("harbour", "quai", "mole")

    def cut() -> None:
        if len(slugs(tmp_path)) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.write(cards, tmp_path, "list.opml", AT, cut)
    assert len(outlets.load(tmp_path)) == 2
    rest = plan(
        reading.read(
            opml(outline(f"https://{each}.example/rss") for each in ("harbour", "quai", "mole")), ""
        ),
        outlets.load(tmp_path),
        Wanted(),
    )
    assert [one.outlet.slug for one in rest.new] == ["mole"]
    assert batch.undo(tmp_path, None, AT).gone == ("mole",)
    assert slugs(tmp_path) == []


def test_card_that_came_meanwhile_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "harbour.toml").write_text("mine")
    batch.write(new("harbour"), tmp_path, "list.opml", AT)
    assert batch.undo(tmp_path, None, AT).changed == ("harbour",)
    assert (tmp_path / "harbour.toml").read_text() == "mine"


def test_note_that_names_files_elsewhere_or_is_broken_does_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "cards" / batch.FOLDER
    folder.mkdir(parents=True)
    victim = tmp_path / "victim.toml"
    victim.write_text("")
    mark = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    note = {"at": AT.isoformat(), "from": "x", "undone_at": None, "cards": {"../victim": mark}}
    (folder / "a.json").write_text(json.dumps(note))
    (folder / "b.json").write_text("{")
    with pytest.raises(ListError, match="no import"):
        batch.undo(tmp_path / "cards", None, AT)
    assert victim.exists()
