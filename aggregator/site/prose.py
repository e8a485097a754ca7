"""What of a publication's words readers get, cleaned of what HTML and XML forbid."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aggregator.model.article import Block, BlockKind
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.publish.excerpt import excerpt

# XML 1.0, production 2 (Char): everything else makes a feed unreadable as a whole.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_C1 = re.compile("[\x7f-\x84\x86-\x9f]")
_MAY_BE_WIDE = re.compile("[\u1100-\U0010ffff]")  # Hangul's letters are the first wide ones
_BEFORE_MARK = re.compile(r"(?<=\S) (?=[\u2013\u2014:;!?\u00bb](?:\s|$))")
_WITH_TEXT = frozenset({RightsMode.FULL, RightsMode.EXCERPT})
_NOT_RUNNING = frozenset({BlockKind.HEADING, BlockKind.TABLE})
_WIDE_COST = 2  # a Chinese, Japanese or Korean character fills the room of two Latin letters


def plain(text: str) -> str:
    """The text without characters that XML 1.0 forbids or discourages (control characters, surrogates)."""
    # Nothing of this is printable: most texts are seen to hold none of it without a search.
    return text if text.isprintable() else _C1.sub("", _FORBIDDEN.sub("", text))


def line(text: str) -> str:
    """The text cleaned and on one line, each run of white space one space."""
    return " ".join(plain(text).split())


def glued(text: str) -> str:
    """The text with its spaces before dashes and French punctuation kept together with the word before."""
    return _BEFORE_MARK.sub("\u00a0", text)


def blocks(publication: Publication) -> tuple[Block, ...]:
    """The blocks that readers may see, cleaned: none unless published in full or as an excerpt."""
    return tuple(_shown(publication))


def _shown(publication: Publication) -> Iterator[Block]:
    if publication.state is PublicationState.PUBLISHED and publication.mode in _WITH_TEXT:
        for block in publication.blocks:
            if text := line(block.text):
                yield replace(block, text=text)


def teaser(publication: Publication, columns: int) -> str:
    """The beginning of what readers may see, in at most this many columns of Latin letters.

    Headings and rows of tables make no sentence and are left out, unless there is nothing else.
    """
    running = (block for block in _shown(publication) if block.kind not in _NOT_RUNNING)
    text = _beginning(running, columns) or _beginning(_shown(publication), columns)
    if not text:
        return ""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in _MAY_BE_WIDE.findall(text[:columns]))
    chars = columns // _WIDE_COST if wide > min(columns, len(text)) // 2 else columns
    return excerpt(text, chars, publication.language)


def _beginning(blocks: Iterable[Block], chars: int) -> str:
    """The words of the first blocks: just over so many characters, since lists show many long texts."""
    text = ""
    for block in blocks:
        text = f"{text} {block.text}".lstrip()
        if len(text) > chars:
            break
    return text
