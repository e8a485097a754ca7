"""Likeness: what two texts are to one another, judged by the passages that they share, with the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from aggregator.dedupe.alignment import Passage, passages
from aggregator.dedupe.fingerprint import SHORT_TOKENS
from aggregator.dedupe.shingles import WIDTH_WORDS
from aggregator.dedupe.words import IS_NAME, IS_NUMBER, Words, flagged
from aggregator.model.duplicate import CopyKind, Evidence

COPY = 0.75
"""Share of either text in shared passages that makes it the other's: a copy, an excerpt, or wrapped."""

CUT_COPY = 0.50
"""The same for texts that were cut, edited and wrapped at once, with the lead and traces of editing."""

CUT_COPY_VERBATIM = 0.60
"""Without such traces a shared passage may be a quotation."""

BOTH_SHARE = 0.20
"""A cut copy takes so much of the other text, too; a live blog with a teaser's first lines does not."""

QUOTED_SHARE = 0.35
"""A later text that holds an earlier one whole, not at its start, and to a smaller part, reports on it."""

WITHOUT_LEAD = 0.85
"""Texts that share no lead share a footer or a quotation, unless it is nearly all of one of them."""

WHOLE = 0.80
"""Both texts covered so far: the same text; else one is a part of the other."""

FACTS_AGREE = 0.60
"""Numbers and names that agree inside of shared passages: over .75 in copies, below .5 in template pages."""

NUMBERS_AGREE = 0.50
"""Numbers alone: template pages of one town agree in its name and nothing else."""

GAPS_OF_FACTS = 0.50
"""Share of the replaced gaps that are numbers or names: most in template pages, one in seven in copies."""

LEAST_GAPS = 4
"""Fewer gaps may be one correction."""

FACTS_AGREE_IN_EDITS = 0.85
"""A text with so many facts equal is a copy whatever was replaced in it, such as an updated figure."""

LEAST_FACTS = 5
"""Fewer numbers and names tell nothing."""

LEAST_EQUAL_WORDS = 12
"""Less in common tells nothing; nor do texts below ``SHORT_TOKENS``: they count by their hash alone."""

LEAST_CUT_WORDS = 40
"""A cut copy shares at least two sentences."""

_LEAD_WORDS = 8
_LEAD_SHARE = 0.06
_TAIL_WORDS = 5
_SOLID_WORDS = 16
_COMMON_PROBES = 3


Span = tuple[int, int]
"""The place of a first word, and that behind the last."""


class Why(StrEnum):
    """Why two texts are one, or are not."""

    COPY = "copy"
    CUT_COPY = "cut copy"
    LITTLE = "too little in common"
    TEMPLATE = "template: what differs is numbers and names"
    TAIL = "only the end is common"
    QUOTED = "quoted in a larger text"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the newer text is to the older; ``kind`` is None if it is no copy of it. ``score`` is 0 to 1."""

    kind: CopyKind | None
    why: Why
    score: float
    evidence: Evidence


def likeness(older: Words, newer: Words, *, one_outlet: bool, probes: "Probes | None" = None) -> Likeness:
    """What the newer text is to the older one.

    ``probes`` tells which of the newer text's shingles are common to many texts: passages that are made of
    them (footers, phrases of templates) count for nothing.
    """
    every = shared = passages(older, newer)
    own_newer = _outside([passage.other for passage in every], probes.stretches() if probes else [], newer)
    if probes is not None:
        shared = tuple(passage for passage in shared if not probes.is_common(passage.other))
    evidence = replace(
        _evidence(older, newer, shared),
        own_older=_outside([passage.one for passage in every], [], older),
        own_newer=own_newer,
    )
    why = _why(older, newer, shared, evidence)
    score = max(evidence.of_newer, evidence.of_older)
    kind = _kind(evidence, one_outlet=one_outlet) if why in {Why.COPY, Why.CUT_COPY} else None
    return Likeness(kind, why, score, evidence)


@dataclass(frozen=True, slots=True)
class Probes:
    """Places of a text where its looked-up shingles begin, in order; ``common`` are those of many stories."""

    places: Sequence[int]
    common: frozenset[int]

    def is_common(self, span: tuple[int, int]) -> bool:
        """Whether most shingles that begin in these words stand in many stories."""
        inside = [place for place in self.places if span[0] <= place < span[1]]
        common = sum(place in self.common for place in inside)
        return common >= _COMMON_PROBES and 2 * common > len(inside)

    def stretches(self) -> "list[Span]":
        """Where all shingles in a row stand in many stories: an outlet's footer, for the most part."""
        runs = [list(run) for common, run in groupby(self.places, self.common.__contains__) if common]
        return [(run[0], run[-1] + WIDTH_WORDS) for run in runs if len(run) >= _COMMON_PROBES]


def _why(older: Words, newer: Words, shared: Sequence[Passage], evidence: Evidence) -> Why:
    if evidence.equal_words < LEAST_EQUAL_WORDS or min(len(older), len(newer)) < SHORT_TOKENS:
        return Why.LITTLE
    return Why.TEMPLATE if _is_template(evidence) else _why_not_template(older, newer, shared, evidence)


