"""What is remembered of a text that must not come back."""

import pytest
from dedupe.prose import article, edited, sentences

from aggregator.dedupe.marks import LEAST_RUNS, barred, mark_of, marks
from aggregator.dedupe.words import words

MARKED = marks(words(article(1)))


def is_barred(text: str) -> bool:
    found = [1 for run in marks(words(text)) if run in MARKED]
    return barred(found, {1: len(MARKED)}) == 1


@pytest.mark.parametrize(
    "text",
    [
        article(1),
        article(1).upper().replace(",", " –"),
        " ".join(sentences(1)[:15]),
        " ".join(sentences(1)[2:]),
        edited(article(1), 0.05),
        f"{' '.join(sentences(2))} {article(1)} {' '.join(sentences(3))}",
    ],
    ids=["itself", "another typography", "without its end", "without its lead", "edited", "inside another"],
)
def test_a_text_that_holds_most_of_a_marked_one_is_barred(text: str) -> None:
    assert is_barred(text)


@pytest.mark.parametrize(
    "text",
    [
        article(2),
        " ".join(sentences(1)[:4]),
        f"{' '.join(sentences(2, 6))} {' '.join(sentences(1)[:6])}",
        "",
    ],
    ids=["another article", "a quotation", "a third of it in another", "no text"],
)
def test_other_texts_are_not(text: str) -> None:
    assert not is_barred(text)


def test_a_phrase_bars_nothing() -> None:
    notice = marks(words("This video is no longer available in your country."))
    assert len(notice) < LEAST_RUNS
    assert barred(notice, dict.fromkeys(notice, len(notice))) is None
    assert barred([1] * len(notice), {1: len(notice)}) is None


def test_of_several_marked_texts_the_fullest_is_named() -> None:
    assert barred([1] * 80 + [2] * 95, {1: 100, 2: 100}) == 2


def test_marks_of_scripts_without_spaces_and_of_hashes() -> None:
    text = "議会は火曜日に新しい桟橋の建設を決めた。工事は五月に始まり、秋の嵐の前に終わる予定だ。"
    assert len(marks(words(text))) >= LEAST_RUNS
    assert 0 <= mark_of("ff" * 16) < 1 << 63
    assert mark_of("ff" * 16) != mark_of("fe" * 16)
