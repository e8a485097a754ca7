"""Whether a line is page furniture, and of which kind, by the phrases it holds."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from aggregator.extract.phrasebook import UNSPACED, book, fold

LONGEST_STARTS_CHARS = 60
LONGEST_HAS_CHARS = 250
# A sign of these scripts says about as much as two letters.
_LONGEST_UNSPACED_CHARS = 30
_LONGEST_PAIR_CHARS = 160
_LEAST_STEM_CHARS = 5
_MOST_WORDS = 6
# A dash between spaces counts, one inside a word does not.
_AFTER_OPENING = re.compile(r"[:：՝|｜→>»›▶►–—-]")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
_LONGEST_COPYRIGHT_CHARS = 160


@lru_cache(maxsize=4096)
def kind_of(line: str, *, is_link: bool = False) -> str | None:
    """The kind of furniture that a line of the body is, or None for the article's own text.

    ``is_link`` says that the whole line is one link. Classifier and cuts ask for the same lines.
    """
    if len(line) > LONGEST_HAS_CHARS:
        return None
    folded = fold(line)
    by_head = _by_whole(line, folded) or _by_opening(line, folded, is_link=is_link)
    return by_head or next((kind for _, kind in _held(folded)), None) or _by_pair(line, folded)


def is_by_head(line: str) -> bool:
    """Whether a line is furniture by all of it or by how it opens, and not only by what it holds."""
    folded = fold(line)
    return (_by_whole(line, folded) or _by_opening(line, folded, is_link=False)) is not None


def _by_whole(line: str, folded: str) -> str | None:
    if folded in book().alone:
        return "source_link"
    if _COPYRIGHT.match(line) and len(line) <= _LONGEST_COPYRIGHT_CHARS:
        return "copyright"
    return book().is_.get(folded)


def _by_opening(line: str, folded: str, *, is_link: bool) -> str | None:
    if (end := _end_of_opening(line)) and (kind := book().opens.get(fold(line[:end]))):
        return kind
    if is_link and (kind := _by_start(folded, book().opens)):
        return kind
    if len(line) > LONGEST_STARTS_CHARS:
        return None
    if len(line) <= _LONGEST_UNSPACED_CHARS:
        for phrase, kind in book().starts_unspaced.get(folded[:2], ()):
            if folded.startswith(phrase):
                return kind
    return _by_start(folded, book().starts)


def _end_of_opening(line: str) -> int:
    """Where the words before the first colon, bar or dash end; 0 if there is none."""
    for mark in _AFTER_OPENING.finditer(line):
        end = mark.start()
        if mark[0] != "-" or line[end - 1 : end + 2] == " - ":
            return end
    return 0


def _by_start(folded: str, phrases: Mapping[str, str]) -> str | None:
    words = folded.split(" ", _MOST_WORDS)
    heads = (" ".join(words[:count]) for count in range(1, min(len(words), _MOST_WORDS) + 1))
    return next((phrases[head] for head in heads if head in phrases), None)


def _held(folded: str) -> Iterator[tuple[str, str]]:
    """The phrases that a folded text holds, each with its kind."""
    words, has = folded.split(" "), book().has
    if not has.keys().isdisjoint(words):
        padded, start = f"{folded} ", 0
        for word in words:
            for phrase, kind in has.get(word, ()):
                if padded.startswith(phrase, start):
                    yield phrase[:-1], kind
            start += len(word) + 1
    if not folded.isascii() and UNSPACED.search(folded):
        for at in range(len(folded) - 1):
            for phrase, kind in book().has_unspaced.get(folded[at : at + 2], ()):
                if folded.startswith(phrase, at):
                    yield phrase, kind


def _by_pair(line: str, folded: str) -> str | None:
    if len(line) > _LONGEST_PAIR_CHARS:
        return None
    for edge, held, kind in book().begins.get(folded[:2], ()):
        rest = folded[len(edge) :]
        if folded.startswith(edge) and (rest[:1] == " " or UNSPACED.search(edge)) and _holds(rest, held):
            return kind
    for edge, held, kind in book().ends.get(folded[-2:], ()):
        rest = folded[: -len(edge)]
        if folded.endswith(edge) and (rest[-1:] == " " or UNSPACED.search(edge)) and _holds(rest, held):
            return kind
    return None


def _holds(folded: str, part: str) -> bool:
    """Whether a text holds a word that begins so, as languages add endings; a short one must stand whole.

    In scripts without spaces it may stand anywhere.
    """
    if UNSPACED.search(part):
        return part in folded
    return f" {part}" in f" {folded}" if len(part) >= _LEAST_STEM_CHARS else f" {part} " in f" {folded} "


def opening(words: str) -> str | None:
    """The kind of furniture that these words open, before a colon."""
    return book().opens.get(fold(words))


def whole(line: str) -> str | None:
    """The kind of furniture that a line is by all its words, whatever it is a part of."""
    return book().is_.get(fold(line))


def source_phrase(link_text: str) -> str | None:
    """``always`` if a link of this text leads to the source, ``alone`` if it does where it stands alone."""
    folded = fold(link_text)
    if book().is_.get(folded) == "source_link":
        return "always"
    return "alone" if folded in book().alone else None


def paywall_words(text: str) -> str | None:
    """What a text says of a paywall: ``rest`` if reading on needs an account or a payment, else ``offer``.

    An offer is anything that stands in walls and in advertisements below whole articles alike.
    """
    folded = fold(text)
    held = [phrase for phrase, kind in _held(folded) if kind == "paywall"]
    if not book().rest.isdisjoint(held):
        return "rest"
    return "offer" if held or book().is_.get(folded) == "paywall" else None
