"""Whether the text is the whole article."""

import pytest

from aggregator.extract.claims import Found
from aggregator.extract.completeness import judge
from aggregator.model.article import Block, BlockKind, Completeness, CutBlock

TEXT = "The new bridge over the harbour opened on Tuesday after six years of work."


def judged(text: str = TEXT, cuts: tuple[CutBlock, ...] = (), *, is_free: bool | None = None) -> Completeness:
    claim = None if is_free is None else Found(is_free, "json-ld:isAccessibleForFree")
    return judge([Block(BlockKind.PARAGRAPH, text)], cuts, claim).value


def test_text_is_full_unless_something_says_otherwise() -> None:
    assert judged() is Completeness.FULL
    assert judged(is_free=True) is Completeness.FULL


def test_publishers_statement_makes_it_paywalled() -> None:
    assert judged(is_free=False) is Completeness.PAYWALLED


def test_cut_paywall_line_makes_it_paywalled() -> None:
    line = "Subscribe to continue reading this article."
    assert judged(cuts=(CutBlock(line, "phrase/paywall"),)) is Completeness.PAYWALLED


def test_paywall_words_at_the_end_of_a_paragraph_count() -> None:
    end = "Il vous reste 60% de cet article à lire. La suite est réservée aux abonnés."
    assert judged(f"{TEXT * 5} {end}") is Completeness.PAYWALLED


@pytest.mark.parametrize("end", ["[…]", "[...]", "and the…", "and the ..."])
def test_text_that_breaks_off_is_a_teaser(end: str) -> None:
    assert judged(f"{TEXT} {end}") is Completeness.TEASER
