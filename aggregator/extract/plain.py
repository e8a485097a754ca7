"""Plain text from foreign strings: no tags, no control characters, single spaces."""

import html
import re
import unicodedata

import nh3

from aggregator.unseen import unstacked, without_unseen

LONGEST_FIELD_CHARS = 1000
# Nobody escapes deeper by mistake.
_MOST_ESCAPINGS = 3
_MARKUP = re.compile(r"[<&]")
_TAG = re.compile(r"<[a-zA-Z/!?]")
# Marks that stand over or under letters, of the scripts that write them as accents, points or short vowels.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u3099\u309a]+"
)
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """One line: controls gone, whitespace runs as one space, Unicode NFC. Markup is left as it is."""
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


def key(text: str) -> str:
    """A form to compare lines by: case, accents, punctuation and spacing folded away."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", unstacked(text)))
    return " ".join(_WORD.findall(text.casefold().replace("ı", "i")))
