"""The verdict on a new article, given the stored ones that it may equal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from math import sqrt

from aggregator.dedupe.candidates import Match
from aggregator.dedupe.fingerprint import tokens
from aggregator.dedupe.likeness import FACTS_AGREE_IN_EDITS
from aggregator.model.article import Article
from aggregator.model.duplicate import (
    Candidate,
    Copy,
    CopyKind,
    Evidence,
    Fingerprint,
    Fresh,
    Original,
    Revision,
    Unchanged,
    Verdict,
)

OWN_WORDS = 3.5
"""Times the root of its length, a text's own words are no mere wrapping: 35 of 100, 70 of 400, 175 of 2,500.

Credits, datelines and calls that republishers add stay below in 99 of 100 copies."""

ONE_DAY = timedelta(hours=12)
"""Versions of an article at other addresses come within a news day; pages of a series lie further apart."""

SLIPS = 0.01
"""Share of words changed, none of them a number or name, that is a corrected slip and no news."""


def decide(fingerprint: Fingerprint, outlet: str, headline: str, candidates: Sequence[Candidate]) -> Verdict:
    """What a new article is.

    The same address at the same outlet is the same article: unchanged, or a revision of it. The same text
    elsewhere is a copy of the oldest article that carries it (the lowest id), never a copy of a copy; but if
    that one names the new one's address as its source, the new one is the original, however late it came.
    """
    for candidate in candidates:
        if candidate.outlet == outlet and candidate.fingerprint.url_key == fingerprint.url_key:
            return _same_address(fingerprint, headline, candidate)
    if fingerprint.text_hash is None:
        return Fresh()
    equal = [c for c in candidates if c.fingerprint.text_hash == fingerprint.text_hash]
    if not equal:
        return Fresh()
    if followers := [c for c in equal if c.fingerprint.source_key == fingerprint.url_key]:
        return Original(of=tuple(sorted({c.is_copy_of or c.article_id for c in followers})))
    first = min(equal, key=lambda candidate: candidate.article_id)
    kind = CopyKind.IDENTICAL if first.outlet == outlet else CopyKind.SYNDICATED
    return Copy(of=first.is_copy_of or first.article_id, kind=kind, score=1.0)


def decide_near(
    article: Article, fingerprint: Fingerprint, match: Match[int], candidate: Candidate
) -> Copy | Original | Fresh:
    """What an article is that matches a stored one, ``candidate``, by its text.

    Only what has next to nothing of its own becomes a copy, for copies are hidden. A text that holds more
    than the stored one is fresh; of one outlet and one day it takes over, if nothing of the older is lost.
    """
    seen = match.likeness
    if seen.kind is None:
        return Fresh()
    original = candidate.is_copy_of or candidate.article_id
    copy = Copy(original, seen.kind, seen.score, seen.evidence, match.shared_rows)
    fresh = Fresh(akin=replace(copy, of=candidate.family or original))
    adds = _is_material(seen.evidence.own_newer, seen.evidence.words_newer)
    loses = _is_material(seen.evidence.own_older, seen.evidence.words_older)
    if candidate.fingerprint.source_key == fingerprint.url_key:
        return fresh if loses else Original((original,))
    if article.outlet != candidate.outlet:
        return fresh if adds else copy
    slips = _changed(seen.evidence)
    has_news = seen.evidence.own_newer + slips > 0
    match _order(article, candidate) if _tell_the_same(seen.evidence) else None:
        case _Order.EARLIER if not adds:
            return copy
        case _Order.LATER if has_news and not loses and candidate.is_copy_of is None:
            return Original((original,), CopyKind.REVISION, seen.score)
    is_same = not seen.evidence.replaced_facts and slips <= SLIPS * seen.evidence.words_newer
    return copy if is_same and not adds else fresh


def _same_address(fingerprint: Fingerprint, headline: str, candidate: Candidate) -> Verdict:
    # What was learned of an outlet between two visits changes our text, and not the publisher's.
    same_page = fingerprint.uncut_hash == candidate.fingerprint.uncut_hash
    same_text = same_page or fingerprint.text_hash == candidate.fingerprint.text_hash
    if same_text and tokens(headline) == tokens(candidate.headline):
        return Unchanged(of=candidate.article_id)
    return Revision(of=candidate.article_id)


class _Order(Enum):
    """When a new article of an outlet was published, compared with a stored one of the same day."""

    EARLIER = "earlier"
    LATER = "later"


def _order(article: Article, candidate: Candidate) -> _Order | None:
    """None if they are not of one day, or nobody knows: then pages of a series may look like that."""
    if article.published is None or candidate.published is None:
        return None
    if abs(article.published - candidate.published) > ONE_DAY:
        return None
    version = max(article.published, article.modified or article.published)
    stored = max(candidate.published, candidate.modified or candidate.published)
    return _Order.LATER if version >= stored else _Order.EARLIER


def _is_material(own: int, words: int) -> bool:
    """Whether a text of so many words has so many of its own that they must not be hidden."""
    return own >= OWN_WORDS * sqrt(words)


def _tell_the_same(evidence: Evidence) -> bool:
    """Whether numbers and names agree but for one: two reports of one day may be alike in all else."""
    return evidence.replaced_facts <= 1 or evidence.facts_agree >= FACTS_AGREE_IN_EDITS


def _changed(evidence: Evidence) -> int:
    """How many of the newer text's words were edited into what it shares with the older one."""
    return sum(end - start for _, _, start, end in evidence.passages) - evidence.equal_words
