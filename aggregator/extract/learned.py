"""Learned boilerplate: lines that repeat over an outlet's own pages, and openings whose rest changes."""

import hashlib
import re
from dataclasses import dataclass, field, replace

from aggregator.extract import sentences
from aggregator.extract.plain import key
from aggregator.model.article import Article, Block, BlockKind, CutBlock

LEAST_PAGES = 2
"""A line is boilerplate from its third page on: two pages share a quote or a background by chance."""

OFTEN = 0.5
"""What may be real text (a long passage, a first paragraph, a quote) must stand on every second page."""

SHORT_OFTEN = 0.2
"""A line of three words or fewer ("Why?", "What comes next") must stand on every fifth page."""

_SHORT_WORDS = 3
_LONG_CHARS = 160
_LONGEST_REST_CHARS = 200
_LONGEST_OPENING_CHARS = 40
_MOST_LINES = 20_000
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"^\W{0,2}[\"'«»“”„‚‘’「『–—-]")
_COLON = re.compile(r"\s?[:：]")
_OPENING = re.compile(r"^(?P<opening>\w[^:：.!?。！？()\d]{1,39}?)\s?[:：]\s?(?P<rest>\S.*)$", re.DOTALL)


@dataclass(slots=True)
class Learned:
    """What an outlet's pages have taught so far.

    ``lines`` counts pages by masked line, ``openings`` pages by opening as the outlet writes it, ``texts``
    holds the texts already counted, so that a copy or an unchanged page teaches nothing.
    """

    pages: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    openings: dict[str, int] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def clean(self, article: Article) -> Article:
        """The article without what is boilerplate at its outlet, each cut with its rule.

        A body that would vanish stays as it is: then the outlet's pages are all alike, and none of them an
        article.
        """
        kept: list[Block] = []
        cuts: list[CutBlock] = []
        for block in article.blocks:
            rule = self._rule(block, is_first=not kept)
            if rule is not None:
                cuts.append(CutBlock.whole(block, rule))
                continue
            text, tail = self._without_tail(block.text)
            kept.append(replace(block, text=text) if tail else block)
            if tail:
                cuts.append(CutBlock.inside(block, tail, "learned/opening", len(text)))
        if cuts and kept and kept[-1].kind is BlockKind.HEADING and kept[-1] != article.blocks[-1]:
            cuts.append(CutBlock.whole(kept.pop(), "bare heading"))
        if not cuts or not kept:
            return article
        return replace(article, blocks=tuple(kept), cuts=(*article.cuts, *cuts))

    def learn(self, article: Article) -> None:
        """Count an article's lines, before anything learned was cut from it; each text counts once."""
        digest = hashlib.sha256(key(article.body).encode()).hexdigest()[:16]
        if digest in self.texts or len(self.lines) >= _MOST_LINES:
            return
        self.texts.add(digest)
        self.pages += 1
        for line in {masked(block.text) for block in article.blocks} - {""}:
            self.lines[line] = self.lines.get(line, 0) + 1
        # What a phrase rule has cut as a line of its own teaches to find it inside paragraphs, too.
        texts = (*(block.text for block in article.blocks), *(cut.text for cut in article.cuts))
        for opening in {found for text in texts if (found := _opening(text))}:
            self.openings[opening] = self.openings.get(opening, 0) + 1

    def _rule(self, block: Block, *, is_first: bool) -> str | None:
        line = masked(block.text)
        pages = self.lines.get(line, 0)
        if pages >= LEAST_PAGES and pages / self.pages >= _least_share(block, line, is_first=is_first):
            return "learned/line"
        if block.kind is BlockKind.PARAGRAPH and not is_first:
            opening = _opening(block.text)
            if opening and self.openings.get(opening, 0) >= LEAST_PAGES:
                return "learned/opening"
        return None

    def _without_tail(self, text: str) -> tuple[str, str]:
        """A paragraph's text, and a learned opening with its rest that was flattened into its end."""
        for colon in _COLON.finditer(text):
            for start in range(max(1, colon.start() - _LONGEST_OPENING_CHARS), colon.start() - 1):
                pages = self.openings.get(text[start : colon.start()], 0)
                if pages >= LEAST_PAGES and not text[start - 1].isalnum() and _opening(text[start:]):
                    return text[:start].rstrip(), text[start:]
        return text, ""


def masked(text: str) -> str:
    """A line's identity: its key with every number as 0, so that "60 % left" and "40 % left" are one."""
    return _NUMBER.sub("0", key(text))


def _opening(text: str) -> str | None:
    """A line's short opening before a colon, if the rest looks like a headline: no sentence, no quote."""
    found = _OPENING.match(text)
    if found is None or len(found["rest"]) > _LONGEST_REST_CHARS or _QUOTED.match(found["rest"]):
        return None
    if sentences.END.search(found["rest"]):
        return None
    return found["opening"]


def _least_share(block: Block, line: str, *, is_first: bool) -> float:
    count = len(sentences.END.findall(block.text))
    if is_first or block.kind is BlockKind.HEADING or (count > 1 and len(block.text) > _LONG_CHARS):
        return OFTEN
    if block.kind in {BlockKind.QUOTE, BlockKind.TABLE} or _QUOTED.match(block.text) or line[:1] == "0":
        return OFTEN
    return SHORT_OFTEN if len(line.split()) <= _SHORT_WORDS else 0.0
