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
# Menus, asides and footers are not among them: trafilatura leaves those out, which is known here.
_AROUND = ("article", "main", "figure", "li", "blockquote", "table")
_AROUND_PLACES = {tag: place for place, tag in enumerate(_AROUND)}

LEVELS = 8
"""How many frames around a text are looked at for their names."""

_NEIGHBOURS = (-1, -2, 1, 2)
# Of a neighbour its size, share of links, tag, and whether it was taken.
_NEIGHBOUR_COLUMNS = 4
_FAR_SEGMENTS = 60
_FAR_CHARS = 5000
_TEXT_CHARS = 80
_MENU_LINKS = 4
_MENU_SHARE = 0.8
_TEXT_LINK_SHARE = 0.3
_DATA = './/script[@type="application/ld+json"]'


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
    is_body: bool
    line: tuple[float, ...]


_NOTHING_AROUND = _Around((-1,) * len(_AROUND), is_body=False, line=())


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
        rows.append((*found.depths, found.is_body, frame.depth, *weighed(found.line)))
    table = np.array(rows, np.float32).reshape(-1, len(_AROUND) + 8)
    depths, own = table[:, : len(_AROUND)], table[:, len(_AROUND) + 1, None]
    table[:, : len(_AROUND)] = np.where(depths < 0, 0, own - depths + 1)
    return table[[places[frame.number] for frame in frames]]


def _around(frame: Frame, above: _Around, weights: Mapping[str, float]) -> _Around:
    depths = above.depths
    if frame.tag in _AROUND_PLACES:
        place = _AROUND_PLACES[frame.tag]
        depths = (*depths[:place], frame.depth, *depths[place + 1 :])
    weight = sum(filter(None, map(weights.get, frame.names)))
    return _Around(depths, above.is_body or frame.is_body_of_article(), (weight, *above.line[: LEVELS - 1]))


def weighed(line: Sequence[float]) -> tuple[float, ...]:
    """What the names around a text say, in the columns ``NAMES``: weights, nearest frame first."""
    return (
        line[0], line[1] if len(line) > 1 else 0.0, sum(line), min(line), max(line), sum(line[2:5]),
    )  # fmt: skip


def idle(page: Page) -> list[Frame]:
    """The outermost frames below a root without text, or with four links and hardly anything else."""
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
        if frame.number < behind or frame.parent is None:
            continue
        is_menu = (
            links[stop] - links[start] >= _MENU_LINKS
            and link_chars[stop] - link_chars[start] > _MENU_SHARE * (chars[stop] - chars[start])
            and texts[stop] == texts[start]
        )
        if is_menu or (start == stop and not _holds_data(frame)):
            found.append(frame)
            behind = frame.behind
    return found


def _holds_data(frame: Frame) -> bool:
    """Whether an element without text has JSON-LD in it."""
    return len(frame.element) > 0 and frame.element.find(_DATA) is not None


def places(page: Page) -> NDArray[np.intp]:
    """For each segment the numbers of its frame, of the one around it, of the next; -1 where is none."""
    up = np.array([one.parent.number if one.parent else -1 for one in page.frames] + [-1], np.intp)
    own = np.array([one.frame.number for one in page.segments], np.intp)
    return np.stack([own, up[own], up[up[own]]], 1)


@dataclass(frozen=True, slots=True)
class Held:
    """What each frame of a page holds, by its number, and behind them 0 for what is around a root.

    ``chars``, of them those ``taken``, those of long ``texts``, those in links; the number of ``segments``.
    """

    chars: Numbers
    taken: Numbers
    texts: Numbers
    link_chars: Numbers
    segments: Numbers
    all_taken: float
    all_texts: float

    @classmethod
    def of(cls, page: Page, counts: Counts) -> "Held":
        """What the frames of this page hold."""
        sizes = counts.sizes
        columns = [sizes, sizes * counts.taken, sizes * counts.texts, counts.link_chars, np.ones(len(sizes))]
        sums = np.zeros((len(sizes) + 1, len(columns)))
        np.cumsum(np.stack(columns, 1), axis=0, out=sums[1:])
        spans = np.array([(one.start, one.stop) for one in page.frames] + [(0, 0)], np.intp)
        held = sums[spans[:, 1]] - sums[spans[:, 0]]
        chars, taken, texts, link_chars, segments = held.T
        return cls(chars, taken, texts, link_chars, segments, float(sums[-1, 1]), float(sums[-1, 2]))


def containers(held: Held, places: NDArray[np.intp]) -> Matrix:
    """For each segment's frame, its parent and grandparent: its share of the page, and of what text."""
    chars = np.maximum(held.chars, 1)
    shares = [
        held.texts / max(held.all_texts, 1),
        held.taken / max(held.all_taken, 1),
        held.taken / chars,
        held.link_chars / chars,
        np.log1p(held.segments),
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


def neighbours(base: Matrix) -> Matrix:
    """What the two segments before and the two behind each are like."""
    told = base[:, :_NEIGHBOUR_COLUMNS]
    found = np.full((len(told), len(_NEIGHBOURS), _NEIGHBOUR_COLUMNS), -1, np.float32)
    for place, step in enumerate(_NEIGHBOURS):
        found[max(-step, 0) : len(told) - max(step, 0), place] = told[max(step, 0) : len(told) + min(step, 0)]
    return found.reshape(len(told), -1)


def behind_furniture(kinds: Matrix, numbers: NDArray[np.intp], counts: Counts) -> Matrix:
    """How far behind the last line of page furniture segments stand: segments, kind of furniture, characters.

    ``kinds`` are those of the segments with these ``numbers``, 0 for text. Behind none it is far.
    """
    places = np.arange(len(numbers))
    furniture = np.maximum.accumulate(np.where(kinds > 0, places, -1))
    last = np.concatenate([[-1], furniture[:-1]])[: len(numbers)].astype(np.intp)
    is_behind, there = last >= 0, numbers[last]
    before = np.cumsum(counts.chars) - counts.chars
    columns = [
        np.where(is_behind, np.minimum(numbers - there, _FAR_SEGMENTS), _FAR_SEGMENTS),
        np.where(is_behind, kinds[last], 0),
        np.minimum(before[numbers] - np.where(is_behind, before[there], 0), _FAR_CHARS),
    ]
    return np.stack(columns, 1).astype(np.float32)
