"""The cards folder under a running scheduler: changes are seen, a wrong card stops nobody else."""

import logging
import os
from pathlib import Path

import pytest
from store.samples import outlet

from aggregator.config import Settings
from aggregator.outlets import write
from aggregator.schedule.cards import Cards
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(outlets=tmp_path / "cards")


def change(path: Path, text: str) -> None:
    """Write a file so that its time moves even on a coarse clock."""
    path.write_text(text, encoding="utf-8")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_new_changed_and_removed_cards_are_seen_and_the_store_follows(
    db: Database, settings: Settings
) -> None:
    write(outlet("harbour"), settings.outlets)
    cards = Cards(db, settings)
    assert not cards.refresh()
    card = write(outlet("summit"), settings.outlets)
    assert cards.refresh()
    assert set(cards.outlets) == {"harbour", "summit"}
    change(card, card.read_text(encoding="utf-8").replace("Summit", "Peak"))
    assert cards.refresh()
    assert {summary.name for summary in stored_outlets.summaries(db)} >= {"The Peak Post"}
    card.unlink()
    assert cards.refresh()
    assert set(cards.outlets) == {"harbour"}


def test_card_that_became_wrong_stays_in_force_as_it_was(
    db: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    write(outlet("harbour"), settings.outlets)
    card = write(outlet("summit"), settings.outlets)
    cards = Cards(db, settings)
    change(card, "name = 7\n")
    with caplog.at_level(logging.ERROR):
        cards.refresh()
        cards.refresh()
    assert set(cards.outlets) == {"harbour", "summit"}
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "summit.toml" in caplog.text


def test_a_start_without_any_card_waits_for_the_first_one(
    db: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    cards = Cards(db, settings)
    assert cards.outlets == {}
    assert "aggregator outlet new" in caplog.text
    write(outlet("harbour"), settings.outlets)
    assert cards.refresh()
    assert set(cards.outlets) == {"harbour"}


def test_what_an_editor_leaves_beside_a_card_disturbs_nobody(
    db: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    write(outlet("harbour"), settings.outlets)
    (settings.outlets / ".#harbour.toml").symlink_to("ada@desk.4711")
    cards = Cards(db, settings)
    (settings.outlets / "gone.toml").symlink_to("nowhere")
    with caplog.at_level(logging.ERROR):
        assert cards.refresh()
    assert set(cards.outlets) == {"harbour"}
    assert "gone.toml: cannot be read" in caplog.text
