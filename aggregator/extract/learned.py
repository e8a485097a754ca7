"""Learned boilerplate: lines that repeat over an outlet's own pages, and openings whose rest changes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aggregator.extract import clues
from aggregator.extract.clues import Place
from aggregator.extract.tally import Tally, generation, window
from aggregator.model.article import Article, Block, BlockKind, CutBlock
from aggregator.model.boilerplate import ClueKind, LineState, Ruling

LEAST_PAGES = 2
"""A line is boilerplate from its third page on: two pages share a quote or a background by chance."""

SHADOW_PAGES = 20
"""In a crawl nothing is cut before: on so few pages a series of follow-ups is half of what is known."""

_MOST_INSIDE = 3
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
        if not self.tallies:
            return article
        kinds = self._kinds(article.blocks)
        kept: list[Block] = []
        cuts: list[CutBlock] = []
        for block, kind in zip(article.blocks, kinds, strict=True):
            if kind is not None:
                cuts.append(CutBlock.whole(block, self._rule(kind.value)))
                continue
            stays, gone = self._cut_inside(block)
            kept.append(stays)
            cuts.extend(gone)
        if cuts and kept and kept[-1].kind is BlockKind.HEADING and kept[-1] != article.blocks[-1]:
            cuts.append(CutBlock.whole(kept.pop(), "bare heading"))
        if not cuts or not kept:
            return article
        return replace(article, blocks=tuple(kept), cuts=(*article.cuts, *cuts))

    def learn(self, article: Article) -> None:
        """Count an article's clues, before anything learned was cut from it; each text counts once."""
        digest = hashlib.sha256(article.body.encode("utf-8", "replace")).hexdigest()[:16]
        if digest in self.texts:
            return
        now = generation(self.pages)
        self.texts[digest] = now
        for clue in clues.clues(article):
            self.tallies[clue.id] = self.tallies.get(clue.id, Tally(now)).plus(1, now)
        self.pages += 1
        if generation(self.pages) != now:
            self._forget(now)

    def state(self, clue_id: str, needs: float, apart_from: int = 0) -> LineState:
        """What becomes of a line that needs this share of the pages, ``apart_from`` so many of them."""
        match self.rulings.get(clue_id):
            case Ruling.KEEP:
                return LineState.KEPT
            case Ruling.DROP:
                return LineState.DROPPED
        pages = self.count(clue_id) - apart_from
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

    def _kinds(self, blocks: Sequence[Block]) -> list[ClueKind | None]:
        """For each block the kind of clue that makes it boilerplate, or None.

        A heading or a short line goes only with what follows it: "Cons" stands on each review of an outlet
        and heads a text of its own.
        """
        kinds: list[ClueKind | None] = []
        for block in blocks:
            kinds.append(self._kind(block, is_first=all(kinds)))
        for number in range(len(blocks) - 2, -1, -1):
            if kinds[number] is ClueKind.LINE and kinds[number + 1] is None and _may_head(blocks[number]):
                kinds[number] = None
        return kinds

    def _kind(self, block: Block, *, is_first: bool) -> ClueKind | None:
        if self._repeats(block.text, Place.of(block, is_first=is_first)):
            return ClueKind.LINE
        if block.kind is BlockKind.PARAGRAPH and not is_first:
            opening = clues.opening(block.text)
            if opening and self._opens(opening.start):
                return ClueKind.OPENING
        return None

    def _repeats(self, text: str, place: Place, apart_from: int = 0) -> bool:
        line = clues.masked(text)
        if not line or (clue_id := clues.line_id(line)) not in self.tallies:
            return False
        return self.state(clue_id, clues.least_share(text, line, place), apart_from) in _CUT

    def _opens(self, start: str) -> bool:
        return self.state(clues.opening_id(start), 0.0) in _CUT

    def _cut_inside(self, block: Block) -> tuple[Block, list[CutBlock]]:
        """A block without the learned lines that were flattened into its end or its beginning.

        A sentence counts on those pages only where it stood without the rest of the paragraph.
        """
        text, tail = self._without_tail(block.text)
        cuts = [CutBlock.inside(block, tail, self._rule("opening"), len(text))] if tail else []
        whole = self.count(clues.line_id(clues.masked(block.text)))
        for _ in range(_MOST_INSIDE):
            edges = clues.edges(replace(block, text=text) if cuts else block)
            edge = next((one for one in edges if self._repeats(one, Place.INSIDE, whole)), None)
            if edge is None:
                break
            is_last = text.endswith(edge)
            text = (text[: -len(edge)] if is_last else text[len(edge) :]).strip()
            cuts.append(CutBlock.inside(block, edge, self._rule("sentence"), len(text) if is_last else 0))
        return (replace(block, text=text) if cuts else block), cuts

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

    def _rule(self, name: str) -> str:
        return f"learned/{name}" + ("" if self.version is None else f"@{self.version}")

    def _forget(self, oldest: int) -> None:
        """Leave out what was met in no generation that still counts."""
        self.tallies = {name: one for name, one in self.tallies.items() if one.generation >= oldest}
        self.texts = {text: met for text, met in self.texts.items() if met >= oldest}


def _may_head(block: Block) -> bool:
    return block.kind is BlockKind.HEADING or clues.is_short(clues.masked(block.text))
