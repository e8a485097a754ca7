"""What is cut from the body, and what must stay."""

from datetime import UTC, datetime

import pytest

from aggregator.errors import CardError
from aggregator.extract.body import FoundBody
from aggregator.extract.cuts import cut
from aggregator.extract.known import Known, days, keys
from aggregator.model.article import Block, BlockKind

TEXT = "The new bridge over the harbour opened on Tuesday after six years of work and two changes of plan."


def paragraphs(*texts: str) -> FoundBody:
    return FoundBody(tuple(Block(BlockKind.PARAGRAPH, text) for text in texts))


def kept(*texts: str, links: frozenset[str] = frozenset(), byline: tuple[str, ...] = ()) -> list[str]:
    blocks, _ = cut(paragraphs(*texts), Known(links=links, byline=keys(byline)))
    return [block.text for block in blocks]


def test_own_headline_is_cut_and_recorded() -> None:
    blocks, gone = cut(paragraphs("Bridge opens!", TEXT), Known(headlines=keys(["BRIDGE OPENS"])))
    assert [block.text for block in blocks] == [TEXT]
    assert [(one.text, one.rule) for one in gone] == [("Bridge opens!", "headline")]


def test_doubtful_block_goes_under_the_rule_that_knows_more() -> None:
    found = FoundBody(paragraphs(TEXT, "Share this article", TEXT + " Again.").blocks, frozenset({1, 2}))
    blocks, gone = cut(found, Known())
    assert [block.text for block in blocks] == [TEXT]
    assert [one.rule for one in gone] == ["phrase/share", "unlikely"]


@pytest.mark.parametrize(
    "line",
    [
        "Source link",
        "Read also: The old bridge comes down",
        "Lire aussi : Le vieux pont disparaît",
        "Lesen Sie auch: Die alte Brücke verschwindet",
        "اقرأ أيضا: الجسر القديم يختفي",
        "関連記事：古い橋が姿を消す",
        "Sign up for our newsletter to get the news in the morning.",
        "Inscrivez-vous à notre newsletter.",
        "© 2026 The Harbour. All rights reserved.",
        "Share this article",
        "Leave a comment",
        "Advertisement",
        "Photo: Jane Roe / The Harbour",
    ],
)
def test_furniture_is_cut(line: str) -> None:
    assert kept(TEXT, line, TEXT) == [TEXT, TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "Read the room, said the mayor, and went home without another word about the toll.",
        "The newsletter of the harbour company had announced the opening a week before.",
        "All the copyright lawyers of the town were on the bridge as well.",
        "He has to pay the share of the costs that nobody else wants to pay.",
        "Related to this, the council decided to build a new pier on the eastern side.",
        "Le journal a publié les commentaires de ses lecteurs sur le nouveau pont.",
        "Die Quelle des Flusses liegt weit hinter den Bergen, und niemand kennt sie genau.",
        "Comments by the mayor did not help: the toll stays.",
    ],
)
def test_text_that_only_resembles_furniture_stays(line: str) -> None:
    assert kept(TEXT, line, TEXT) == [TEXT, line, TEXT]


def test_related_list_at_the_end_goes_with_its_heading() -> None:
    assert kept(TEXT, "You may also like", "The old bridge comes down", "Ferries lose passengers") == [TEXT]


def test_text_behind_a_related_heading_stays() -> None:
    link = "The old bridge comes down"
    assert kept(TEXT, "Related articles", link, TEXT, links=frozenset({link})) == [TEXT, TEXT]


@pytest.mark.parametrize("line", ["Read also:", "Lire aussi :", "Lesen Sie auch:", "関連記事："])
def test_links_below_a_bare_read_also_go_with_it_and_text_stays(line: str) -> None:
    titles = "The old bridge comes down", "Ferries lose passengers"
    assert kept(TEXT, line, *titles, TEXT, links=frozenset(titles)) == [TEXT, TEXT]
    assert kept(TEXT, line, "The mayor kept the toll.", TEXT, links=frozenset(titles)) == [
        TEXT, "The mayor kept the toll.", TEXT,
    ]  # fmt: skip


def test_the_next_heading_stays_below_a_bare_read_also_though_the_contents_lead_to_it() -> None:
    link, heading = (
        Block(BlockKind.PARAGRAPH, "Ferries lose passengers"),
        Block(BlockKind.HEADING, "What it cost", 2),
    )
    blocks = (*paragraphs(TEXT, "Read also:").blocks, link, heading, *paragraphs(TEXT).blocks)
    left, _ = cut(FoundBody(blocks), Known(links=frozenset({link.text, heading.text})))
    assert [one.text for one in left] == [TEXT, "What it cost", TEXT]


