"""Excerpts: the beginning of a text, cut where a sentence ends."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

ELLIPSIS = "…"

# Stops that need white space after them, and stops that end a sentence wherever they stand: ideographic,
# Arabic, Urdu, Devanagari (danda and double danda), Ethiopic, Armenian, Khmer, Burmese, Tibetan.
_SENTENCE_END = re.compile(
    r"""(?P<stop>[.!?…‽]+)(?:["'”’›)\]]|[ \u00a0\u202f]?»)*(?=\s|$)"""
    r"""|[。！？｡؟۔।॥።፧։។៕။།]+["'”’»›)\]」』】》〉）]*""",
)
_WORD_BEFORE = re.compile(r"[\w’'.-]*$")
# Scripts without spaces between words: Han, kana, bopomofo, Thai, Lao, Burmese, Khmer, Tibetan.
_NO_SPACES = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3000-\u312f\u31a0-\u31ff"
    r"\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_DANGLING = " \t\n\r\u00a0\u3000,;:–—-(（[「『“«‹„‚、，；：·/…" + ELLIPSIS
# Days and short ranks ("am 3. Mai", "21. Jahrhundert"); a year before a full stop ends its sentence.
_ORDINAL_DIGITS = 2
_INITIALISM = re.compile(r"\w(?:\.\w){0,2}")
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
    end = 0
    for match in _SENTENCE_END.finditer(window):
        if match.end() > chars:
            break
        if match["stop"] != "." or not _is_abbreviation(window, match.start(), language):
            end = match.end()
    return window[:end].rstrip()


def _is_abbreviation(window: str, stop: int, language: str | None) -> bool:
    """Whether the full stop at index ``stop`` belongs to its word: an initial, a short form, an ordinal."""
    match = _WORD_BEFORE.search(window, max(0, stop - 40), stop)
    word = match[0].lower() if match else ""
    if not word or "\n" in window[stop + 1 : stop + 2]:
        return False
    primary = (language or "").split("-")[0].lower()
    if word.isdigit():
        return len(word) <= _ORDINAL_DIGITS and primary in _ordinals()
    if _INITIALISM.fullmatch(word):
        return word[-1].isalpha()
    if word in _abbreviations(primary):
        return True
    following = window[stop + 1 :].lstrip()
    return following[:1].islower()


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


@cache
def _data() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name("abbreviations.toml").read_text(encoding="utf-8"))


@cache
def _ordinals() -> frozenset[str]:
    listed = _data()["ordinals"]
    assert isinstance(listed, list)  # noqa: S101 - narrows our own data file's type
    return frozenset(str(tag) for tag in listed)


@cache
def _abbreviations(primary: str) -> frozenset[str]:
    words = _data()["words"]
    assert isinstance(words, dict)  # noqa: S101 - narrows our own data file's type
    return frozenset(words["any"]) | frozenset(words.get(primary, ()))
