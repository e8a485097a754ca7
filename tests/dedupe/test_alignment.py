from dedupe.prose import article, edited, sentences
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.alignment import LEAST_WORDS, passages
from aggregator.dedupe.words import plain, words


def spans(one: str, other: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [(passage.one, passage.other) for passage in passages(words(one), words(other))]


def test_equal_texts_are_one_passage() -> None:
    text = article(1)
    count = len(words(text))
    assert spans(text, text) == [((0, count), (0, count))]


def test_an_edit_is_a_gap_inside_of_a_passage() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    (passage,) = passages(words(text), words(text.replace("six", "half a dozen")))
    assert [(run.one, run.other, run.words) for run in passage.runs] == [(0, 0, 5), (6, 8, 6)]


def test_a_paragraph_in_between_parts_passages() -> None:
    head, tail = " ".join(sentences(1, 3)), " ".join(sentences(2, 3))
    found = passages(words(f"{head} {tail}"), words(f"{head} {' '.join(sentences(3, 4))} {tail}"))
    assert len(found) == 2


def test_phrases_are_no_passages() -> None:
    assert spans("as soon as possible he said", "she went as soon as possible") == []


texts = st.lists(st.sampled_from(["ab", "cd", "ef", "gh", "ij"]), max_size=60).map(" ".join)


@given(texts, texts)
def test_runs_are_equal_words_in_order(one: str, other: str) -> None:
    first, second = words(one), words(other)
    a, b = plain(first).tolist(), plain(second).tolist()
    end = (0, 0)
    for passage in passages(first, second):
        assert passage.equal_words >= LEAST_WORDS
        for run in passage.runs:
            assert run.one >= end[0]
            assert run.other >= end[1]
            assert a[run.one : run.one + run.words] == b[run.other : run.other + run.words]
            assert run.words > 0
            end = run.one + run.words, run.other + run.words
    assert end[0] <= len(a)
    assert end[1] <= len(b)


def test_cost_of_repetition_stays_small() -> None:
    assert len(passages(words("tick tock " * 9000), words(edited("tick tock " * 9000, 0.1)))) < 5
