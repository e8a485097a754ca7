"""Train the classifier of bodies on recorded pages, and score it on outlets that it has not seen.

Usage: python benchmarks/train_body.py [--shared ../shared] [--out aggregator/extract/body.json] [--folds 5]

The pages are parted by publisher. Each part is extracted, by all of our rules, with a classifier trained on
the others: that is the score to quote, for the shipped classifier has seen every page. Without --out nothing
is written. Needs lightgbm (`make .venv/.bench-installed`), a few minutes and 2 GB.
"""

import argparse
import json
import logging
import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from extraction.corpus import NEWS, Corpus, Row, fetched

from aggregator.extract import body, features, forest, surroundings
from aggregator.extract.errors import PageError
from aggregator.extract.known import Known
from aggregator.extract.page import extract
from aggregator.extract.segments import Page
from aggregator.model.outlet import Rules

PARAMETERS = {
    "objective": "cross_entropy", "num_leaves": 15, "max_depth": 6, "learning_rate": 0.07,
    "min_data_in_leaf": 60, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 5, "verbose": -1, "num_threads": 1, "seed": 1,
}  # fmt: skip
ROUNDS = 300
GRAM = 4
HALF = 0.5
LEAST_PUBLISHERS = 5
LEAST_WEIGHT = 0.15
# A page whose truth is a small part of it, or wrong, would weigh as much as ten others.
MOST_WEIGHT = 1.6
OPTIONAL_WEIGHT = 0.2  # of paragraphs that the truth holds in one of its versions only


@dataclass
class Sample:
    """A page: its features without those of names, the names around each segment, labels and weights.

    ``perfect`` is the body that a classifier without fault would choose.
    """

    id: str
    publisher: str
    perfect: str
    matrix: surroundings.Matrix
    names: list[list[frozenset[str]]]
    labels: list[float]
    weights: list[float]
    chars: list[int]


