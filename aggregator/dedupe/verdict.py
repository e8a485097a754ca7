"""The verdict on a new article, given the stored ones that it may equal."""

from collections.abc import Sequence

from aggregator.dedupe.candidates import Match
from aggregator.dedupe.fingerprint import tokens
from aggregator.model.duplicate import (
    Candidate,
    Copy,
    CopyKind,
    Fingerprint,
    Fresh,
    Original,
    Revision,
    Unchanged,
    Verdict,
)


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


def decide_near(fingerprint: Fingerprint, match: Match[int], candidate: Candidate) -> Copy | Original | Fresh:
    """What an article is that matches a stored one, ``candidate``, by its text."""
    original = candidate.is_copy_of or candidate.article_id
    if candidate.fingerprint.source_key == fingerprint.url_key:
        return Original(of=(original,))
    seen = match.likeness
    if seen.kind is None:
        return Fresh()
    return Copy(original, seen.kind, seen.score, seen.evidence, match.shared_rows)


def _same_address(fingerprint: Fingerprint, headline: str, candidate: Candidate) -> Verdict:
    # What was learned of an outlet between two visits changes our text, and not the publisher's.
    same_page = fingerprint.uncut_hash == candidate.fingerprint.uncut_hash
    same_text = same_page or fingerprint.text_hash == candidate.fingerprint.text_hash
    if same_text and tokens(headline) == tokens(candidate.headline):
        return Unchanged(of=candidate.article_id)
    return Revision(of=candidate.article_id)
