"""The classifier of bodies: boosted trees over a segment's features, shipped as data (``body.json``)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aggregator.extract.surroundings import Matrix

FILE = Path(__file__).with_name("body.json")


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as one array of nodes: tree ``t`` begins at ``roots[t]``.

    A node sends a row to ``low`` where its ``feature`` is at most the ``threshold``, else to ``high``; a leaf
    sends it to itself and has its ``value``. ``names`` are the log odds of words in class names and ids.
    """

    names: Mapping[str, float]
    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int

    def chances(self, rows: Matrix) -> NDArray[np.float32]:
        """For each row the probability, 0 to 1, that its segment is of the article's body."""
        if not len(rows):
            return np.zeros(0, np.float32)
        flat = rows.ravel()
        start = (np.arange(len(rows), dtype=np.int32) * rows.shape[1])[:, None]
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            is_low = flat.take(start + self.feature.take(node)) <= self.threshold.take(node)
            node = np.where(is_low, self.low.take(node), self.high.take(node))
        score: NDArray[np.float32] = self.value.take(node).sum(axis=1)
        return (1 / (1 + np.exp(-score))).astype(np.float32)


def parse(text: str) -> Forest:
    """The forest of a JSON text: ``names``, ``depth``, and ``trees``, lists of nodes.

    A node is [feature, threshold, low, high], with places in its tree, and a leaf [value].
    """
    data = json.loads(text)
    roots: list[int] = []
    nodes: list[tuple[int, float, int, int, float]] = []
    for tree in data["trees"]:
        root = len(nodes)
        roots.append(root)
        for node in tree:
            if len(node) == 1:
                nodes.append((0, 0.0, len(nodes), len(nodes), node[0]))
            else:
                nodes.append((node[0], node[1], root + node[2], root + node[3], 0.0))
    feature, threshold, low, high, value = zip(*nodes, strict=True)
    return Forest(
        data["names"],
        np.array(roots, np.int32),
        np.array(feature, np.int32),
        np.array(threshold, np.float32),
        np.array(low, np.int32),
        np.array(high, np.int32),
        np.array(value, np.float32),
        int(data["depth"]),
    )


@cache
def shipped() -> Forest:
    """The forest that comes with the program, read once a process."""
    return parse(FILE.read_text(encoding="utf-8"))
