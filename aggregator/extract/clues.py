"""Clues: what of an article can be found again on its outlet's other pages."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from aggregator.extract import sentences
from aggregator.extract.almanac import date_words
from aggregator.extract.plain import key
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.boilerplate import Clue, ClueKind

OFTEN = 0.5
"""What may be real text (a long passage, a first paragraph, a quote) must stand on every second page."""

SHORT_OFTEN = 0.2
"""A line of three words or fewer ("Why?", "What comes next") must stand on every fifth page."""

RARELY = 0.03
"""A sentence of its own must stand on so many: "The inquiry goes on." ends one report in a hundred."""

INSIDE = 0.1
"""The same for a sentence that opens or closes a paragraph of others."""

SHARES = (0.0, RARELY, INSIDE, SHORT_OFTEN, OFTEN)
"""All shares that a clue may need."""

MOST_CLUES = 200
"""Clues of one page; a live blog of thousands of posts teaches no more than its first."""

LONGEST_OPENING_CHARS = 40

_PROMINENT = frozenset({BlockKind.HEADING, BlockKind.QUOTE, BlockKind.TABLE})
_SHORT_WORDS = 3
_LONG_CHARS = 160
_LONGEST_LINE_CHARS = 400  # passages that begin so long alike are the same
_LONGEST_REST_CHARS = 200
_LEAST_REST_WORDS = 3
_LEAST_PARTS = 3
_PART_WORDS = 3
_LONGEST_EDGE_CHARS = 200
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+")
_COMMA = re.compile(r"[,;،、]")
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"^\W{0,2}[\"'«»“”„‚‘’「『–—-]")
# Such as: 48 more paragraphs for members; and not 12 May: …, 3-2 …, 19.30 ….
_COUNTER = re.compile(r"^\d{1,3}\s?%?\s(?:[^\W\d]+\s){2,}[^\W\d:]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_OPENING = re.compile(r"^(?P<opening>\w[^:：.!?。！？()\d]{1,39}?)\s?[:：]\s?(?P<rest>\S.*)$", re.DOTALL)


class Place(Enum):
    """Where a line stands: as a paragraph, inside one, or where it is rather real text."""

    ALONE = auto()
    INSIDE = auto()
    PROMINENT = auto()

    @classmethod
    def of(cls, block: Block, *, is_first: bool) -> "Place":
        """The place of a whole block."""
        return cls.PROMINENT if is_first or block.kind in _PROMINENT else cls.ALONE


def clues(article: Article) -> tuple[Clue, ...]:
    """The clues of an article, each once, before anything learned was cut from it."""
    found: dict[str, Clue] = {}
    for number, block in enumerate(article.blocks):
        _add(found, block.text, Place.of(block, is_first=number == 0))
    for start in _openings(article):
        clue = Clue(ClueKind.OPENING, opening_id(start), start, 0.0)
        found.setdefault(clue.id, clue)
    for block in article.blocks:
        for sentence in edges(block):
            _add(found, sentence, Place.INSIDE)
    return tuple(found.values())[:MOST_CLUES]


def _add(found: dict[str, Clue], text: str, place: Place) -> None:
    if line := masked(text):
        clue = Clue(ClueKind.LINE, line_id(line), text, least_share(text, line, place))
        found.setdefault(clue.id, clue)


def _openings(article: Article) -> Iterator[str]:
    """Openings whose rest may be a headline: a box of "Where: …", "When: …" lines has a new one each line."""
    opens = [opening(block.text) for block in article.blocks]
    for before, one, after in zip([None, *opens], opens, [*opens[1:], None], strict=False):
        is_box = any(other and one and other.start != one.start for other in (before, after))
        if one and not is_box and one.teaches:
            yield one.start
    # What a phrase rule has cut as a line of its own teaches to find it inside paragraphs, too.
    for cut in article.cuts:
        if found := opening(cut.text):
            yield found.start


def edges(block: Block) -> tuple[str, ...]:
    """The last and the first sentence of a paragraph of several, where a line may have been flattened in."""
    if block.kind is not BlockKind.PARAGRAPH:
        return ()
    ends = [end.end() for end in sentences.END.finditer(block.text)]
    ends = [end for end in ends if end < len(block.text)]
    if not ends:
        return ()
    found = (block.text[ends[-1] :].strip(), block.text[: ends[0]].strip())
    return tuple(text for text in found if len(text) <= _LONGEST_EDGE_CHARS)


@lru_cache(maxsize=1024)
def masked(text: str) -> str:
    """A line's identity, without what changes in it: links, numbers, names of months and days.

    So "60 % left" and "40 % left" are one, and "Printed on Monday, 3 May" and "Printed on Friday, 1 June".
    """
    text = text[:_LONGEST_LINE_CHARS]
    if "://" in text or "@" in text or "www." in text:
        text = _LINK.sub(" 0 ", text)
    line = _NUMBER.sub("0", key(text))
    if "0" not in line:
        return line
    return " ".join("0" if word in date_words() else word for word in line.split(" "))


@dataclass(frozen=True, slots=True)
class Opening:
    """A short opening before a colon, and its rest."""

    start: str
    rest: str

    @property
    def teaches(self) -> bool:
        """Whether the rest may be a headline: no quote, no value, no list of values."""
        if _QUOTED.match(self.rest):
            return False
        return bool(_UNSPACED.search(self.rest)) or not _is_list(self.rest)


def opening(text: str) -> Opening | None:
    """A line's short opening before a colon, if no sentence ends in the rest: it may be a headline."""
    found = _OPENING.match(text)
    if found is None or len(found["rest"]) > _LONGEST_REST_CHARS or sentences.END.search(found["rest"]):
        return None
    return Opening(found["opening"], found["rest"])


def _is_list(rest: str) -> bool:
    """Whether a rest is a value or a list, as in "Where: Town hall" and "Keywords: ropes, tides, tar"."""
    parts = _COMMA.split(rest)
    words = len(rest.split())
    return words < _LEAST_REST_WORDS or (len(parts) >= _LEAST_PARTS and words <= len(parts) * _PART_WORDS)


def line_id(line: str) -> str:
    """The id of a masked line."""
    return _id(ClueKind.LINE, line)


def opening_id(start: str) -> str:
    """The id of an opening as the outlet writes it."""
    return _id(ClueKind.OPENING, start)


def least_share(text: str, line: str, place: Place) -> float:
    """On what share of the outlet's pages a line must stand to be cut: more where it may be real text."""
    if place is Place.PROMINENT or _QUOTED.match(text) or (line[:1] == "0" and not _COUNTER.match(text)):
        return OFTEN
    if len(text) > _LONG_CHARS and len(sentences.END.findall(text)) > 1:
        return OFTEN
    if is_short(line) or line[:1] == "0":
        return SHORT_OFTEN
    if place is Place.INSIDE:
        return INSIDE
    return RARELY if sentences.CLOSED.search(text) else 0.0


def is_short(line: str) -> bool:
    """Whether a masked line has three words or fewer."""
    return line.count(" ") < _SHORT_WORDS


def _id(kind: ClueKind, text: str) -> str:
    # 48 bits: among the ten thousand lines of an outlet two are one by chance in one of five million outlets.
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6, person=kind.encode()).hexdigest()
