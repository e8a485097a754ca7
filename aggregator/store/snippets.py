"""Snippets: the place of a text that answers a query, in pieces."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from aggregator.store.words import Term, fold_word, word_pattern

Snippet = tuple[tuple[str, bool], ...]
"""Pieces of plain text, each with whether it matches the query."""

SNIPPET_CHARS: Final = 240
"""Two to three lines on a screen."""

_LEAD_CHARS: Final = 40
"""Text before the first match, so that it does not stand alone."""

_SCANNED_CHARS: Final = 100_000
"""How far a text is searched for a place to show."""


def snippet(text: str, terms: Sequence[Term]) -> Snippet:
    """About 240 characters around the place where most of the terms stand together; () for no text.

    A text without any match (the headline has it) is shown from its beginning.
    """
    flat = " ".join(text[:_SCANNED_CHARS].split())
    if not flat:
        return ()
    spans = _matches(flat, terms)
    start = _start(flat, _best(spans))
    end = _end(flat, start)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last, _ in spans:
        if first < at or last > end:
            continue
        if at < first:
            pieces.append((flat[at:first], False))
        pieces.append((flat[first:last], True))
        at = last
    if at < end:
        pieces.append((flat[at:end], False))
    if end < len(flat):
        pieces.append((" …", False))
    return tuple(pieces)


def _matches(text: str, terms: Sequence[Term]) -> list[tuple[int, int, str]]:
    """Where the words of the terms stand: start, end and the word, in order."""
    words = {word for term in terms for word in term.words}
    runs = [_run(term) for term in terms]
    spans: list[tuple[int, int, str]] = []
    for match in word_pattern().finditer(text):
        folded = fold_word(match.group())
        if match.group(1) is None:
            if folded in words:
                spans.append((match.start(), match.end(), folded))
            continue
        for run in runs:
            spans += _inside(match.start(), match.group(), folded, run)
    return sorted(set(spans))


def _run(term: Term) -> str:
    """The characters that a term's overlapping pairs were made of."""
    return "".join(word[0] for word in term.words[:-1]) + term.words[-1]


def _inside(offset: int, run: str, folded: str, wanted: str) -> list[tuple[int, int, str]]:
    if wanted not in folded:
        return []
    if len(run) != len(folded):  # characters changed their number, so places inside are not known
        return [(offset, offset + len(run), wanted)]
    found, at = [], folded.find(wanted)
    while at >= 0:
        found.append((offset + at, offset + at + len(wanted), wanted))
        at = folded.find(wanted, at + len(wanted))
    return found


def _best(spans: Sequence[tuple[int, int, str]]) -> int:
    """The start of the first match of the window that holds the most different words."""
    starts = [start for start, _, _ in spans]
    best, most = 0, 0
    for number, (start, _, _) in enumerate(spans):
        until = bisect_left(starts, start + SNIPPET_CHARS - _LEAD_CHARS, lo=number)
        different = len({word for _, _, word in spans[number : min(until, number + 50)]})
        if different > most:
            best, most = start, different
    return best


def _start(text: str, match: int) -> int:
    """A little before a match, at the start of a word; 0 if that is near the beginning."""
    if match <= _LEAD_CHARS:
        return 0
    space = text.rfind(
        " ", match - 2 * _LEAD_CHARS if match > 2 * _LEAD_CHARS else 0, match - _LEAD_CHARS // 2
    )
    return space + 1 if space >= 0 else match - _LEAD_CHARS // 2


def _end(text: str, start: int) -> int:
    """The end of the snippet, at the end of a word where there are spaces."""
    end = start + SNIPPET_CHARS
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _LEAD_CHARS, end + 1)
    return space if space >= 0 else end
