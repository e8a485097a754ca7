"""The trace of a body: its blocks as they were extracted, in reading order, each kept or cut."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.model.article import Article, Block, CutBlock


@dataclass(frozen=True, slots=True)
class Kept:
    """A block of the body, with the lines that were cut inside it, in their order."""

    block: Block
    inside: tuple[CutBlock, ...] = ()

    def pieces(self) -> Iterator[str | CutBlock]:
        """The block's text, parted where something was cut, with the cuts between."""
        start = 0
        for cut in self.inside:
            # A later cut may have shortened the text before an earlier one.
            behind = min(max(cut.behind, start), len(self.block.text))
            if text := self.block.text[start:behind].strip():
                yield text
            yield cut
            start = behind
        if text := self.block.text[start:].strip():
            yield text


Step = Kept | CutBlock


def steps(article: Article) -> tuple[Step, ...]:
    """Every block of an article, kept and cut, in reading order.

    A cut of unknown place (the card's selectors cut elements before any block is read) comes first, as does
    everything of an article from the store, which keeps no places.
    """
    inside: dict[int, list[CutBlock]] = defaultdict(list)
    places = {block.place for block in article.blocks}
    whole: list[tuple[int, Step]] = []
    for cut in article.cuts:
        if cut.behind >= 0 and cut.place in places:
            inside[cut.place].append(cut)
        else:
            whole.append((cut.place, cut))
    for block in article.blocks:
        lines = sorted(inside.pop(block.place, ()), key=lambda cut: cut.behind)
        whole.append((block.place, Kept(block, tuple(lines))))
    return tuple(step for _, step in sorted(whole, key=lambda one: one[0]))


def cut_chars(article: Article) -> int:
    """The characters of all that was cut."""
    return sum(len(cut.text) for cut in article.cuts)


def share_cut(article: Article) -> float:
    """The share of the extracted characters that was cut, 0 to 1."""
    gone = cut_chars(article)
    every = gone + sum(len(block.text) for block in article.blocks)
    return gone / every if every else 0.0
