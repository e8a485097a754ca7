"""Unseen characters: what is taken out of every foreign text."""

import re

import regex

# C0 and C1 controls but whitespace, soft hyphen, zero-width space, byte order mark, lone surrogates,
# noncharacters, and the bidirectional embeddings and overrides that turn text around (they are used to
# disguise it). Joiners and direction marks stay: Persian, Hindi and mixed Hebrew lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufff9-\ufffc\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e001f]"
)
# The Stream-Safe Text Format (UAX #15, 13) allows 30 marks on a letter. Sorting the marks of one letter takes
# quadratic time in Python: 200,000 of them took more than 20 s.
_STACKED = regex.compile(r"(?<=\p{M}{30})\p{M}+")


def without_unseen(text: str) -> str:
    """The text without characters that nobody sees; whitespace stays."""
    return _UNSEEN.sub("", text)


def unstacked(text: str) -> str:
    """The text with at most 30 marks on a letter, so that it can be normalised in linear time."""
    return text if text.isascii() else _STACKED.sub("", text)
