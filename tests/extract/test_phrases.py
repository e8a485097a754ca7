"""The phrase files that operators extend."""

import tomllib
from pathlib import Path

import pytest

from aggregator.extract import phrases
from aggregator.extract.plain import key

FILES = sorted(phrases.FOLDER.glob("*.toml"))
LISTS = {"is", "opens", "starts", "has", "alone", "rest"}


def test_at_least_twelve_languages_have_phrases() -> None:
    assert len(FILES) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_holds_known_kinds_and_lists_of_words(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(data) <= set(phrases.KINDS)
    for table in data.values():
        assert set(table) <= LISTS
        assert all(key(phrase) for values in table.values() for phrase in values)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_whole_line_phrase_is_recognised(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = [phrase for table in data.values() for phrase in table.get("is", ())]
    assert lines
    assert all(phrases.kind_of(line.upper()) for line in lines)


def test_long_paragraph_is_never_furniture() -> None:
    assert (
        phrases.kind_of("Sign up for our newsletter. " + "And then the story went on for a while. " * 10)
        is None
    )


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading this story.",
        "Il vous reste 60% de cet article à lire.",
        "Jetzt weiterlesen mit dem Hafenblatt-Abo",
        "続きを読むには会員登録が必要です",
        "Aby czytać dalej, zaloguj się",
    ],
)
def test_wall_is_told_from_an_offer(line: str) -> None:
    assert phrases.paywall_words(line) == "rest"


@pytest.mark.parametrize("line", ["Start your free trial today.", "Cancel anytime.", "Nur für Abonnenten"])
def test_offers_and_labels_of_others_withhold_nothing(line: str) -> None:
    assert phrases.paywall_words(line) == "offer"
