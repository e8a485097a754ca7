"""The markup of blocks: their kinds come through, foreign words stay words."""

import pytest
from lxml import html
from published import LIVE
from store.samples import lines

from aggregator.model.article import Block, BlockKind
from aggregator.site import markup


def test_each_kind_of_block_has_its_element() -> None:
    blocks = (
        *lines("First."),
        Block(BlockKind.HEADING, "What comes next", 2),
        Block(BlockKind.LIST_ITEM, "Ropes"),
        Block(BlockKind.LIST_ITEM, "Tides"),
        *lines("Between."),
        Block(BlockKind.LIST_ITEM, "Cranes"),
        Block(BlockKind.QUOTE, "It sails."),
        Block(BlockKind.QUOTE, "At noon."),
        Block(BlockKind.TABLE, "Mon | 08:00"),
    )
    assert markup.body(blocks).splitlines() == [
        "<p>First.</p>",
        "<h2>What comes next</h2>",
        "<ul><li>Ropes</li><li>Tides</li></ul>",
        "<p>Between.</p>",
        "<ul><li>Cranes</li></ul>",
        "<blockquote><p>It sails.</p><p>At noon.</p></blockquote>",
        '<p class="row">Mon | 08:00</p>',
    ]


def test_headings_start_below_the_headline_and_skip_no_level() -> None:
    levels = [4, 6, 4, 3]
    made = markup.elements(Block(BlockKind.HEADING, "Heading", level) for level in levels)
    assert [each.tag for each in made] == ["h3", "h4", "h3", "h2"]


@pytest.mark.parametrize("kind", BlockKind)
@pytest.mark.parametrize("live", LIVE)
def test_hostile_words_stay_words_in_every_kind(kind: BlockKind, live: str) -> None:
    read = html.fragment_fromstring(markup.body((Block(kind, live, 2),)), create_parent="div")
    assert read.text_content() == live
    assert {each.tag for each in read.iter()} <= {"div", "p", "h2", "ul", "li", "blockquote"}


def test_no_blocks_are_no_markup() -> None:
    assert markup.body(()) == ""
