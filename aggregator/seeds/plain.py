"""Plain text from the HTML that feeds put into titles, summaries and names."""

import html
import re

from lxml.html import defs

from aggregator.unseen import without_unseen

HEADLINE_CHARS = 500
DEK_CHARS = 2000
NAME_CHARS = 120
_MOST_NAMES = 20
# Longer fragments are cut before any pattern sees them: patterns stay fast on hostile text.
_FRAGMENT_CHARS = 20_000
_HIDDEN = re.compile(
    r"<(script|style|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>")
_INLINE = frozenset(
    defs.phrase_tags
    | defs.font_style_tags
    | {"a", "span", "font", "img", "wbr", "mark", "sub", "sup", "q", "bdi", "bdo"}
)
_EMAIL = re.compile(r"<?\s*[^\s<>()@]+@[^\s<>()@]+\.[a-zA-Z]+\s*>?")
_BRACKETS = re.compile(r"^\s*\((.*)\)\s*$")
_BY = re.compile(r"^(?:by|par|von|por|di|door|av)\s+(?=\S+\s)", re.IGNORECASE)
_JOINTS = re.compile(r"\s*[;,&،、]\s*|\s+(?:and|et|und|y|e|en|och|og)\s+")


def plain(fragment: str | None, most_chars: int) -> str | None:
    """The text of an HTML fragment on one line, at most ``most_chars`` long; None if nothing is left.

    Only tags that HTML knows are taken for tags, so ``List<String>`` stays.
    """
    if not fragment:
        return None
    text = fragment[:_FRAGMENT_CHARS]
    # Twice, for feeds that escape what was escaped already (AT&amp;amp;T); tags may hide behind it, too.
    text = _untagged(text)
    for _ in range(2):
        text = _untagged(html.unescape(text)) if "&" in text else text
    text = " ".join(without_unseen(text).split())
    if len(text) > most_chars:
        text = text[: most_chars - 1].rstrip() + "…"
    return text or None


def _untagged(text: str) -> str:
    return _TAG.sub(_gap, _HIDDEN.sub(" ", text)) if "<" in text else text


def _gap(tag: re.Match[str]) -> str:
    """What stands where a tag stood: nothing for inline elements, a space for blocks."""
    name = tag.group(1).lower()
    if name in _INLINE:
        return ""
    return " " if name in defs.tags else tag.group(0)


def names(credit: str | None) -> tuple[str, ...]:
    """The people of a feed's author field, e-mail addresses left out, one name an element.

    ``desk@example.com (Ada Bell and Cem Dal)`` gives ``("Ada Bell", "Cem Dal")``. A field is split only if
    every part has two words, so ``José Ortega y Gasset`` stays one.
    """
    text = plain(_EMAIL.sub(" ", (credit or "")[: NAME_CHARS * 10]), NAME_CHARS * 5) or ""
    inner = _BRACKETS.match(text)
    text = _BY.sub("", inner.group(1) if inner else text).strip(" ,;()<>")
    if not any(char.isalpha() for char in text) or text.startswith(("http:", "https:")):
        return ()
    parts = [part for part in _JOINTS.split(text) if part]
    if not all(len(part.split()) > 1 for part in parts):
        parts = [text]
    return tuple(dict.fromkeys(part[:NAME_CHARS] for part in parts[:_MOST_NAMES]))
