"""Clues: what of an article can be found again on its outlet's other pages."""

import hashlib
import re

from aggregator.extract import sentences
from aggregator.extract.plain import key
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.boilerplate import Clue, ClueKind

OFTEN = 0.5
"""What may be real text (a long passage, a first paragraph, a quote) must stand on every second page."""

SHORT_OFTEN = 0.2
"""A line of three words or fewer ("Why?", "What comes next") must stand on every fifth page."""

SHARES = (0.0, SHORT_OFTEN, OFTEN)
"""All shares that a clue may need."""

MOST_CLUES = 200
"""Clues of one page; a live blog of thousands of posts teaches no more than its first."""

LONGEST_OPENING_CHARS = 40

_SHORT_WORDS = 3
_LONG_CHARS = 160
_LONGEST_REST_CHARS = 200
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"^\W{0,2}[\"'«»“”„‚‘’「『–—-]")
_OPENING = re.compile(r"^(?P<opening>\w[^:：.!?。！？()\d]{1,39}?)\s?[:：]\s?(?P<rest>\S.*)$", re.DOTALL)


def clues(article: Article) -> tuple[Clue, ...]:
    """The clues of an article, each once, before anything learned was cut from it."""
    found: dict[str, Clue] = {}
    for number, block in enumerate(article.blocks):
        if line := masked(block.text):
            share = least_share(block, line, is_first=number == 0)
            clue = Clue(ClueKind.LINE, line_id(line), block.text, share)
            found.setdefault(clue.id, clue)
    # What a phrase rule has cut as a line of its own teaches to find it inside paragraphs, too.
    for text in (*(block.text for block in article.blocks), *(cut.text for cut in article.cuts)):
        if start := opening(text):
            clue = Clue(ClueKind.OPENING, opening_id(start), start, 0.0)
            found.setdefault(clue.id, clue)
    return tuple(found.values())[:MOST_CLUES]


def masked(text: str) -> str:
    """A line's identity, links and numbers made the same: "60 % left" and "40 % left" are one."""
    return _NUMBER.sub("0", key(_LINK.sub(" 0 ", text)))


def opening(text: str) -> str | None:
    """A line's short opening before a colon, if the rest looks like a headline: no sentence, no quote."""
    found = _OPENING.match(text)
    if found is None or len(found["rest"]) > _LONGEST_REST_CHARS or _QUOTED.match(found["rest"]):
        return None
    if sentences.END.search(found["rest"]):
        return None
    return found["opening"]


def line_id(line: str) -> str:
    """The id of a masked line."""
    return _id(ClueKind.LINE, line)


def opening_id(start: str) -> str:
    """The id of an opening as the outlet writes it."""
    return _id(ClueKind.OPENING, start)


def least_share(block: Block, line: str, *, is_first: bool) -> float:
    """On what share of the outlet's pages a line must stand to be cut: more where it may be real text."""
    count = len(sentences.END.findall(block.text))
    if is_first or block.kind is BlockKind.HEADING or (count > 1 and len(block.text) > _LONG_CHARS):
        return OFTEN
    if block.kind in {BlockKind.QUOTE, BlockKind.TABLE} or _QUOTED.match(block.text) or line[:1] == "0":
        return OFTEN
    return SHORT_OFTEN if len(line.split()) <= _SHORT_WORDS else 0.0


def _id(kind: ClueKind, text: str) -> str:
    # 48 bits: among the ten thousand lines of an outlet two are one by chance in one of five million outlets.
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6, person=kind.encode()).hexdigest()