def test_a_button_to_read_on_takes_no_links_with_it() -> None:
    title = "Ferries lose passengers"
    assert kept(TEXT, "Read more", title, TEXT, links=frozenset({title})) == [TEXT, title, TEXT]


def test_a_heading_to_read_also_takes_its_links_with_it() -> None:
    line, link = (
        Block(BlockKind.HEADING, "Read also", 3),
        Block(BlockKind.LIST_ITEM, "Ferries lose passengers"),
    )
    blocks = (*paragraphs(TEXT).blocks, line, link, *paragraphs(TEXT).blocks)
    left, gone = cut(FoundBody(blocks), Known(links=frozenset({link.text})))
    assert [one.text for one in left] == [TEXT, TEXT]
    assert [(one.text, one.rule) for one in gone] == [
        ("Read also", "phrase/read_also"), ("Ferries lose passengers", "phrase/read_also"),
    ]  # fmt: skip


def test_a_line_that_says_more_than_read_also_takes_no_links_with_it() -> None:
    line, title = "Read also: The old bridge comes down", "Ferries lose passengers"
    assert kept(TEXT, line, title, TEXT, links=frozenset({title})) == [TEXT, title, TEXT]


def test_read_also_without_a_colon_is_cut_only_as_a_link() -> None:
    line = "Read more about the old bridge and the people who have painted it for many a year"
    assert kept(TEXT, line) == [TEXT, line]
    assert kept(TEXT, line, links=frozenset({line})) == [TEXT]


def test_card_lines_match_whole_blocks_only() -> None:
    blocks, gone = cut(
        paragraphs("Harbour live 12:30", f"Harbour live: {TEXT}"), Known(lines=(r"Harbour live [\d:]+",))
    )
    assert [block.text for block in blocks] == [f"Harbour live: {TEXT}"]
    assert gone[0].rule == "card/cut_lines"


def test_wrong_card_line_names_the_expression() -> None:
    with pytest.raises(CardError, match=r"\(unclosed"):
        cut(paragraphs(TEXT), Known(lines=("(unclosed",)))


def test_heading_without_text_behind_it_goes() -> None:
    heading = Block(BlockKind.HEADING, "What else", 2)
    blocks, gone = cut(FoundBody((*paragraphs(TEXT).blocks, heading)), Known())
    assert [block.text for block in blocks] == [TEXT]
    assert gone[-1].rule == "bare heading"


@pytest.mark.parametrize(
    "line",
    [
        "The mayor on the bridge Credit: Jane Roe/The Harbour",
        "The mayor cuts the ribbon (AP Photo/Jane Roe)",
        "People walk across the new bridge. Jane Roe via Getty Images",
        "Tuesday's walk across the bridge © Jane Roe",
        "03.03.2026, 12:30 Uhr",
        "2026/03/03",
        "By Jane Roe",
        "JANE ROE",
        "The old bridge comes down The old bridge comes down",
    ],
)
def test_line_of_a_telling_shape_is_cut(line: str) -> None:
    assert kept(TEXT, line, TEXT, byline=("Jane Roe",)) == [TEXT, TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "Jane Roe was the first to walk across it, and she will remember that day.",
        "In 2026 the bridge carried 12,000 cars a day.",
        "The credit for the bridge goes to its engineers: they never gave up hope.",
        "1-0",
        "02-751-1500",
        "By John Doe’s count there were five thousand.",
    ],
)
def test_text_of_a_similar_shape_stays(line: str) -> None:
    assert kept(TEXT, line, TEXT, byline=("Jane Roe",)) == [TEXT, line, TEXT]


DAY = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
LONG = "The council met on the quay in the morning and decided, after a debate about cranes and tides, " * 3


@pytest.mark.parametrize(
    "line",
    [
        "公開 2026年11月23日 8:47",
        "Mis à jour le 24 novembre 2026 à 00h32",
        "Published: Monday, November 23, 2026, 10:30 PM GMT",
        "نُشر في ٢٣ نوفمبر ٢٠٢٦",
    ],
)
def test_a_line_that_only_dates_the_article_is_cut_above_its_text(line: str) -> None:
    known = Known(days=days(DAY, None))
    blocks, gone = cut(paragraphs(line, LONG, line), known)
    assert [block.text for block in blocks] == [LONG, line]
    assert [one.rule for one in gone] == ["shape/dateline"]


@pytest.mark.parametrize(
    "line",
    [
        "On 23 November 2026 the council met.",
        "23 November 1926, as the older people of the town still remember it today",
        "Flood of 23",
    ],
)
def test_a_line_that_says_more_than_the_articles_date_stays(line: str) -> None:
    known = Known(days=days(DAY))
    blocks, _ = cut(paragraphs(line, LONG), known)
    assert blocks[0].text == line
