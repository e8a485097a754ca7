"""What surrounds a segment: the elements it stands in, its neighbours, others in the same kind of place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregator.extract.segments import Frame, Page, Segment

Matrix = NDArray[np.float32]
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
class _Around:
    """What surrounds a frame, itself included: how far each tag is, what is told, weights of names."""

    near: tuple[int, ...]
    told: tuple[bool, bool, bool]
    line: tuple[float, ...]


_NOTHING_AROUND = _Around((0,) * len(_AROUND), (False, False, False), ())


def frames(frames: Sequence[Frame], weights: Mapping[str, float]) -> Matrix:
    """For each frame: how near the tags around it are, and what the names around it weigh."""
    known: dict[int, _Around] = {}
    rows = []
    for frame in frames:
        unknown = []
        for one in frame.line():
            if one.number in known:
                break
            unknown.append(one)
        for one in reversed(unknown):
            above = known[one.parent.number] if one.parent else _NOTHING_AROUND
            known[one.number] = _around(one, above, weights)
        found = known[frame.number]
        rows.append((*found.near, *found.told, frame.depth, *weighed(found.line)))
    return np.array(rows, np.float32).reshape(-1, len(_AROUND) + 10)


def _around(frame: Frame, above: _Around, weights: Mapping[str, float]) -> _Around:
    near = [distance and distance + 1 for distance in above.near]
    if frame.tag in _AROUND_PLACES:
        near[_AROUND_PLACES[frame.tag]] = 1
    is_body, has_role, is_hidden = above.told
    return _Around(
        tuple(near),
        (
            is_body or frame.is_body_of_article(),
            has_role or frame.has_role(),
            is_hidden or frame.is_hidden(),
        ),
        (sum(weights.get(name, 0.0) for name in frame.names), *above.line[: LEVELS - 1]),
    )


def weighed(line: Sequence[float]) -> tuple[float, ...]:
    """What the names around a text say, in the columns ``NAMES``: weights, nearest frame first."""
    return (
        line[0], line[1] if len(line) > 1 else 0.0, sum(line), min(line), max(line), sum(line[2:5]),
    )  # fmt: skip


def is_text(segment: Segment, size: int) -> bool:
    """Whether it is long, and more than links."""
    return size > _TEXT_CHARS and segment.link_chars < _TEXT_LINK_SHARE * len(segment.text)


def menus(page: Page) -> list[Frame]:
    """The outermost frames below a root that hold at least four links and hardly anything else."""
    count = len(page.frames)
    chars, links, link_chars, longest = [0] * count, [0] * count, [0] * count, [0] * count
    for one in page.segments:
        number = one.frame.number
        chars[number] += len(one.text)
        links[number] += one.links
        link_chars[number] += one.link_chars
        longest[number] = max(longest[number], len(one.text) - one.link_chars)
    for frame in reversed(page.frames):
        if frame.parent is not None:
            up, number = frame.parent.number, frame.number
            chars[up] += chars[number]
            links[up] += links[number]
            link_chars[up] += link_chars[number]
            longest[up] = max(longest[up], longest[number])
    found: list[Frame] = []
    inside = set[int]()
    for frame in page.frames:
        number = frame.number
        if frame.parent is None or frame.parent.number in inside:
            if frame.parent is not None:
                inside.add(number)
        elif (
            links[number] >= _MENU_LINKS
            and link_chars[number] > _MENU_SHARE * chars[number]
            and longest[number] < _TEXT_CHARS
        ):
            inside.add(number)
            found.append(frame)
    return found


def containers(page: Page, sizes: Sequence[int], taken: Sequence[int]) -> Matrix:
    """For each segment's frame, its parent and grandparent: its share of the page, and of what text."""
    sums = np.zeros((len(page.frames) + 1, 5), np.float64)
    for one, size, is_taken in zip(page.segments, sizes, taken, strict=True):
        sums[one.frame.number] += (
            size,
            size * is_taken,
            size if is_text(one, size) else 0,
            one.link_chars,
            1,
        )
    for frame in reversed(page.frames):
        if frame.parent is not None:
            sums[frame.parent.number] += sums[frame.number]
    roots = [frame.number for frame in page.frames if frame.parent is None]
    totals = np.maximum(sums[roots].sum(axis=0), 1)
    chars = np.maximum(sums[:, 0], 1)
    table = np.stack(
        [
            sums[:, 2] / totals[2],
            sums[:, 1] / totals[1],
            sums[:, 1] / chars,
            sums[:, 3] / chars,
            np.log1p(sums[:, 4]),
        ],
        1,
    )
    table[-1] = 0  # the parent of a root
    none = len(page.frames)
    own = [one.frame.number for one in page.segments]
    up = [one.frame.parent.number if one.frame.parent else none for one in page.segments]
    higher = [_grandparent(one.frame, none) for one in page.segments]
    return np.hstack([table[own], table[up], table[higher]]).astype(np.float32)


def _grandparent(frame: Frame, none: int) -> int:
    parent = frame.parent.parent if frame.parent else None
    return parent.number if parent else none


def signatures(
    segments: Sequence[Segment], sizes: Sequence[int], taken: Sequence[int], keys: Sequence[str]
) -> Matrix:
    """How many segments stand in frames of the same tags and names, what became of them, and twins."""
    signs = [_signature(one.frame) for one in segments]
    count, chosen, chars = Counter(signs), Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for sign, size, is_taken in zip(signs, sizes, taken, strict=True):
        chosen[sign] += is_taken
        chars[sign] += size
    twins = Counter(keys)
    rows = [
        (count[sign], chosen[sign] / count[sign], chars[sign] / count[sign], twins[one])
        for sign, one in zip(signs, keys, strict=True)
    ]
    return np.array(rows, np.float32).reshape(-1, 4)


def _signature(frame: Frame) -> tuple[object, ...]:
    parent = frame.parent
    above = parent.parent if parent else None
    return (
        frame.tag, frame.names, parent and parent.tag, parent and parent.names, above and above.tag,
        above and above.names,
    )  # fmt: skip


def neighbours(segments: Sequence[Segment], base: Matrix) -> list[Matrix]:
    """What the segments before and behind are like, and whether they stand in the same place."""
    count = len(segments)
    own = np.array([one.frame.number for one in segments])
    up = np.array([one.frame.parent.number if one.frame.parent else -1 for one in segments])
    signs = [_signature(one.frame) for one in segments]
    codes: dict[tuple[object, ...], int] = {}
    sign = np.array([codes.setdefault(one, len(codes)) for one in signs])
    found = []
    for step in _NEIGHBOURS:
        there = np.arange(count) + step
        inside = (there >= 0) & (there < count)
        at = np.clip(there, 0, max(count - 1, 0))
        near = np.hstack(
            [base[at], ((own[at] == own) | (up[at] == up))[:, None], (sign[at] == sign)[:, None]]
        )
        near[~inside] = -1
        found.append(near.astype(np.float32))
    return found
