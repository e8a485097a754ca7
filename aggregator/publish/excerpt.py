"""Excerpts: the beginning of a text, cut where a sentence ends."""

import re
import unicodedata

from aggregator import sentences

ELLIPSIS = "…"

# Scripts without spaces between words: Han, kana, bopomofo, Thai, Lao, Burmese, Khmer, Tibetan.
_NO_SPACES = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3000-\u312f\u31a0-\u31ff"
    r"\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_DANGLING = " \t\n\r\u00a0\u3000,;:–—-(（[「『“«‹„‚、，；：·/…" + ELLIPSIS
_JOINERS = "\u200d\ufe0e\ufe0f"


def excerpt(text: str, chars: int, language: str | None) -> str:
    """The beginning of ``text`` in at most ``chars`` characters (code points, the ellipsis included).

    Ends after the last sentence that fits; if not even the first fits, after a word, with an ellipsis.
    Line feeds between blocks stay. Never empty for a text that is not; a text that fits comes back whole.
    ``language`` (BCP 47) tells which full stops belong to abbreviations and ordinals.

    Raises:
        ValueError: ``chars`` is below 1.
    """
    if chars < 1:
        raise ValueError(f"an excerpt needs at least one character, not {chars}")
    whole = text.strip()
    if len(whole) <= chars:
        return whole
    # One character more: a stop at the very end counts only if white space follows it.
    return _sentences(whole[: chars + 1], chars, language) or _words(whole, chars)


def _sentences(window: str, chars: int, language: str | None) -> str:
    end = max((end for end in sentences.ends(window, language) if end <= chars), default=0)
    return window[:end].rstrip()


def _words(whole: str, chars: int) -> str:
    room = chars - len(ELLIPSIS)
    for end in range(room, 0, -1):
        if _is_word_end(whole, end):
            head = whole[:end].rstrip(_DANGLING)
            if head:
                return head + ELLIPSIS
    # One word longer than the whole room: cut it, though never inside a character as readers see it.
    end = room
    while end > 0 and _joins(whole, end):
        end -= 1
    return whole[:end] + ELLIPSIS


def _is_word_end(whole: str, end: int) -> bool:
    before, after = whole[end - 1], whole[end]
    if _joins(whole, end):
        return False
    return before.isspace() or after.isspace() or bool(_NO_SPACES.match(before) or _NO_SPACES.match(after))


def _joins(whole: str, end: int) -> bool:
    """Whether a cut at ``end`` would tear a character: combining marks, joined emoji, flags."""
    before, after = whole[end - 1], whole[end]
    return (
        after in _JOINERS
        or before == "\u200d"
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
    )
