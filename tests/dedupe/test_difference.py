"""The difference of two versions: sentences kept, changed, added, removed, moved."""

import pytest
from paced import within

from aggregator.dedupe.difference import difference
from aggregator.model.article import Block, BlockKind
from aggregator.model.revision import Difference, Fate, Mark, Version

FIRST = "The council met on the quay in the morning. It voted for the new pier by nine to eight."
SECOND = "The mayor was not there. She had taken the night ferry to Skerry."


def version(*lines: str, headline: str = "A pier", language: str = "en") -> Version:
    return Version(headline, None, tuple(Block(BlockKind.PARAGRAPH, line) for line in lines), language)


def compare(older: Version, newer: Version) -> Difference:
    return difference(older, newer, lambda line: line.startswith("Read also"))


def fates(older: Version, newer: Version) -> list[str]:
    return [each.fate.value for each in compare(older, newer).sentences]


def test_equal_versions_are_kept_whatever_their_paragraphs_and_quotation_marks() -> None:
    assert fates(version(FIRST, SECOND), version(f"{FIRST} {SECOND}")) == ["kept"] * 4
    assert fates(version("“Never,” he said."), version('"Never," he said.')) == ["kept"]


def test_words_inside_of_a_sentence_are_marked() -> None:
    found = compare(version(FIRST), version(FIRST.replace("nine to eight", "ten to seven"))).sentences
    assert [each.fate for each in found] == [Fate.KEPT, Fate.CHANGED]
    assert [(piece.mark, piece.text) for piece in found[1].pieces] == [
        (Mark.SAME, "It voted for the new pier by "),
        (Mark.DELETED, "nine "),
        (Mark.INSERTED, "ten "),
        (Mark.SAME, "to "),
        (Mark.DELETED, "eight"),
        (Mark.INSERTED, "seven"),
        (Mark.SAME, "."),
    ]
    assert found[1].older == "It voted for the new pier by nine to eight."
    assert found[1].newer == "It voted for the new pier by ten to seven."


def test_sentences_come_go_and_move() -> None:
    assert fates(version(FIRST), version(FIRST, SECOND)) == ["kept", "kept", "added", "added"]
    assert fates(version(FIRST, SECOND), version(FIRST)) == ["kept", "kept", "removed", "removed"]
    moved = fates(version(FIRST, SECOND), version(SECOND, FIRST))
    assert sorted(moved) == ["kept", "kept", "moved", "moved"]


def test_furniture_is_left_out() -> None:
    older, newer = version(FIRST, "Read also: Ferries stay"), version(FIRST, "Read also: Ferries go")
    assert fates(older, newer) == ["kept", "kept"]


def test_headline_and_standfirst_tell_their_words() -> None:
    found = compare(version(FIRST, headline="A pier"), version(FIRST, headline="A new pier"))
    assert found.headline is not None
    assert [piece.text for piece in found.headline.pieces if piece.mark is Mark.INSERTED] == ["new "]
    assert found.dek is None


def test_a_standfirst_that_opens_the_body_tells_its_change_once() -> None:
    def with_dek(cost: str) -> Version:
        dek = f"The pier will cost {cost} crowns."
        return Version("A pier", dek, version(f"{dek} {SECOND}").blocks, "en")

    found = compare(with_dek("ten"), with_dek("twelve"))
    assert found.dek is None
    assert [each.fate for each in found.sentences] == [Fate.CHANGED, Fate.KEPT, Fate.KEPT]


@pytest.mark.parametrize(
    ("language", "older", "newer", "gone", "came"),
    [
        ("ar", "حضر الافتتاح 300 شخص. وغنى الأطفال.", "حضر الافتتاح 400 شخص. وغنى الأطفال.", "300 ", "400 "),
        ("ja", "費用は2億円だ。工事は春に始まる。", "費用は3億円だ。工事は春に始まる。", "2億", "3億"),
        ("de", "Am 3. Mai kam sie. Er ging.", "Am 4. Mai kam sie. Er ging.", "3", "4"),
    ],
)
def test_sentences_of_any_script_are_compared(
    language: str, older: str, newer: str, gone: str, came: str
) -> None:
    found = compare(version(older, language=language), version(newer, language=language)).sentences
    assert [each.fate for each in found] == [Fate.CHANGED, Fate.KEPT]
    marks = {piece.mark: piece.text for piece in found[0].pieces if piece.mark is not Mark.SAME}
    assert marks == {Mark.DELETED: gone, Mark.INSERTED: came}


def test_long_texts_without_anything_in_common_take_no_quadratic_time() -> None:
    older = version(*(f"Number {n} was told about boat {n * 7} on the quay." for n in range(2000)))
    newer = version(*(f"Zahl {n} kam nie aus dem Hafen von Ort {n * 3} an." for n in range(2000)))
    with within(10):
        assert set(fates(older, newer)) == {"added", "removed"}


def test_a_sentence_without_end_is_not_compared_word_by_word() -> None:
    older, newer = (version(" ".join(f"{word}{n}" for n in range(5000))) for word in ("a", "b"))
    assert set(fates(older, newer)) == {"added", "removed"}
