"""Places: where the cuts of an article stand among the blocks that stayed."""

from bisect import bisect_left
from dataclasses import replace

from aggregator.model.article import Article, CutBlock


def placed(article: Article) -> Article:
    """The article with its cuts in the page's order, each with the number of blocks in front of it.

    Of a line cut inside a paragraph that is the paragraph's own number; -1 if no part of it has stayed. Cuts
    without a place come first and stay without.
    """
    if not article.cuts:
        return article
    known = [block.place for block in article.blocks if block.place >= 0]
    if len(known) < len(article.blocks):
        return article
    cuts = sorted(article.cuts, key=lambda cut: cut.place)
    return replace(article, cuts=tuple(replace(cut, after=_after(cut, known)) for cut in cuts))


def _after(cut: CutBlock, known: list[int]) -> int:
    if cut.place < 0:
        return -1
    number = bisect_left(known, cut.place)
    has_stayed = number < len(known) and known[number] == cut.place
    return -1 if cut.behind >= 0 and not has_stayed else number
