"""Revisions: what a newer version of an article changed, sentence by sentence, and of what kind that is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.model.article import Block


class ChangeKind(StrEnum):
    """What kind of change a revision is, the weightiest first."""

    RETRACTION = "retraction"
    CORRECTION = "correction"
    UPDATE = "update"
    FIGURE = "figure"
    HEADLINE = "headline"
    TYPO = "typo"
    BOILERPLATE = "boilerplate"


class Mark(StrEnum):
    """What became of some words between two versions."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


class Fate(StrEnum):
    """What became of a sentence between two versions."""

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that have one mark; the pieces of a sentence, joined, are both of its versions."""

    text: str
    mark: Mark = Mark.SAME


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence and its fate; ``pieces`` of a changed one tell which words are gone and which came."""

    fate: Fate
    pieces: tuple[Piece, ...]

    @property
    def older(self) -> str:
        """Its words in the older version; empty if it was added."""
        return "".join(piece.text for piece in self.pieces if piece.mark is not Mark.INSERTED)

    @property
    def newer(self) -> str:
        """Its words in the newer version; empty if it was removed."""
        return "".join(piece.text for piece in self.pieces if piece.mark is not Mark.DELETED)


@dataclass(frozen=True, slots=True)
class Version:
    """The words of an article at one time; ``language`` is a BCP 47 tag."""

    headline: str
    dek: str | None
    blocks: tuple[Block, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions: headline and standfirst if they changed, all sentences in order.

    Page furniture (read-also lines, counters, times of update) is left out.
    """

    headline: SentenceChange | None
    dek: SentenceChange | None
    sentences: tuple[SentenceChange, ...]

    def count(self, fate: Fate) -> int:
        """How many sentences of the body have this fate."""
        return sum(sentence.fate is fate for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Change:
    """The kinds of change that a revision is, the weightiest first, never empty; the sentences it touched."""

    kinds: tuple[ChangeKind, ...]
    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def kind(self) -> ChangeKind:
        """The main kind."""
        return self.kinds[0]


@dataclass(frozen=True, slots=True)
class LastChange:
    """What the outlet changed last: the kinds, the weightiest first, and when we saw it."""

    kinds: tuple[ChangeKind, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Revised:
    """A version in the store: its number, from 1, what it changed (None of the first), and when.

    ``modified`` is what the outlet says, ``stored_at`` when we saw it. ``is_ours`` says that the outlet
    changed nothing: the same page was read better.
    """

    number: int
    version: Version
    change: Change | None
    modified: datetime | None
    stored_at: datetime
    is_ours: bool
