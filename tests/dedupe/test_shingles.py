from dedupe.prose import article, edited
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.shingles import LEAD_SHINGLES, MOST_OTHER_ROWS, sample
from aggregator.dedupe.words import words


@given(st.text(max_size=2000))
def test_rows_are_among_the_probes_and_few(text: str) -> None:
    found = sample(words(text))
    assert set(found.rows) <= set(found.probes)
    assert len(found.rows) <= LEAD_SHINGLES + MOST_OTHER_ROWS
    assert all(0 <= row < 2**47 for row in found.probes)


def test_long_texts_keep_about_forty_rows() -> None:
    assert 30 <= len(sample(words(article(1, 200))).rows) <= 55


def test_a_first_quarter_and_an_edited_copy_share_rows_with_the_text() -> None:
    text = article(2, 40)
    rows = set(sample(words(text)).rows)
    assert len(rows & set(sample(words(text[: len(text) // 4])).probes)) >= 8
    assert len(rows & set(sample(words(edited(text, 0.2))).probes)) >= 5


def test_a_foreign_word_does_not_change_the_other_shingles() -> None:
    text = article(3)
    rows = set(sample(words(text)).rows)
    assert len(rows & set(sample(words(f"東京 — {text}")).probes)) >= len(rows) - 2


def test_strangers_share_no_row() -> None:
    assert not set(sample(words(article(4))).rows) & set(sample(words("Something else. " * 40)).probes)
