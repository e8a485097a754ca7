"""Topics: the sections and tags of articles under one key, however outlets write them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

KEY_CHARS = 80
"""Longer than any section seen; a tag that is a whole sentence is no topic to look for."""


@lru_cache(maxsize=10_000)  # the same sections and tags come again and again
def key(label: str) -> str:
    """The key of a section or tag: lower case, any script, words joined by hyphens; may be empty.

    ``Local politics`` and ``LOCAL  POLITICS`` share one.
    """
    text = unicodedata.normalize("NFKC", label).casefold()
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else "-" for char in text)
    return re.sub(r"-+", "-", kept).strip("-")


def of(section: str | None, tags: Iterable[str]) -> dict[str, str]:
    """The topics of an article, its section first: the words as written, by key; no empty or endless one."""
    found: dict[str, str] = {}
    for label in ((section,) if section else ()) + tuple(tags):
        made = key(label)
        if made and len(made) <= KEY_CHARS:
            found.setdefault(made, " ".join(label.split()))
    return found