def labels(texts: Sequence[str], truth: str, words: Any) -> list[float]:
    """For each text the share of its word 4-grams that is true; of twins only the likeliest counts."""
    lines = Counter(" ".join(words(line)) for line in truth.split("\n"))
    all_words = words(truth)
    grams = set(zip(*(all_words[shift:] for shift in range(GRAM)), strict=False))
    split = [words(text) for text in texts]
    found = [0.0] * len(texts)
    for number, one in enumerate(split):
        own = list(zip(*(one[shift:] for shift in range(GRAM)), strict=False))
        found[number] = sum(gram in grams for gram in own) / len(own) if own else 0.0
    sure = [number for number, share in enumerate(found) if share > HALF and len(split[number]) >= 2 * GRAM]
    middle = sure[len(sure) // 2] if sure else 0
    joined = f" {' '.join(all_words)} "
    places = defaultdict(list)
    for number, one in enumerate(split):
        places[" ".join(one)].append(number)
    for text, numbers in places.items():
        nearest = sorted(numbers, key=lambda number: abs(number - middle))
        if text.count(" ") + 1 < GRAM:
            for number in nearest[: lines.get(text, 0)]:
                found[number] = 1.0
            if not lines.get(text, 0) and sure and f" {text} " in joined:
                for number in numbers:
                    found[number] = HALF if sure[0] < number < sure[-1] else 0.0
        elif len(numbers) > 1:
            inside = sorted(nearest, key=lambda number: not sure or not sure[0] <= number <= sure[-1])
            for number in inside[max(1, joined.count(f" {text} ")) :]:
                found[number] = 0.0
    return found


def sample(row: Row, corpus: Corpus) -> Sample | None:
    """What there is to learn from one page."""
    logging.disable(logging.CRITICAL)
    caught: list[Sample] = []
    words = corpus.scorer().words

    def catch(
        page: Page, taken: Sequence[int], numbers: Sequence[int], known: Known, weights: Mapping[str, float]
    ) -> surroundings.Matrix:
        texts = [segment.text for segment in page.segments]
        own = labels(texts, row["body"] or "", words)
        other = labels(texts, row["body_alt"], words) if row.get("body_alt") else own
        total = sum(len(text) for text, share in zip(texts, own, strict=True) if share > HALF) or 300
        weight = [
            min((min(len(text), 600) + 12) / total, 0.5) * (OPTIONAL_WEIGHT if one > HALF >= least else 1.0)
            for text, one, least in zip(texts, own, other, strict=True)
        ]
        caught.append(
            Sample(
                row["id"],
                row["publisher"],
                "\n".join(text for text, share in zip(texts, own, strict=True) if share > HALF),
                matrix(page, taken, numbers, known, {}),
                [
                    [frame.names for frame in islice(page.segments[number].frame.line(), surroundings.LEVELS)]
                    for number in numbers
                ],
                [own[number] for number in numbers],
                bounded([weight[number] for number in numbers]),
                [len(texts[number]) for number in numbers],
            )
        )
        return matrix(page, taken, numbers, known, weights)

    matrix = features.matrix
    features.matrix = catch  # type: ignore[assignment]
    try:
        extract(fetched(row["url"], corpus.html(row)), Rules())
    except PageError:
        pass
    finally:
        features.matrix = matrix
    return caught[0] if caught else None


def bounded(weights: Sequence[float]) -> list[float]:
    """The weights of a page's segments, together at most ``MOST_WEIGHT``."""
    factor = min(1.0, MOST_WEIGHT / (sum(weights) or 1.0))
    return [weight * factor for weight in weights]


def lexicon(samples: Iterable[Sample]) -> dict[str, float]:
    """The log odds of names to stand around an article's text, each publisher with one voice."""
    votes: dict[str, dict[str, list[float]]] = defaultdict(dict)
    for one in samples:
        total = sum(one.chars) or 1
        for names, share, chars in zip(one.names, one.labels, one.chars, strict=True):
            for name in frozenset().union(*names[:6]):
                vote = votes[name].setdefault(one.publisher, [0.0, 0.0])
                vote[0 if share > HALF else 1] += min(chars, 200) / total
    weights = {}
    for name, by_publisher in sorted(votes.items()):
        if len(by_publisher) >= LEAST_PUBLISHERS:
            inside = sum(yes / (yes + no) for yes, no in by_publisher.values())
            weight = round(math.log((inside + 1) / (len(by_publisher) - inside + 1)), 2)
            if abs(weight) > LEAST_WEIGHT:
                weights[name] = weight
    return weights


def with_names(one: Sample, weights: Mapping[str, float]) -> surroundings.Matrix:
    """A page's features, those of names among them."""
    rows = one.matrix.copy()
    cache: dict[frozenset[str], float] = {}
    for number, names in enumerate(one.names):
        line = []
        for group in names:
            if group not in cache:
                cache[group] = sum(weights.get(name, 0.0) for name in group)
            line.append(cache[group])
        rows[number, features.NAMES] = surroundings.weighed(line)
    return rows


def train(samples: Sequence[Sample], fold_of: Mapping[str, int]) -> str:
    """A forest as JSON; names weigh on a page what the other folds say of them, as on a new page."""
    folds = sorted({fold_of[one.publisher] for one in samples})
    lexicons = {fold: lexicon(one for one in samples if fold_of[one.publisher] != fold) for fold in folds}
    rows = np.vstack([with_names(one, lexicons[fold_of[one.publisher]]) for one in samples])
    data = lightgbm.Dataset(
        rows,
        np.concatenate([one.labels for one in samples]),
        weight=np.concatenate([one.weights for one in samples]),
    )
    booster = lightgbm.train(PARAMETERS, data, ROUNDS)
    trees = [_nodes(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return _json(lexicon(samples), trees)


def _nodes(root: Row) -> list[list[float]]:
    nodes: list[list[float]] = []

    def add(node: Row) -> int:
        place = len(nodes)
        nodes.append([])
        if "leaf_value" in node:
            nodes[place] = [round(node["leaf_value"], 4)]
        else:
            low, high = add(node["left_child"]), add(node["right_child"])
            nodes[place] = [node["split_feature"], float(f"{node['threshold']:.6g}"), low, high]
        return place

    add(root)
    return nodes


def _json(names: Mapping[str, float], trees: Sequence[Sequence[Sequence[float]]]) -> str:
    """One name and one tree a line, so that versions can be compared."""
    words = ",\n".join(f"{json.dumps(name)}: {weight}" for name, weight in names.items())
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    return f'{{"depth": {PARAMETERS["max_depth"]},\n"names": {{\n{words}\n}},\n"trees": [\n{lines}\n]}}\n'


def bodies(model: str, corpus: Corpus, rows: Sequence[Row]) -> list[Row]:
    """What our extraction makes of pages with this classifier."""
    logging.disable(logging.CRITICAL)
    made = forest.parse(model)
    body.forest.shipped = lambda: made  # type: ignore[assignment]
    found = []
    for row in rows:
        try:
            found.append(
                {"id": row["id"], "body": extract(fetched(row["url"], corpus.html(row)), Rules()).body}
            )
        except PageError:
            found.append({"id": row["id"], "body": ""})
    return found


def main() -> None:
    """Score by folds, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=os.environ.get("AGGREGATOR_SHARED", "../shared"))
    parser.add_argument("--out", type=Path, help="where to write the classifier that has seen all pages")
    parser.add_argument("--folds", type=int, default=5, help="how many parts to score in; 0 scores nothing")
    arguments = parser.parse_args()
    corpus = Corpus(arguments.shared)
    rows = corpus.rows()
    publishers = sorted({row["publisher"] for row in rows})
    order = np.random.RandomState(0).permutation(len(publishers))
    parts = arguments.folds or 5
    fold_of = {one: int(place) % parts for one, place in zip(publishers, order, strict=True)}
    with ProcessPoolExecutor() as pool:
        found = pool.map(partial(sample, corpus=corpus), rows, chunksize=8)
        samples = [one for one in found if one is not None]
        print(f"{len(samples)} pages, {sum(len(one.labels) for one in samples)} segments", flush=True)
        jobs = []
        parts_of = [
            [one for one in samples if fold_of[one.publisher] != fold] for fold in range(arguments.folds)
        ]
        for fold, model in enumerate(pool.map(partial(train, fold_of=fold_of), parts_of)):
            mine = [row for row in rows if fold_of[row["publisher"]] == fold]
            jobs += [
                pool.submit(bodies, model, corpus, mine[start : start + 20])
                for start in range(0, len(mine), 20)
            ]
        report("unseen outlets", rows, {one["id"]: one for job in jobs for one in job.result()}, corpus)
        report("perfect choice", rows, {one.id: {"body": one.perfect} for one in samples}, corpus)
    if arguments.out:
        arguments.out.write_text(train(samples, fold_of), encoding="utf-8")


def report(title: str, rows: Sequence[Row], found: Mapping[str, Row], corpus: Corpus) -> None:
    """Print the scores by set."""
    score = corpus.scorer()
    sets: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["id"] in found:
            scored = score.page(row, found[row["id"]])
            source = row["source_benchmark"]
            for name in (source, "all", *(["news"] if source in NEWS else [])):
                sets[name].append(scored)
    for name, pages in sorted(sets.items()):
        figures = score.summary(pages)
        shares = " ".join(f"{one} {figures[one]:.4f}" for one in ("F1", "P", "R"))
        print(f"{title}: {name:14} {len(pages):4} {shares}")


if __name__ == "__main__":
    main()
