"""What tells articles apart: fingerprints, and the verdict on a new one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article's identity: the key of its URL, the hash of its normalised text, sampled shingles.

    ``url_key`` is ``urls.url_key`` of the canonical URL; ``text_hash`` is 32 hex digits, or None for a text
    too short to tell anything; ``source_key`` is the key of the original that the page itself names, on
    another host; ``shingles`` stays empty until the near-duplicate stage fills it.
    """

    url_key: str
    text_hash: str | None
    shingles: tuple[int, ...] = ()
    source_key: str | None = None
    page_hash: str | None = None

    @property
    def uncut_hash(self) -> str | None:
        """The hash of the text as the page shows it, whatever was learned of its outlet meanwhile."""
        return self.page_hash or self.text_hash


class CopyKind(StrEnum):
    """How a copy relates to the article it copies."""

    IDENTICAL = "identical"
    SYNDICATED = "syndicated"
    EXCERPT = "excerpt"
    CONTAINS = "contains"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two texts share, an older and a newer one; places and numbers count words.

    ``of_older`` and ``of_newer`` are the shares (0 to 1) of both texts that lie in shared passages, small
    edits included (containment both ways); ``jaccard`` is equal words over all. ``passages`` holds for each
    its start and end in the older and in the newer text: what lies outside differs, but for phrases that
    many texts have; these aside, ``own_older`` of its ``words_older`` words differ, and so for the newer.
    Inside of passages ``replaced`` gaps have words on both sides, ``replaced_facts`` of them numbers or
    names; ``facts`` and ``numbers`` tell how many of these there are, and which share agrees.
    """

    equal_words: int
    of_older: float
    of_newer: float
    jaccard: float
    passages: tuple[tuple[int, int, int, int], ...]
    replaced: int
    replaced_facts: int
    facts: int
    facts_agree: float
    numbers: int
    numbers_agree: float
    words_older: int
    words_newer: int
    own_older: int
    own_newer: int


@dataclass(frozen=True, slots=True)
class Related:
    """A stored article that shares text with another one.

    ``is_earlier`` says that it is the one which carried the text first, ``is_copy`` that the later one counts
    as its copy and is hidden; else both stand for themselves. ``url`` is where readers are sent; ``evidence``
    is None if all words are equal.
    """

    article_id: int
    outlet: str
    headline: str
    url: str
    kind: CopyKind
    score: float
    is_earlier: bool
    is_copy: bool
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that a new one may equal.

    ``is_copy_of`` names the original if it is a copy itself; ``family`` the first article that carried text
    of it, which may be the original's original, or None.
    """

    article_id: int
    outlet: str
    fingerprint: Fingerprint
    headline: str
    is_copy_of: int | None = None
    family: int | None = None
    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The same article of the same outlet with new text or a new headline."""

    of: int


@dataclass(frozen=True, slots=True)
class Copy:
    """The same text at another address; ``of`` is the original's id, ``score`` runs from 0 to 1.

    ``evidence`` compares it with the article that it was found by, which may be another copy; None if all
    words are equal. ``shared_shingles`` is how many of those that were looked up both have.
    """

    of: int
    kind: CopyKind
    score: float
    evidence: Evidence | None = None
    shared_shingles: int = 0


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nothing in the store is this article; ``akin`` tells what it shares text with, and adds its own to."""

    akin: Copy | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """New to the store, and the original of these stored articles.

    They name its address as their source, or (``kind`` is then a revision) it is their outlet's newer
    version of them at another address.
    """

    of: tuple[int, ...]
    kind: CopyKind = CopyKind.SYNDICATED
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same article with the same text."""

    of: int


Verdict = Fresh | Original | Revision | Copy | Unchanged
