"""What other rules make of pages: each before and after, and one verdict on all."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aggregator.extract import ruled
from aggregator.model.article import Article

# A page that keeps less of its text has lost its article, or had two; a person should look.
_LEAST_KEPT = 0.5
# From this share of pages on which the rules lose the text, they are those of another layout.
_STALE_SHARE = 0.5
_FIELDS = ("headline", "dek", "byline", "published", "modified", "section", "language", "completeness")
_CONTEXT_BLOCKS = 1


class Fate(StrEnum):
    """What becomes of a page."""

    SAME = "same"
    CHANGED = "changed"
    GAINED = "gained"
    LOST = "lost"


class Verdict(StrEnum):
    """What becomes of an outlet's pages."""

    HURTS = "hurts"
    STALE = "stale"
    HELPS = "helps"
    CHANGES = "changes"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"

    @property
    def is_good(self) -> bool:
        """Whether nothing speaks against the rules: they do something, and no page loses."""
        return self in {Verdict.HELPS, Verdict.CHANGES, Verdict.UNKNOWN}


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page before and after: articles, or why there is none."""

    url: str
    before: Article | str
    after: Article | str

    @property
    def chars(self) -> tuple[int, int]:
        """The characters of the body before and after; 0 without an article."""
        return _chars(self.before), _chars(self.after)

    @property
    def changed_share(self) -> float:
        """The share of words that only one of the two bodies has, 0 to 1."""
        before, after = (Counter(_body(one).split()) for one in (self.before, self.after))
        total = before.total() + after.total()
        return 1 - 2 * (before & after).total() / total if total else 0.0

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields, without the body, that differ between two articles."""
        if isinstance(self.before, str) or isinstance(self.after, str):
            return ()
        return tuple(name for name in _FIELDS if getattr(self.before, name) != getattr(self.after, name))

    @property
    def is_followed(self) -> bool:
        """Whether the new rules were followed: they are not where they lose the text."""
        return isinstance(self.after, str) or ruled.is_followed(self.after)

    @property
    def fate(self) -> Fate:
        """Lost: an article that is none any more, or has under half its text; gained: the same reversed."""
        before, after = self.chars
        if before and after < _LEAST_KEPT * before:
            return Fate.LOST
        if after and before < _LEAST_KEPT * after:
            return Fate.GAINED
        is_same = _body(self.before) == _body(self.after) and not self.fields
        return Fate.SAME if is_same else Fate.CHANGED

    def diff(self) -> Iterator[str]:
        """The blocks that differ, each behind ``-`` or ``+``, between neighbours that do not."""
        before, after = (_body(one).split("\n") for one in (self.before, self.after))
        lines = difflib.unified_diff(before, after, n=_CONTEXT_BLOCKS, lineterm="")
        return (line for line in lines if not line.startswith(("---", "+++")))


def verdict(changes: Sequence[PageChange]) -> Verdict:
    """One word for all pages.

    Hurts if any page loses its article; stale if the rules are not followed on more than half of the pages;
    helps if any page gains. Whether other changes are for the better, only a person can tell.
    """
    fates = Counter(change.fate for change in changes)
    if not changes:
        return Verdict.UNKNOWN
    if fates[Fate.LOST]:
        return Verdict.HURTS
    if sum(not change.is_followed for change in changes) > _STALE_SHARE * len(changes):
        return Verdict.STALE
    if fates[Fate.GAINED]:
        return Verdict.HELPS
    return Verdict.CHANGES if fates[Fate.CHANGED] else Verdict.UNCHANGED


def _body(one: Article | str) -> str:
    return "" if isinstance(one, str) else one.body


def _chars(one: Article | str) -> int:
    return len(_body(one))
