"""Furniture at the edges of paragraphs, and paragraphs that are furniture throughout."""

import pytest

from aggregator.extract.body import FoundBody
from aggregator.extract.cuts import cut
from aggregator.extract.known import Known, keys
from aggregator.model.article import Block, BlockKind, CutBlock

OTHER = (
    "The harbour council spoke of the bridge, the fishermen and their moorings until midnight, and nobody "
    "could say what the engineers would charge. Los pescadores del puerto esperan una respuesta del concejo."
)
NEWS = "The engineers told the fishermen on Tuesday that their boats may stay until the bridge is painted."
NOTICIA = (
    "Los pescadores preguntaron cuánto cuesta el muelle. La respuesta llegará en otoño, dijo la alcaldesa."
)


def parted(text: str, known: Known | None = None) -> tuple[list[str], list[CutBlock]]:
    """What stays of a paragraph behind another one, and what was cut."""
    blocks = (Block(BlockKind.PARAGRAPH, OTHER, place=0), Block(BlockKind.PARAGRAPH, text, place=1))
    kept, gone = cut(FoundBody(blocks), known or Known())
    assert kept[0].text == OTHER
    return [block.text for block in kept[1:]], list(gone)


@pytest.mark.parametrize(
    ("text", "call", "rule"),
    [
        (NEWS, "Subscribe to read the full article.", "flattened/paywall"),
        (NEWS, "Sign up for our newsletter.", "flattened/newsletter"),
        (NEWS, "Let us know in the comments below!", "flattened/comments"),
        (NOTICIA, "Suscríbete a nuestro canal de Telegram.", "flattened/newsletter"),
    ],
)
def test_only_the_call_at_a_paragraphs_end_is_cut(text: str, call: str, rule: str) -> None:
    stays, gone = parted(f"{text} {call}")
    assert stays == [text]
    assert [(one.text, one.rule, one.place, one.behind) for one in gone] == [(call, rule, 1, len(text))]


def test_calls_at_both_edges_are_cut_in_their_places() -> None:
    first, last = "Please sign up for our newsletter today.", "Subscribe to read the full article."
    stays, gone = parted(f"{first} {NEWS} {last}")
    assert stays == [NEWS]
    assert [(one.text, one.behind) for one in gone] == [(first, 0), (last, len(NEWS))]


def test_what_the_classifier_refuses_too_is_cut_whole() -> None:
    text = f"{NEWS} Sign up for our newsletter."
    blocks = (Block(BlockKind.PARAGRAPH, OTHER), Block(BlockKind.PARAGRAPH, text))
    _, gone = cut(FoundBody(blocks, frozenset({1})), Known())
    assert [(one.text, one.rule) for one in gone] == [(text, "phrase/newsletter")]


@pytest.mark.parametrize(
    "text",
    [
        "There is a great deal more where that came from, and it waits for you every day of the week.",
        "The engineers and fishermen agreed.",
        "Jane Roe writes of engineers, fishermen and of every other person whom the harbour has ever fed.",
        "Write to the engineers and the fishermen of our desk at desk@harbour.example, or call us.",
        "Have you ever spoken to the engineers or to the fishermen of whom we write here nearly every day?",
    ],
)
def test_a_paragraph_that_leads_to_its_call_is_cut_whole(text: str) -> None:
    whole = f"{text} Sign up for our newsletter."
    stays, gone = parted(whole, Known(byline=keys(["Jane Roe"])))
    assert stays == []
    assert [(one.text, one.rule) for one in gone] == [(whole, "phrase/newsletter")]
