"""A line that names the outlet which had the text first."""

import pytest

from aggregator.extract import credit_line
from aggregator.model.article import Block, BlockKind


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "This article was first published by The Harbour Post and is republished under CC BY.",
            "The Harbour Post",
        ),
        ("“This story was originally published by Tide, a newsroom of the coast.", "Tide"),
        ("Republished from Global Dunes under a Creative Commons licence", "Global Dunes"),
        ("First published in The Tide Review", "The Tide Review"),
        (
            "Dieser Artikel erschien zuerst bei Der Hafenbote und wird hier mit Erlaubnis gezeigt.",
            "Der Hafenbote",
        ),
        ("Cet article a d’abord été publié par Le Phare du Nord.", "Le Phare du Nord"),
        ("Este artículo fue publicado originalmente en El Faro del Sur (2026).", "El Faro del Sur"),
        ("Questo articolo è stato pubblicato originariamente su La Marea.", "La Marea"),
        ("Dit artikel verscheen eerder op Havenblad, met toestemming overgenomen.", "Havenblad"),
        ("本文首发于《海港日报》，作者授权转载。", "海港日报"),
        ("初出：『港新聞』2026年3月", "港新聞"),
        ("نشر هذا المقال أولا في صحيفة الميناء", "صحيفة الميناء"),
    ],
)
def test_the_outlet_that_had_the_text_first_is_read(line: str, name: str) -> None:
    assert credit_line.named(line) == name


@pytest.mark.parametrize(
    "line",
    [
        "First published on 3 March 2026",
        "This story was originally published on Monday",
        "This article was originally published in April 2020 and was updated in 2024.",
        "This piece originally appeared in print",
        "First published in The Tide Review, the study found that ferries are late in every second year.",
        "The first published reference to a ferry of which we are aware is a letter.",
        "This article was first published by The Harbour Post" + " and others" * 30,
        "本文首发于",
        "",
    ],
)
def test_dates_sentences_and_nobody_are_no_outlet(line: str) -> None:
    assert credit_line.named(line) is None


def block(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


CREDIT = "This article was first published by The Harbour Post."


def test_the_line_counts_at_the_edges_and_not_for_its_own_outlet() -> None:
    story = [block(f"The ferry was late on day {number}.") for number in range(12)]
    strangers = ("www.digest.example", "Digest")
    assert credit_line.find([*story, block(CREDIT)], (), strangers) == CREDIT
    assert credit_line.find([block(CREDIT), *story], (), strangers) == CREDIT
    assert credit_line.find([*story[:6], block(CREDIT), *story[6:]], (), strangers) is None
    assert credit_line.find([*story, block(CREDIT)], (), ("www.harbour.example", "Harbour Post")) is None
    assert credit_line.find([*story, block(CREDIT)], (), ("www.theharbourpost.example", "")) is None