def _why_not_template(older: Words, newer: Words, shared: Sequence[Passage], evidence: Evidence) -> Why:
    """What two texts of their own are to one another."""
    most, least = sorted((evidence.of_older, evidence.of_newer), reverse=True)
    rewritten = evidence.replaced - evidence.replaced_facts
    leads_older, leads_newer = _leads(older, newer, shared)
    if most >= COPY and evidence.of_newer < QUOTED_SHARE and not leads_newer:
        return Why.QUOTED
    has_lead = leads_older or leads_newer
    if not has_lead and len(shared) == 1 and not rewritten and _is_tail(older, newer, shared[0]):
        return Why.TAIL
    is_scattered = rewritten > 1 or len(shared) > 2  # noqa: PLR2004 - more than one block and its echo
    if most >= (COPY if has_lead or is_scattered else WITHOUT_LEAD):
        return Why.COPY
    enough = CUT_COPY if rewritten or len(shared) > 1 else CUT_COPY_VERBATIM
    is_cut = most >= enough and least >= BOTH_SHARE and evidence.equal_words >= LEAST_CUT_WORDS
    return Why.CUT_COPY if has_lead and is_cut else Why.LITTLE


def _is_template(evidence: Evidence) -> bool:
    """Whether the texts differ just where a template's gaps are: in most of their numbers and names."""
    if evidence.facts >= LEAST_FACTS and evidence.facts_agree < FACTS_AGREE:
        return True
    if evidence.numbers >= LEAST_FACTS and evidence.numbers_agree < NUMBERS_AGREE:
        return True
    if evidence.numbers > 1 and not evidence.numbers_agree and evidence.replaced == evidence.replaced_facts:
        return True  # short ones have few numbers: none is the same, and nothing else was replaced
    # Where nouns have capitals, names that differ drown in nouns that do not; then what was replaced tells.
    gaps = evidence.replaced
    return (
        gaps >= LEAST_GAPS
        and evidence.replaced_facts >= GAPS_OF_FACTS * gaps
        and evidence.facts_agree < FACTS_AGREE_IN_EDITS
    )


def _leads(older: Words, newer: Words, shared: Sequence[Passage]) -> tuple[bool, bool]:
    """Whether what is shared begins with the lead of either text; a few words are no shared lead."""
    weight = min(_SOLID_WORDS, max(passage.equal_words for passage in shared))
    first = next(passage for passage in shared if passage.equal_words >= weight)
    return (
        first.one[0] <= max(_LEAD_WORDS, _LEAD_SHARE * len(older)),
        first.other[0] <= max(_LEAD_WORDS, _LEAD_SHARE * len(newer)),
    )


def _is_tail(older: Words, newer: Words, passage: Passage) -> bool:
    return len(older) - passage.one[1] <= _TAIL_WORDS and len(newer) - passage.other[1] <= _TAIL_WORDS


def _kind(evidence: Evidence, *, one_outlet: bool) -> CopyKind:
    if min(evidence.of_older, evidence.of_newer) >= WHOLE:
        return CopyKind.REVISION if one_outlet else CopyKind.SYNDICATED
    return CopyKind.EXCERPT if evidence.of_newer >= evidence.of_older else CopyKind.CONTAINS


def _evidence(older: Words, newer: Words, shared: Sequence[Passage]) -> Evidence:
    equal = sum(passage.equal_words for passage in shared)
    runs = [run for passage in shared for run in passage.runs]
    kept = flagged([*chain.from_iterable(older[run.one : run.one + run.words] for run in runs)])
    gaps = [gap for passage in shared for gap in _gaps(older, newer, passage)]
    changed = flagged([word for gap in gaps for side in gap for word in side])
    replaced = [(_flags(a), _flags(b)) for a, b in gaps if a and b]
    numbers, numbers_agree = _agreement(kept, changed, IS_NUMBER)
    facts, facts_agree = _agreement(kept, changed, IS_NUMBER | IS_NAME)
    return Evidence(
        equal_words=equal,
        of_older=_share(sum(passage.one[1] - passage.one[0] for passage in shared), len(older)),
        of_newer=_share(sum(passage.other[1] - passage.other[0] for passage in shared), len(newer)),
        jaccard=_share(equal, len(older) + len(newer) - equal),
        passages=tuple((*passage.one, *passage.other) for passage in shared),
        replaced=len(replaced),
        replaced_facts=sum(bool(a & b) for a, b in replaced),
        facts=facts,
        facts_agree=facts_agree,
        numbers=numbers,
        numbers_agree=numbers_agree,
        words_older=len(older),
        words_newer=len(newer),
        own_older=0,
        own_newer=0,
    )


def _outside(passages: Sequence[Span], phrases: Sequence[Span], text: Words) -> int:
    """How many words of a text stand in none of these."""
    count = reached = 0
    for start, end in sorted((*passages, *phrases, (len(text), len(text)))):
        count += max(start - reached, 0)
        reached = max(reached, end)
    return count


def _gaps(older: Words, newer: Words, passage: Passage) -> Iterable[tuple[Words, Words]]:
    """What stands between a passage's runs in both texts."""
    for run, after in pairwise(passage.runs):
        yield older[run.one + run.words : after.one], newer[run.other + run.words : after.other]


def _flags(side: Words) -> set[int]:
    """The kinds of facts (IS_NUMBER, IS_NAME) among words."""
    return {word & flag for word in side for flag in (IS_NUMBER, IS_NAME)} - {0}


def _agreement(kept: NDArray[np.uint32], changed: NDArray[np.uint32], flags: int) -> tuple[int, float]:
    """How many facts a text has inside of what is shared, on average, and the share that is equal."""
    same = int(np.count_nonzero(kept & flags))
    other = int(np.count_nonzero(changed & flags))
    return same + other // 2, _share(2 * same, 2 * same + other) if same or other else 1.0


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
