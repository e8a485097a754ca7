"""What surrounds a segment: the elements it stands in, its neighbours, others in the same kind of place."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from aggregator.extract.segments import Frame, Page, Segment

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_AROUND = (
    "article", "main", "aside", "nav", "footer", "header", "figure", "form", "li", "blockquote", "table",
)  # fmt: skip
_AROUND_PLACES = {tag: place for place, tag in enumerate(_AROUND)}

LEVELS = 8
"""How many frames around a text are looked at for their names."""

_NEIGHBOURS = (-1, -2, 1, 2)
_TEXT_CHARS = 80
_MENU_LINKS = 4
_MENU_SHARE = 0.8
_TEXT_LINK_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of each segment: a number each.

    ``sizes`` are the characters, a Chinese or Japanese one as two; ``taken`` is 1 for what the general
    extractor took; ``texts`` tells what is long, and more than links.
    """

    chars: Numbers
    sizes: Numbers
    link_chars: Numbers
    taken: Numbers
    texts: NDArray[np.bool_]

    @classmethod
    def of(cls, segments: Sequence[Segment], taken: Sequence[int]) -> "Counts":
        """The counts of these segments."""
        chars = np.array([len(one.text) for one in segments], np.float64)
        is_wide = [not one.text.isascii() and _CJK.search(one.text) is not None for one in segments]
        sizes = chars * (1 + np.array(is_wide))
        link_chars = np.array([one.link_chars for one in segments], np.float64)
        texts = (sizes > _TEXT_CHARS) & (link_chars < _TEXT_LINK_SHARE * chars)
        return cls(chars, sizes, link_chars, np.array(taken, np.float64), texts)


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a frame, itself included: how deep each tag stands, what is told, weights of names."""

    depths: tuple[int, ...]
    told: tuple[bool, bool, bool]
    line: tuple[float, ...]


_NOTHING_AROUND = _Around((-1,) * len(_AROUND), (False, False, False), ())


def frames(frames: Sequence[Frame], weights: Mapping[str, float]) -> Matrix:
    """For each frame: how near the tags around it are, and what the names around it weigh."""
    known: dict[int, _Around] = {}
    places: dict[int, int] = {}
    rows: list[tuple[float, ...]] = []
    for frame in frames:
        if frame.number in places:
            continue
        unknown = []
        for one in frame.line():
            if one.number in known:
                break
            unknown.append(one)
        for one in reversed(unknown):
            above = known[one.parent.number] if one.parent else _NOTHING_AROUND
            known[one.number] = _around(one, above, weights)
        found = known[frame.number]
        places[frame.number] = len(rows)
        rows.append((*found.depths, *found.told, frame.depth, *weighed(found.line)))
    table = np.array(rows, np.float32).reshape(-1, len(_AROUND) + 10)
    depths, own = table[:, : len(_AROUND)], table[:, len(_AROUND) + 3, None]
    table[:, : len(_AROUND)] = np.where(depths < 0, 0, own - depths + 1)
    return table[[places[frame.number] for frame in frames]]


def _around(frame: Frame, above: _Around, weights: Mapping[str, float]) -> _Around:
    depths = above.depths
    if frame.tag in _AROUND_PLACES:
        place = _AROUND_PLACES[frame.tag]
        depths = (*depths[:place], frame.depth, *depths[place + 1 :])
    is_body, has_role, is_hidden = above.told
    return _Around(
        depths,
        (
            is_body or frame.is_body_of_article(),
            has_role or frame.has_role(),
            is_hidden or frame.is_hidden(),
        ),
        (sum(filter(None, map(weights.get, frame.names))), *above.line[: LEVELS - 1]),
    )


def weighed(line: Sequence[float]) -> tuple[float, ...]:
    """What the names around a text say, in the columns ``NAMES``: weights, nearest frame first."""
    return (
        line[0], line[1] if len(line) > 1 else 0.0, sum(line), min(line), max(line), sum(line[2:5]),
    )  # fmt: skip


def menus(page: Page) -> list[Frame]:
    """The outermost frames below a root that hold at least four links and hardly anything else."""
    counts = [
        (len(one.text), one.links, one.link_chars, len(one.text) - one.link_chars >= _TEXT_CHARS)
        for one in page.segments
    ]
    chars, links, link_chars, texts = (
        list(accumulate(column, initial=0)) for column in (zip(*counts, strict=True) if counts else [()] * 4)
    )
    found: list[Frame] = []
    behind = 0
    for frame in page.frames:
        start, stop = frame.start, frame.stop
        if frame.number < behind or frame.parent is None or links[stop] - links[start] < _MENU_LINKS:
            continue
        is_linked = link_chars[stop] - link_chars[start] > _MENU_SHARE * (chars[stop] - chars[start])
        if is_linked and texts[stop] == texts[start]:
            found.append(frame)
            behind = frame.behind
    return found


def places(page: Page) -> NDArray[np.intp]:
    """For each segment the numbers of its frame, of the one around it, of the next; -1 where is none."""
    up = np.array([one.parent.number if one.parent else -1 for one in page.frames] + [-1], np.intp)
    own = np.array([one.frame.number for one in page.segments], np.intp)
    return np.stack([own, up[own], up[up[own]]], 1)


def containers(page: Page, counts: Counts, places: NDArray[np.intp]) -> Matrix:
    """For each segment's frame, its parent and grandparent: its share of the page, and of what text."""
    sizes = counts.sizes
    columns = [sizes, sizes * counts.taken, sizes * counts.texts, counts.link_chars, np.ones(len(sizes))]
    sums = np.zeros((len(sizes) + 1, len(columns)))
    np.cumsum(np.stack(columns, 1), axis=0, out=sums[1:])
    # The last row is what is around a root: nothing.
    spans = np.array([(one.start, one.stop) for one in page.frames] + [(0, 0)], np.intp)
    held = sums[spans[:, 1]] - sums[spans[:, 0]]
    roots = [one.number for one in page.frames if one.parent is None]
    totals = np.maximum(held[roots].sum(axis=0), 1)
    chars = np.maximum(held[:, 0], 1)
    shares = [
        held[:, 2] / totals[2],
        held[:, 1] / totals[1],
        held[:, 1] / chars,
        held[:, 3] / chars,
        np.log1p(held[:, 4]),
    ]
    table = np.stack(shares, 1).astype(np.float32)
    return table[places].reshape(len(places), -1)


