"""Kinds of change that a pair of whole articles shows badly: single rules, and their limits."""

from pathlib import Path

import pytest

from aggregator.dedupe import wording
from aggregator.dedupe.change import classify
from aggregator.errors import ConfigError
from aggregator.model.article import Block, BlockKind
from aggregator.model.revision import ChangeKind, Version
from aggregator.store.history import is_furniture

TEXT = "The council met on the quay in the morning. Mayor Ada Penhallow spoke for an hour about ropes."


def version(*lines: str, headline: str = "Council talks about ropes", language: str = "en") -> Version:
    return Version(headline, None, tuple(Block(BlockKind.PARAGRAPH, line) for line in lines), language)


def kinds(older: str, newer: str, language: str = "en") -> list[str]:
    change = classify(
        version(TEXT, older, language=language), version(TEXT, newer, language=language), is_furniture
    )
    return [kind.value for kind in change.kinds]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("The ferry left for Iran on a calm sea.", "The ferry left for Iraq on a calm sea."),
        ("They will meet again in June on the quay.", "They will meet again in July on the quay."),
        ("They will meet again on Monday at noon.", "They will meet again on Sunday at noon."),
        ("It cost twelve pounds to mend the rope.", "It cost thirteen pounds to mend the rope."),
        ("It cost £40 to mend the rope.", "It cost €40 to mend the rope."),
        ("Half of the ropes were old and grey.", "A third of the ropes were old and grey."),
    ],
)
def test_dates_places_and_numbers_in_words_are_no_slips(older: str, newer: str) -> None:
    assert kinds(older, newer) == ["figure"]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("The harbour held 12,000 boats that year.", "The harbour held 12000 boats that year."),
        ("There were twelve ropes on the old quay.", "There were 12 ropes on the old quay."),
        ("She had recieved the letter in the evening.", "She had received the letter in the evening."),
        ("She sat in the cafe beside the harbour.", "She sat in the café beside the harbour."),
        ("Councillor Bea Ormrod asked for a delay.", "Councillor Bea Ormerod asked for a delay."),
    ],
)
def test_other_spellings_of_the_same_are_slips(older: str, newer: str) -> None:
    assert kinds(older, newer) == ["typo"]


@pytest.mark.parametrize(
    "news",
    [
        "The ministry corrected its figures for the third time this year.",
        "The journal retracted the study about ropes on Monday.",
        "A correction on the stock market made the ropes cheaper, traders said.",
    ],
)
def test_a_text_about_somebodys_correction_is_news_and_no_notice(news: str) -> None:
    assert kinds("Nobody left.", f"Nobody left. {news}") == ["update"]


def test_a_notice_that_stood_there_before_is_no_new_one() -> None:
    notice = "Correction: An earlier version of this article misspelt a name."
    older = version(TEXT, notice)
    newer = version(TEXT, "Three councillors left the room before the end of the debate.", notice)
    assert classify(older, newer, is_furniture).kinds == (ChangeKind.UPDATE,)


def test_a_story_that_says_it_was_updated_is_an_update_and_a_mere_stamp_is_nothing() -> None:
    assert kinds(
        "Nobody left.", "Nobody left. This story was updated on 3 March with a comment by the mayor."
    ) == ["update"]
    assert kinds("Nobody left.", "Nobody left. This story was updated on 3 March at 14:05.") == [
        "boilerplate"
    ]


def test_links_under_a_heading_that_is_furniture_do_not_count() -> None:
    def with_links(*links: str) -> Version:
        return version(TEXT, "You may also like", *links)

    older, newer = with_links("Ferries stay in port"), with_links("A whale in the marina", "Knots, explained")
    assert classify(older, newer, is_furniture).kinds == (ChangeKind.BOILERPLATE,)


def test_a_name_in_a_script_without_spaces_is_told_by_its_title() -> None:
    assert kinds("佐藤市長は会見で謝った。", "鈴木市長は会見で謝った。", "ja") == ["figure"]


def test_a_negation_turns_what_is_said() -> None:
    assert kinds("The pier will be built this year.", "The pier will not be built this year.") == ["update"]


def test_counts_tell_how_many_sentences_were_touched() -> None:
    older = version(TEXT, "It rained. The mayor went home by the last ferry of the day.")
    newer = version(
        TEXT.replace("an hour", "two hours"),
        "The mayor went home by the last ferry of the day. A storm tore three boats loose.",
    )
    change = classify(older, newer, is_furniture)
    assert (change.added, change.removed, change.changed) == (1, 1, 1)


def test_an_operators_phrases_are_read_with_ours(tmp_path: Path) -> None:
    own = tmp_path / "en.toml"
    own.write_text('labels = ["put right"]\n', encoding="utf-8")
    ours = Path(wording.__file__).parent / "wording" / "en.toml"
    known = wording.read([ours, own])
    assert known.labels.match("put right")
    assert known.labels.match("correction")


@pytest.mark.parametrize("text", ["labels = 3", "labels = [", 'stamps = [""]'])
def test_a_wrong_file_of_phrases_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "en.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"en\.toml"):
        wording.read([path])
