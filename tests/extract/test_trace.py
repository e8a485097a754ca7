"""The trace: what was kept and what was cut, in the page's own order."""

from handmade import article_html, make_page

from aggregator.extract.learned import Learned
from aggregator.extract.page import extract
from aggregator.extract.trace import Kept, share_cut, steps
from aggregator.model.article import Article, Block, BlockKind, CutBlock
from aggregator.model.outlet import Rules

TEXT = (
    "The ferry sails at noon, and the crew says that it will sail in any weather. What the harbour needs is "
    "a crane, what it has is a rope. Nobody knows what the council will decide."
)
LINE = "Read also: Gulls learn to count in Port Wrenley"
NOTICES = ("Il vous reste 60% de cet article à lire.", "La suite est réservée aux abonnés.")


def body(*paragraphs: str) -> str:
    return f"<article>{''.join(f'<p>{text}</p>' for text in paragraphs)}</article>"


def told(article: Article) -> list[str]:
    """The steps in words: ``-`` for a cut block, ``[…]`` for what was cut inside a paragraph."""
    lines = []
    for step in steps(article):
        if isinstance(step, CutBlock):
            lines.append(f"- {step.text}")
        else:
            pieces = (one if isinstance(one, str) else f"[{one.text}]" for one in step.pieces())
            lines.append(" ".join(pieces))
    return lines


def test_cut_blocks_stand_where_they_stood_on_the_page() -> None:
    first, last = f"First. {TEXT}", f"Last. {TEXT}"
    html = article_html("", body(first, LINE, TEXT, "Photo: Max Poe/Reuters", last))
    lines = told(extract(make_page(html), Rules()))
    where = [lines.index(line) for line in (first, f"- {LINE}", TEXT, "- Photo: Max Poe/Reuters", last)]
    assert where == sorted(where)


def test_what_is_cut_inside_a_paragraph_stands_between_its_sentences() -> None:
    html = article_html("", body(f"{TEXT} {LINE} What comes next is fog.", f"{TEXT} {' '.join(NOTICES)}"))
    lines = told(extract(make_page(html), Rules()))
    assert f"{TEXT} [{LINE}] What comes next is fog." in lines
    assert lines[-1] == f"{TEXT} [{NOTICES[0]}] [{NOTICES[1]}]"


def test_what_the_card_cuts_has_no_place_and_comes_first() -> None:
    html = article_html("", "<p class=who>Max Poe writes about the harbour</p>" + body(TEXT))
    lines = told(extract(make_page(html), Rules(cuts=(".who",))))
    assert lines[0] == "- Max Poe writes about the harbour"


def test_learned_cuts_keep_their_place() -> None:
    memory = Learned()
    pages = [
        article_html(
            "", body(f"{n} {TEXT} Ship {n} waits.", "Call the desk at any hour", f"{TEXT} So does {n}.")
        )
        for n in "abc"
    ]
    articles = [extract(make_page(html), Rules()) for html in pages]
    for article in articles[:2]:
        memory.learn(article)
    lines = told(memory.clean(articles[2]))
    assert lines[lines.index("- Call the desk at any hour") - 1] == f"c {TEXT} Ship c waits."


def test_every_extracted_character_is_kept_or_cut() -> None:
    blocks = (Block(BlockKind.PARAGRAPH, "abcd", place=0), Block(BlockKind.PARAGRAPH, "ef", place=2))
    article = extract(make_page(article_html("", "")), Rules())
    made = Article(
        "o", article.url, article.url, article.url, "h", blocks, None, article.fetched_at,
        cuts=(CutBlock("gh", "headline", place=1), CutBlock("ij", "flattened/read_also", place=0, behind=2)),
    )  # fmt: skip
    assert share_cut(made) == 0.4
    assert steps(made) == (
        Kept(blocks[0], (made.cuts[1],)),
        made.cuts[0],
        Kept(blocks[1]),
    )
    assert list(steps(made)[0].pieces()) == ["ab", made.cuts[1], "cd"]  # type: ignore[union-attr]


def test_a_paragraph_that_was_nothing_but_its_cut_is_a_cut() -> None:
    article = extract(make_page(article_html("", "")), Rules())
    cut = CutBlock("A pier. AP", "flattened/caption", place=0, behind=0)
    block = Block(BlockKind.PARAGRAPH, TEXT, place=1)
    made = Article("o", "u", "u", "u", "h", (block,), None, article.fetched_at, cuts=(cut,))
    assert steps(made) == (cut, Kept(block))
