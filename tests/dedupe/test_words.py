from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.words import IS_NAME, IS_NUMBER, IS_UNSPACED, MOST_WORDS, plain, words


def flags(text: str) -> list[int]:
    return [word & (IS_NAME | IS_NUMBER | IS_UNSPACED) for word in words(text)]


def test_case_marks_quotes_and_invisible_characters_do_not_tell_words_apart() -> None:
    one = plain(words("Caf\u00e9 \u201cSOL\u201d opens\u200b at 9")).tolist()
    assert one == plain(words("cafe\u0301 sol, o\u00adpens at 9")).tolist()


def test_more_words_than_are_remembered_have_their_numbers_all_the_same() -> None:
    first = words("ship at Oslo")
    strange = list(words(" ".join(f"w{number:x}" for number in range(MOST_WORDS))))
    for turn in range(5):
        words(" ".join(f"{turn}x{number:x}" for number in range(MOST_WORDS)))
    assert words("ship at Oslo") == first
    assert words(" ".join(f"w{number:x}" for number in range(MOST_WORDS))).tolist() == strange


def test_a_capital_is_a_name_unless_it_opens_a_sentence() -> None:
    assert flags("Ships left Oslo. They met Anna: Nobody else.") == [0, 0, IS_NAME, 0, 0, IS_NAME, 0, 0]


def test_numbers_are_numbers_in_any_script() -> None:
    assert flags("at 14.5 and ٣ or 3rd") == [0, IS_NUMBER, IS_NUMBER, 0, IS_NUMBER, 0, IS_NUMBER]


def test_characters_of_scripts_without_spaces_are_words() -> None:
    assert flags("港の 花") == [IS_UNSPACED] * 3


def test_endless_texts_are_cut() -> None:
    assert len(words("ship " * (MOST_WORDS + 9))) == MOST_WORDS


@given(st.text())
def test_any_text_has_words_of_32_bits(text: str) -> None:
    assert all(0 <= word < 2**32 for word in words(text))
