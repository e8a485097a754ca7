"""The classifier of bodies: boosted trees over a segment's features, shipped as data (``body.json``)."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from aggregator.extract.surroundings import Matrix

T = TypeVar("T", bound=np.generic)
FILE = Path(__file__).with_name("body.json")


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as one array of nodes: tree ``t`` begins at ``roots[t]``.

    A node sends a row to ``low`` where its ``feature`` is at most the ``threshold``, else to the node behind
    that; a leaf sends all to itself and has their ``value``. ``names`` are the log odds of words in class
    names and ids.
    """

    names: Mapping[str, float]
    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    low: NDArray[np.intp]
    value: NDArray[np.float32]
    depth: int

    def chances(self, rows: Matrix) -> NDArray[np.float32]:
        """For each row the probability, 0 to 1, that its segment is of the article's body."""
        flat = rows.ravel()
        start = (np.arange(len(rows)) * rows.shape[1])[:, None]
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            asked = flat.take(start + _at(self.feature, node), mode="clip")
            node = _at(self.low, node) + (asked > _at(self.threshold, node))
        score: NDArray[np.float32] = _at(self.value, node).sum(axis=1)
        return (1 / (1 + np.exp(-score))).astype(np.float32)


def _at(values: NDArray[T], places: NDArray[np.intp]) -> NDArray[T]:
    # None lies outside; to say so ("clip") spares numpy a check and a copy, a third of the time.
    return values.take(places, mode="clip")


def parse(text: str) -> Forest:
    """The forest of a JSON text: ``names``, ``depth``, and ``trees``, lists of nodes.

    A node is [feature, threshold, low, high], with places in its tree, and a leaf [value].
    """
    data = json.loads(text)
    roots: list[int] = []
    nodes: list[tuple[int, float, int, float]] = []
    for tree in data["trees"]:
        roots.append(len(nodes))
        nodes.extend(_nodes(tree, len(nodes)))
    feature, threshold, low, value = zip(*nodes, strict=True)
    return Forest(
        data["names"],
        np.array(roots, np.intp),
        np.array(feature, np.intp),
        np.array(threshold, np.float32),
        np.array(low, np.intp),
        np.array(value, np.float32),
        int(data["depth"]),
    )


def _nodes(tree: Sequence[Sequence[float]], root: int) -> Iterator[tuple[int, float, int, float]]:
    """The nodes of a tree that begins at ``root``, level by level, so that siblings stand side by side."""
    order, waiting = [0], 1
    for number, place in enumerate(order):
        node = tree[place]
        if len(node) == 1:
            yield 0, math.inf, root + number, node[0]
        else:
            yield int(node[0]), node[1], root + waiting, 0.0
            order += [int(node[2]), int(node[3])]
            waiting += 2


@cache
def shipped() -> Forest:
    """The forest that comes with the program, read once a process."""
    return parse(FILE.read_text(encoding="utf-8"))
