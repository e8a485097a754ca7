"""A line that names the outlet which had the text first: "This article was first published by The Tide."."""

import re
from collections.abc import Iterable, Sequence

from aggregator import urls
from aggregator.extract.almanac import date_words
from aggregator.extract.phrasebook import UNSPACED, book, fold
from aggregator.extract.plain import key
from aggregator.model.article import Block, CutBlock

LONGEST_LINE_CHARS = 250
"""A credit that also tells the licence is one or two sentences; what is longer tells a story."""

_FIRST_LINES = 2
_LAST_LINES = 4
_MOST_PHRASE_WORDS = 9
_MOST_NAME_WORDS = 7
_BARE_WORDS = 3
_LONGEST_BARE_CHARS = 100
_LONGEST_PARTICLE_CHARS = 3
_EDGES = " \t\"'“”„«»‘’()[]*_–—-:·•"
_STOP = re.compile(r"[.,;:!?)\]。、，；：！）]")
_TIGHT_NAME = re.compile(r"[\s:：「『《“\"]*([^\s。、，；：！？「」『』《》“”\"()（）]{2,20})")


def find(blocks: Sequence[Block], cuts: Iterable[CutBlock], own: Iterable[str]) -> str | None:
    """The line at the edges of a text, or cut from it, that credits another outlet; None if none does.

    ``own`` are the names under which the page's own outlet may be credited, its host among them.
    """
    edges = (*blocks[:_FIRST_LINES], *blocks[_FIRST_LINES:][-_LAST_LINES:])
    lines = [*(block.text for block in edges), *(cut.text for cut in cuts)]
    itself = [tight for name in own if (tight := _tight(name))]
    for line in lines:
        name = named(line)
        if name and not any(_tight(name) in one or one in _tight(name) for one in itself):
            return line
    return None


def named(line: str) -> str | None:
    """The outlet that a line credits with the first publication; None for any other line."""
    if len(line) > LONGEST_LINE_CHARS:
        return None
    if UNSPACED.search(line):
        return _named_unspaced(line)
    words = line.strip(_EDGES).split()
    for count in range(min(len(words) - 1, _MOST_PHRASE_WORDS), 0, -1):
        if fold(" ".join(words[:count])) in book().names:
            rest = words[count:]
            return None if count <= _BARE_WORDS and _goes_on(line, rest) else _name(rest)
    return None


def opens(words: str) -> bool:
    """Whether these words, before a link, say that it leads to where a text was published first."""
    return fold(words) in book().names


def own_names(url: str, site_name: str | None) -> tuple[str, ...]:
    """The names under which a page's own outlet may stand: its host, and what it calls itself."""
    return (urls.host(url) or "", site_name or "")


def _named_unspaced(line: str) -> str | None:
    tight = "".join(line.split())
    for phrase in book().names:
        if (
            UNSPACED.search(phrase)
            and tight.startswith(phrase)
            and (found := _TIGHT_NAME.match(tight, len(phrase)))
        ):
            return found[1]
    return None


def _goes_on(line: str, rest: Sequence[str]) -> bool:
    """Whether a line that does not say what was published is a sentence: "First published in Tide, it …"."""
    return len(line) > _LONGEST_BARE_CHARS or any(word.endswith((",", "،")) for word in rest)


def _name(words: Sequence[str]) -> str | None:
    """The name with which words begin: capitalised ones, and particles between them; no date, no number."""
    taken: list[str] = []
    for number, word in enumerate(words[:_MOST_NAME_WORDS]):
        bare = word.strip(_EDGES + ".,;!?")
        after = words[number + 1].strip(_EDGES)[:1] if number + 1 < len(words) else ""
        is_particle = len(bare) <= _LONGEST_PARTICLE_CHARS and _is_capital(after) and not _STOP.search(word)
        if not bare or not (_is_capital(bare[0]) or is_particle):
            break
        taken.append(bare)
        if _STOP.search(word[len(word.rstrip(".,;:!?)]")) :]):
            break
    while taken and not _is_capital(taken[-1][0]):
        taken.pop()
    name = " ".join(taken)
    return None if not taken or key(taken[0]) in date_words() else name


def _is_capital(letter: str) -> bool:
    """Whether a letter can begin a name: a capital, or one of a script that has none."""
    return letter.isalpha() and not letter.islower()


def _tight(name: str) -> str:
    return "".join(key(name).split())
