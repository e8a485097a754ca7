"""Verbatim texts: what extraction cut of a work goes back to its place; the page's frame stays out."""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from aggregator.model.article import Article, Block, CutBlock


def verbatim(article: Article) -> tuple[Block, ...]:
    """The blocks of the work as its outlet wrote them: those that stayed, and what was cut of the work.

    A paragraph that lost a part of the work comes back as it was, without the frame's lines in it.
    """
    inside: dict[int, list[CutBlock]] = defaultdict(list)
    between: dict[int, list[CutBlock]] = defaultdict(list)
    for cut in article.cuts:
        if cut.after < 0:
            continue
        if cut.behind >= 0:
            inside[cut.after].append(cut)
        elif not is_frame(cut.rule, is_between=0 < cut.after < len(article.blocks)):
            between[cut.after].append(cut)
    blocks: list[Block] = []
    for number in range(len(article.blocks) + 1):
        blocks.extend(Block(cut.kind, cut.text, cut.level, cut.origin) for cut in between[number])
        if number < len(article.blocks):
            blocks.append(_whole(article.blocks[number], inside[number]))
    return tuple(blocks)


def is_frame(rule: str, *, is_between: bool = True) -> bool:
    """Whether a rule cuts lines of a frame; ``is_between``: this line stood between blocks that stayed."""
    if _is_listed(rule, "frame"):
        return True
    return not is_between and _is_listed(rule, "between")


def _whole(block: Block, cuts: Sequence[CutBlock]) -> Block:
    if all(is_frame(cut.rule) for cut in cuts):
        return block
    # The first cut knows the paragraph as it stood on the page.
    text = cuts[0].before
    for cut in cuts:
        if is_frame(cut.rule):
            before, found, behind = text.partition(cut.text)
            text = f"{before.rstrip()} {behind.lstrip()}".strip() if found else text
    return replace(block, text=text)


def _is_listed(rule: str, name: str) -> bool:
    return any(rule == one or rule.startswith((f"{one}/", f"{one}@")) for one in _lists()[name])


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("frame.toml").read_text(encoding="utf-8"))