def signs(segments: Sequence[Segment]) -> NDArray[np.intp]:
    """For each segment a number that those share which stand in frames of the same tags and names."""
    codes: dict[tuple[object, ...], int] = {}
    of_frame: dict[int, int] = {}
    found = []
    for one in segments:
        frame = one.frame
        code = of_frame.get(frame.number)
        if code is None:
            code = of_frame[frame.number] = codes.setdefault(_signature(frame), len(codes))
        found.append(code)
    return np.array(found, np.intp)


def signatures(signs: NDArray[np.intp], counts: Counts, keys: Sequence[str]) -> Matrix:
    """How many segments stand in the same kind of place, what became of them, and twins."""
    twins = Counter(keys)
    count = np.bincount(signs)
    chosen = np.bincount(signs, counts.taken) / count
    chars = np.bincount(signs, counts.sizes) / count
    columns = [count[signs], chosen[signs], chars[signs], np.array([twins[one] for one in keys])]
    return np.stack(columns, 1).astype(np.float32)


def _signature(frame: Frame) -> tuple[object, ...]:
    parent = frame.parent
    above = parent.parent if parent else None
    return (
        frame.tag, frame.names, parent and parent.tag, parent and parent.names, above and above.tag,
        above and above.names,
    )  # fmt: skip


def neighbours(places: NDArray[np.intp], signs: NDArray[np.intp], base: Matrix) -> list[Matrix]:
    """What the segments before and behind are like, and whether they stand in the same place."""
    count = len(places)
    own, up = places[:, 0], places[:, 1]
    found = []
    for step in _NEIGHBOURS:
        near = np.full((count, base.shape[1] + 2), -1, np.float32)
        here, there = slice(max(-step, 0), count - max(step, 0)), slice(max(step, 0), count + min(step, 0))
        if here.start < here.stop:
            near[here, :-2] = base[there]
            near[here, -2] = (own[there] == own[here]) | (up[there] == up[here])
            near[here, -1] = signs[there] == signs[here]
        found.append(near)
    return found
