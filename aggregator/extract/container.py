"""The container: the element of a page in which the article's text stands."""

import re
from collections import Counter
from collections.abc import Iterable

from aggregator.extract.plain import folded
from aggregator.model.article import Block

_NUMBER = re.compile(r"\[\d+\]")
_ROOT = ("html", "body")
_LONGEST_CHARS = 160


def of(blocks: Iterable[Block]) -> str | None:
    """The element in which most of the text stands, as its tags from the body down; None if nobody knows.

    Such as ``main/article/div``: without numbers, which advertisements and pictures in front move. It is the
    same on nearly all pages that an outlet makes from one template, and another one on nearly every other
    outlet's (docs/decisions/0037-texts-stand-in-containers.md).
    """
    chars = Counter[str]()
    for block in blocks:
        above, _, own = block.origin.rpartition("/")
        if own:
            chars[above] += len(block.text)
    if not chars:
        return None
    tags = [tag for tag in _NUMBER.sub("", chars.most_common(1)[0][0]).split("/") if tag]
    below = tags[len(_ROOT) :] if tuple(tags[: len(_ROOT)]) == _ROOT else tags
    path = folded("/".join(below)) or "."
    return path if len(path) <= _LONGEST_CHARS else f"…{path[-_LONGEST_CHARS:]}"
