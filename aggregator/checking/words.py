"""Words without their dress: what of a text is found again whatever markup stands between."""

import html
import re
import unicodedata
from collections.abc import Iterator

WINDOW_CHARS = 48
"""Letters that in a row are no accident: eight or nine English words, as copy detectors use them."""

WIDE_CHARS = 20
"""The same for scripts that write a syllable or a word in one character."""

_DRESS = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^<>]*>")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


def bare(text: str) -> str:
    """Letters and digits alone, case folded: no white space, no punctuation, no marks."""
    return _DRESS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def untagged(text: str) -> str:
    """The text of a piece of HTML; plain text comes back as it is."""
    return html.unescape(_TAG.sub(" ", text))


def windows(text: str) -> Iterator[str]:
    """Pieces of a bare text, each half overlapping the next; a text shorter than one has none."""
    size = size_of(text)
    for start in range(0, len(text) - size + 1, size // 2):
        yield text[start : start + size]


def size_of(text: str) -> int:
    """How long this text's windows are."""
    return WIDE_CHARS if len(_WIDE.findall(text[:1000])) * 2 > min(len(text), 1000) else WINDOW_CHARS
