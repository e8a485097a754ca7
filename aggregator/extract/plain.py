"""Plain text from foreign strings: no tags, no control characters, single spaces."""

import html
import re
import unicodedata

import nh3

LONGEST_FIELD_CHARS = 1000
_MARKUP = re.compile(r"[<&]")
_TAG = re.compile(r"<[a-zA-Z/!?]")
# C0 and C1 controls, soft hyphen, zero-width space, byte order mark, and the bidirectional embeddings and
# overrides that turn text around (they are used to disguise it). Joiners and direction marks stay: Persian,
# Hindi and mixed Hebrew lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffc]"
)
# Marks that stand over or under letters, of the scripts that write them as accents, points or short vowels.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u3099\u309a]+"
)
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """One line: controls gone, whitespace runs as one space, Unicode NFC. Markup is left as it is."""
    clean = _UNSEEN.sub("", text)
    return unicodedata.normalize("NFC", " ".join(clean.split()))


def plain(text: str, longest_chars: int = LONGEST_FIELD_CHARS) -> str:
    """The text of a field that may hold markup: tags stripped, entities resolved, folded, cut to size.

    Publishers escape twice in JSON-LD and meta tags, so entities are resolved twice before the tags are
    stripped, and once more behind it.
    """
    text = text[: longest_chars * 8]
    if _MARKUP.search(text):
        text = html.unescape(html.unescape(text))
        if _TAG.search(text):
            text = html.unescape(nh3.clean(_UNSEEN.sub("", text), tags=set(), link_rel=None))
    return folded(text)[:longest_chars].rstrip()


def key(text: str) -> str:
    """A form to compare lines by: case, accents, punctuation and spacing folded away."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(_WORD.findall(text.casefold().replace("ı", "i")))
