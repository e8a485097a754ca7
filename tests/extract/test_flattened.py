"""Furniture that was flattened into running text, and text that only looks like it."""

import pytest

from aggregator.extract.flattened import Caption, cut_inside
from aggregator.model.article import Block, BlockKind

TEXT = (
    "The ferry sails at noon, and the crew says that it will sail in any weather. What the harbour needs is "
    "a crane, what it has is a rope. Nobody knows what the council will decide."
)


def inside(*paragraphs: str) -> tuple[list[str], list[str]]:
    """What is left of paragraphs, and what was cut."""
    kept, cuts, _ = cut_inside([Block(BlockKind.PARAGRAPH, text) for text in paragraphs])
    return [block.text for block in kept], [cut.text for cut in cuts]


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        (TEXT, "Read also: Gulls learn to count in Port Wrenley", "What comes next is unclear."),
        (TEXT, "Read also: Has the tide turned for good?", "Mayor Orme thinks not."),
        (
            TEXT,
            "Lire aussi : Article réservé à nos abonnés Le phare de Penn Lann rouvre",
            "What remains is fog.",
        ),
        (TEXT, "Lesen Sie auch: Die Fähre fährt wieder", ""),
        (TEXT, "관련기사: 갈매기가 항구에서 숫자를 배운다", ""),
        (TEXT, "관련 기사: 갈매기가 항구에서 숫자를 배운다", ""),
    ],
)
def test_a_read_also_line_inside_a_paragraph_is_cut_to_its_headlines_end(
    before: str, line: str, after: str
) -> None:
    kept, cuts = inside(f"{before} {line} {after}".strip())
    assert kept == [f"{before} {after}".strip()]
    assert cuts == [line]


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT} The sign says: Read also the small print. {TEXT}",
        f"{TEXT} 관련기사: 갈매기가 숫자를 배운다. 시장은 놀랐다.",
        f"{TEXT} Video: The crew waves from the deck. {TEXT}",
        f"{TEXT} He asked what to read also: the novel or the poem, and {TEXT}",
    ],
)
def test_text_that_only_holds_such_words_stays(text: str) -> None:
    assert inside(text) == ([text], [])


def test_notices_at_the_very_end_are_cut_one_by_one() -> None:
    notices = ("Il vous reste 60% de cet article à lire.", "La suite est réservée aux abonnés.")
    kept, cuts = inside(TEXT, f"{TEXT} {' '.join(notices)}")
    assert kept == [TEXT, TEXT]
    assert cuts == [notices[1], notices[0]]


def test_a_notice_in_the_middle_is_the_articles_own_sentence() -> None:
    text = f"Les loges sont réservées aux abonnés. {TEXT}"
    assert inside(text) == ([text], [])


def test_a_caption_with_its_agency_before_the_text_is_cut_and_kept_for_the_picture() -> None:
    words = "The mayor greets the crew of the new ferry at Port Wrenley on Tuesday."
    kept, cuts, caption = cut_inside([Block(BlockKind.PARAGRAPH, f"{words} AP {TEXT}")])
    assert [block.text for block in kept] == [TEXT]
    assert [cut.rule for cut in cuts] == ["flattened/caption"]
    assert caption == Caption(words, "AP")


@pytest.mark.parametrize(
    "text", [f"They told AP that the ferry sails. {TEXT}", f"The mayor resigned. AP said so first. {TEXT}"]
)
def test_an_agency_in_a_sentence_is_no_credit(text: str) -> None:
    assert inside(text) == ([text], [])


def test_what_is_no_paragraph_stays() -> None:
    quote = Block(BlockKind.QUOTE, f"{TEXT} Read also: Gulls learn to count")
    assert cut_inside([quote])[0] == (quote,)
