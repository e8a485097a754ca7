"""The body of a stored article as it was read: each block that stayed, each that was cut, in their order."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.extract.explanation import kind_in_words
from aggregator.extract.reasons import in_words
from aggregator.model.article import Article, CutBlock


@dataclass(frozen=True, slots=True)
class Step:
    """A block: its kind in words, its text, and why it was cut; ``why`` is empty of what stayed."""

    kind: str
    text: str
    why: str = ""


def steps(article: Article) -> Iterator[Step]:
    """The blocks; a cut whose place is not known comes first."""
    cuts: dict[int, list[CutBlock]] = {}
    for cut in article.cuts:
        cuts.setdefault(min(cut.after, len(article.blocks)), []).append(cut)
    for place in range(-1, len(article.blocks) + 1):
        for cut in cuts.get(place, ()):
            yield Step(cut.kind.value.replace("_", " "), cut.text, in_words(cut.rule))
        if 0 <= place < len(article.blocks):
            block = article.blocks[place]
            yield Step(kind_in_words(block), block.text)
