"""Plain text from foreign strings: no tags, no control characters, single spaces."""

import html
import re
import unicodedata
from functools import lru_cache

import nh3
import regex

from aggregator.unseen import unstacked, without_unseen

LONGEST_FIELD_CHARS = 1000
# Nobody escapes deeper by mistake.
_MOST_ESCAPINGS = 3
_MARKUP = re.compile(r"[<&]")
_TAG = re.compile(r"<[a-zA-Z/!?]")
# Marks that stand over or under letters, of the scripts that write them as accents, points or short vowels;
# the stroke that stretches Arabic words, joiners and direction marks. Vowel signs of Indic scripts and Thai
# tones are letters like others, and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c"
    "\u200c-\u200f]+"
)
_ARABIC = re.compile("[\u0600-\u06ff]")
# Persian and Urdu letters that Arabic keyboards write otherwise, and Arabic ones that are confused; the
# joiner that parts words in Persian.
_ARABIC_FORMS = str.maketrans("ىیکہةۃ\u200c", "ييكههه ")
_WORD = re.compile(r"\w+")
# For each byte of ASCII its lower case if it belongs to a word, else a space.
_IN_WORDS = bytes(ord(chr(code).lower()) if _WORD.match(chr(code)) else 32 for code in range(128)).ljust(256)
# Signs of printed text that part words; without them most texts are plain ASCII.
_SIGNS = re.compile("[\u00a0\u00ab\u00bb\u2010\u2011\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026]")
# Latin, Greek and Cyrillic letters, in which marks are all gone, are words to both libraries.
_OTHER_LETTERS = re.compile("[^\x00-\u02ff\u0370-\u0482\u048a-\u052f]")
# The standard library's takes a vowel sign for the end of a word.
_ANY_WORD = regex.compile(r"\w+")


def folded(text: str) -> str:
    """One line: controls gone, whitespace runs as one space, Unicode NFC. Markup is left as it is."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    clean = unstacked(without_unseen(text))
    return unicodedata.normalize("NFC", " ".join(clean.split()))


def plain(text: str, longest_chars: int = LONGEST_FIELD_CHARS) -> str:
    """The text of a field that may hold markup: tags stripped, entities resolved, folded, cut to size.

    Publishers escape twice in JSON-LD and meta tags, so entities are resolved twice before the tags are
    stripped, and once more behind it; tags that come to light then are stripped, too.
    """
    text = text[: longest_chars * 8]
    if _MARKUP.search(text):
        text = html.unescape(html.unescape(text))
        for _ in range(_MOST_ESCAPINGS):
            if not _TAG.search(text):
                break
            text = html.unescape(nh3.clean(without_unseen(text), tags=set(), link_rel=None))
        else:
            text = _TAG.sub("", text)
    return folded(text)[:longest_chars].rstrip()


@lru_cache(maxsize=2048)
def key(text: str) -> str:
    """A form to compare lines by: case, accents, punctuation and spacing folded away.

    Every step of extraction asks for the keys of the same lines.
    """
    if not text.isascii():
        text = _SIGNS.sub(" ", text)
    if text.isascii():
        return " ".join(text.encode().translate(_IN_WORDS).decode().split())
    text = unicodedata.normalize("NFKD", unstacked(text))
    if _ARABIC.search(text):
        text = text.translate(_ARABIC_FORMS)
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).casefold().replace("ı", "i")
    return " ".join((_ANY_WORD if _OTHER_LETTERS.search(text) else _WORD).findall(text))
