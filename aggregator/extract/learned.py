"""Learned boilerplate: lines that repeat over an outlet's own pages, and openings whose rest changes."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aggregator.extract import clues
from aggregator.extract.plain import key
from aggregator.extract.tally import Tally, generation, window
from aggregator.model.article import Article, Block, BlockKind, CutBlock
from aggregator.model.boilerplate import ClueKind, LineState, Ruling

LEAST_PAGES = 2
"""A line is boilerplate from its third page on: two pages share a quote or a background by chance."""

SHADOW_PAGES = 20
"""In a crawl nothing is cut before: on so few pages a series of follow-ups is half of what is known."""

_COLON = re.compile(r"\s?[:：]")
_CUT = frozenset({LineState.ACTIVE, LineState.DROPPED})


@dataclass(slots=True)
class Learned:
    """What an outlet's pages have taught so far.

    ``pages`` counts them, ``tallies`` the pages of each clue by its id; ``rulings`` are an operator's words.
    With less than ``shadow_pages`` nothing is cut but what was ruled. ``texts`` holds the texts that
    ``learn`` has counted, with their generation, so that a copy or an unchanged page teaches nothing.
    ``version`` tells the states of a kept memory apart; one that is not kept has none.
    """

    pages: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    shadow_pages: int = 0
    version: int | None = None

    @property
    def is_shadow(self) -> bool:
        """Whether too few pages have taught to cut anything."""
        return self.pages < self.shadow_pages

    def clean(self, article: Article) -> Article:
        """The article without what is boilerplate at its outlet, each cut with its rule.

        A body that would vanish stays as it is: then the outlet's pages are all alike, and none of them an
        article.
        """
        kept: list[Block] = []
        cuts: list[CutBlock] = []
        for block in article.blocks:
            kind = self._kind(block, is_first=not kept)
            if kind is not None:
                cuts.append(CutBlock.whole(block, self._rule(kind)))
                continue
            text, tail = self._without_tail(block.text)
            kept.append(replace(block, text=text) if tail else block)
            if tail:
                cuts.append(CutBlock.inside(block, tail, self._rule(ClueKind.OPENING), len(text)))
        if cuts and kept and kept[-1].kind is BlockKind.HEADING and kept[-1] != article.blocks[-1]:
            cuts.append(CutBlock.whole(kept.pop(), "bare heading"))
        if not cuts or not kept:
            return article
        return replace(article, blocks=tuple(kept), cuts=(*article.cuts, *cuts))

    def learn(self, article: Article) -> None:
        """Count an article's clues, before anything learned was cut from it; each text counts once."""
        digest = hashlib.sha256(key(article.body).encode()).hexdigest()[:16]
        if digest in self.texts:
            return
        now = generation(self.pages)
        self.texts[digest] = now
        for clue in clues.clues(article):
            self.tallies[clue.id] = self.tallies.get(clue.id, Tally(now)).plus(1, now)
        self.pages += 1
        if generation(self.pages) != now:
            self._forget(now)

    def state(self, clue_id: str, needs: float) -> LineState:
        """What becomes of a line that needs this share of the pages."""
        match self.rulings.get(clue_id):
            case Ruling.KEEP:
                return LineState.KEPT
            case Ruling.DROP:
                return LineState.DROPPED
        pages = self.count(clue_id)
        if pages < LEAST_PAGES or pages < needs * window(self.pages):
            return LineState.COUNTED
        return LineState.SHADOW if self.is_shadow else LineState.ACTIVE

    def count(self, clue_id: str) -> int:
        """On how many of the last pages this line stood."""
        tally = self.tallies.get(clue_id)
        return tally.at(generation(self.pages)).pages if tally else 0

    def stamp(self) -> str:
        """Hex digits that are the same for two memories that cut the same."""
        digest = hashlib.sha256(repr(sorted(self.rulings.items())).encode())
        for clue_id in sorted(self.tallies):
            states = [self.state(clue_id, needs) for needs in clues.SHARES]
            if LineState.ACTIVE in states:
                digest.update(f"{clue_id} {states}".encode())
        return digest.hexdigest()[:16]

    def _kind(self, block: Block, *, is_first: bool) -> ClueKind | None:
        """The kind of clue that makes a whole block boilerplate, or None."""
        line = clues.masked(block.text)
        needs = clues.least_share(block, line, is_first=is_first)
        if line and self.state(clues.line_id(line), needs) in _CUT:
            return ClueKind.LINE
        if block.kind is BlockKind.PARAGRAPH and not is_first and self._opens(clues.opening(block.text)):
            return ClueKind.OPENING
        return None

    def _opens(self, opening: str | None) -> bool:
        return opening is not None and self.state(clues.opening_id(opening), 0.0) in _CUT

    def _without_tail(self, text: str) -> tuple[str, str]:
        """A paragraph's text, and a learned opening with its rest that was flattened into its end."""
        for colon in _COLON.finditer(text):
            first = max(1, colon.start() - clues.LONGEST_OPENING_CHARS)
            for start in range(first, colon.start() - 1):
                if text[start - 1].isalnum() or not self._opens(text[start : colon.start()]):
                    continue
                if clues.opening(text[start:]):
                    return text[:start].rstrip(), text[start:]
        return text, ""

    def _rule(self, kind: ClueKind) -> str:
        return f"learned/{kind.value}" + ("" if self.version is None else f"@{self.version}")

    def _forget(self, oldest: int) -> None:
        """Leave out what was met in no generation that still counts."""
        self.tallies = {name: one for name, one in self.tallies.items() if one.generation >= oldest}
        self.texts = {text: met for text, met in self.texts.items() if met >= oldest}
