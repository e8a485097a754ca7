"""A verbatim text is what its outlet wrote, byte for byte, inside its frame."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish import cases

from aggregator.extract.learned import Learned
from aggregator.extract.page import extract
from aggregator.extract.places import placed
from aggregator.extract.reasons import WORDS
from aggregator.model.article import Article, Block, BlockKind, CutBlock
from aggregator.model.boilerplate import Ruling
from aggregator.model.outlet import Outlet, Rights, RightsMode, Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.publish.render import render
from aggregator.publish.rights import decide
from aggregator.publish.verbatim import is_frame, verbatim

PARAGRAPH = BlockKind.PARAGRAPH
FRAME = ["headline", "phrase/newsletter", "phrase/share", "learned/line@12", "card/.ad", "bare heading"]
WORK = ["flattened/read_also", "phrase/copyright", "a rule of tomorrow"]
BETWEEN = ["phrase/read_also", "unlikely"]
RIGHTS = Rights(RightsMode.FULL, licence="CC-BY-ND-4.0", verbatim=True)
OUTLET = Outlet("example", "The Example", "https://www.example.org/", "en", "GB", seeds=(), rights=RIGHTS)
WORD = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)
LINE = st.lists(WORD, min_size=1, max_size=9).map(" ".join)


def text(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


@settings(deadline=None)
@given(st.lists(st.tuples(LINE, st.sampled_from(["kept", *FRAME, *WORK, *BETWEEN])), max_size=14))
def test_whole_blocks_of_the_work_come_back_to_their_places_and_no_frame_does(
    lines: list[tuple[str, str]],
) -> None:
    blocks = [Block(PARAGRAPH, line, place=number) for number, (line, _) in enumerate(lines)]
    fates = [fate for _, fate in lines]
    kept = [block for block, fate in zip(blocks, fates, strict=True) if fate == "kept"]
    cut = [CutBlock.whole(block, fate) for block, fate in zip(blocks, fates, strict=True) if fate != "kept"]
    article = replace(cases.stored().article, blocks=tuple(kept), cuts=tuple(reversed(cut)))
    first, last = (kept[0].place, kept[-1].place) if kept else (0, -1)
    wanted = [
        block.text
        for block, fate in zip(blocks, fates, strict=True)
        if fate in {"kept", *WORK} or (fate in BETWEEN and first < block.place < last)
    ]
    assert text(verbatim(placed(article))) == wanted


@settings(deadline=None)
@given(st.lists(LINE, min_size=2, max_size=5), st.data())
def test_a_line_cut_inside_a_paragraph_comes_back_byte_for_byte(
    lines: list[str], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    whole = Block(PARAGRAPH, " ".join(lines), place=0)
    before = " ".join(lines[:number])
    rest = " ".join((*lines[:number], *lines[number + 1 :]))
    cut = CutBlock.inside(whole, lines[number], "flattened/read_also", len(before))
    article = replace(cases.stored().article, blocks=(replace(whole, text=rest),), cuts=(cut,))
    assert text(verbatim(placed(article))) == [whole.text]


def test_a_frame_line_inside_a_paragraph_stays_cut_when_the_works_comes_back() -> None:
    whole = Block(PARAGRAPH, "One. Read also: Two. Three. Sign up for news.", place=0)
    first = CutBlock.inside(whole, "Read also: Two.", "flattened/read_also", 4)
    between = replace(whole, text="One. Three. Sign up for news.")
    second = CutBlock.inside(between, "Sign up for news.", "flattened/newsletter", 11)
    article = replace(
        cases.stored().article, blocks=(replace(whole, text="One. Three."),), cuts=(first, second)
    )
    assert text(verbatim(placed(article))) == ["One. Read also: Two. Three."]


def test_every_rule_that_cuts_is_named_as_frame_or_work() -> None:
    lists = {"frame": [], "between": [], "work": []}
    for rule in WORDS:
        name = "frame" if is_frame(rule) else "work" if not is_frame(rule, is_between=False) else "between"
        lists[name].append(rule)
    assert lists["between"] == ["phrase/read_also", "unlikely"]
    assert lists["work"] == ["phrase/source_link", "phrase/copyright", "flattened/read_also"]


SENTENCES = [
    "The council of Port Blanc met on the quay on Tuesday morning and spoke about the new pier for hours.",
    "Its chairwoman said that the storms of the winter had taken a third of the old stones into the sea.",
    "Fishermen from three villages had signed a letter that asks for a slipway beside the market hall.",
    "Nobody on the council wanted to say what the work will cost, or from which fund it will be paid.",
    "A vote on the plan is expected in the first week of May, when the engineers have written their report.",
]
PAGE = """<html><head><title>Pier plans</title><meta property="og:title" content="Pier plans"></head><body>
<nav><a href="/">Home</a><a href="/sea">Sea</a></nav>
<article><h1>Pier plans</h1>
<p>{0}</p><p>{1}</p>
<p><a href="/other">Read also: What the winter storms took from the coast</a></p>
<p>{2}</p><p>{3}</p><p>Sign up for our newsletter</p><p>{4}</p>
<p>© 2026 The Example. Licensed under CC BY-ND 4.0.</p>
<ul><li><a href="/x">Share on Facebook</a></li></ul></article>
<footer><p>Subscribe now</p></footer></body></html>"""


def page(html: str) -> FetchedPage:
    entry = Entry(cases.URL, Seed(SeedKind.FEED, "https://www.example.org/feed"))
    return FetchedPage(
        "example", entry, cases.URL, 200, (("content-type", "text/html"),), "utf-8", html.encode(), cases.NOW
    )


def published(article: Article) -> list[str]:
    stored = replace(cases.stored(), article=placed(article))
    decision = decide(stored, RIGHTS, cases.NOW)
    return render(decision, stored, OUTLET).text.split("\n")  # type: ignore[arg-type]


def test_a_page_goes_out_as_its_outlet_wrote_it() -> None:
    article = extract(page(PAGE.format(*SENTENCES)), Rules())
    assert "Read also: What the winter storms took from the coast" not in article.body
    assert published(article)[:6] == [
        *SENTENCES[:2],
        "Read also: What the winter storms took from the coast",
        *SENTENCES[2:],
    ]
    assert "newsletter" not in " ".join(published(article))


def test_what_an_outlets_pages_have_taught_is_frame() -> None:
    article = extract(page(PAGE.format(*SENTENCES)), Rules())
    learned = Learned()
    learned.learn(article)
    learned.rulings = dict.fromkeys(learned.tallies, Ruling.KEEP)
    line = next(iter(learned.tallies))
    learned.rulings[line] = Ruling.DROP
    cleaned = learned.clean(article)
    lost = set(text(article.blocks)) - set(text(cleaned.blocks))
    assert len(lost) == 1
    assert not lost & set(published(cleaned))


@pytest.mark.parametrize("rule", ["learned/sentence@9", "card/aside.box", "shape/byline", "class/cuts"])
def test_names_count_with_what_follows_them(rule: str) -> None:
    assert is_frame(rule)
