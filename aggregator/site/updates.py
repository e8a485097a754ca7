"""What an outlet changed in an article, in words, and shown as far as rights go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aggregator.dedupe.difference import difference
from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.model.revision import Change, ChangeKind, Difference, Fate, Mark, Revised, SentenceChange
from aggregator.site import dates, prose
from aggregator.site.wording import later, say
from aggregator.store.history import is_furniture

MOST_UPDATES = 5
"""The newest; a running report has hundreds."""

MOST_SENTENCES = 40

WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.RETRACTION: later("the outlet withdrew what it had reported"),
    ChangeKind.CORRECTION: later("corrected, with a notice by the outlet"),
    ChangeKind.UPDATE: later("news added, or text rewritten"),
    ChangeKind.FIGURE: later("numbers, dates or names changed"),
    ChangeKind.HEADLINE: later("a new headline or standfirst"),
    ChangeKind.TYPO: later("spelling or single words mended"),
    ChangeKind.BOILERPLATE: later("nothing in the text"),
}

_FATES = {Fate.ADDED: later("Added"), Fate.REMOVED: later("Taken out"), Fate.CHANGED: later("Changed")}
_TAGS = {Mark.SAME: "", Mark.INSERTED: "ins", Mark.DELETED: "del"}


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a sentence in a row: ``tag`` is ``ins``, ``del`` or empty."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, headline or standfirst that changed, with a word for how."""

    label: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """A change at a moment, in words; ``lines`` are empty where the text is not ours to show."""

    moment: dates.Moment
    kinds: str
    lines: tuple[Line, ...]
    left_out: int


def updates(publication: Publication, versions: Sequence[Revised]) -> tuple[Update, ...]:
    """The outlet's changes up to the version that readers have, the newest first.

    Only an article in full shows its older words, and a retracted one none: they were taken back.
    """
    found = [
        _update(publication, before, after, after.change)
        for before, after in pairwise(versions)
        if after.change and not after.is_ours and after.number <= publication.revision
    ]
    return tuple(found[::-1][:MOST_UPDATES])


def _update(publication: Publication, before: Revised, after: Revised, change: Change) -> Update:
    may_show = publication.mode is RightsMode.FULL and ChangeKind.RETRACTION not in change.kinds
    lines = list(_lines(difference(before.version, after.version, is_furniture))) if may_show else []
    return Update(
        dates.words(after.stored_at),
        say("; ").join(say(WORDS[kind]) for kind in change.kinds),
        tuple(lines[:MOST_SENTENCES]),
        max(len(lines) - MOST_SENTENCES, 0),
    )


def _lines(found: Difference) -> Iterator[Line]:
    for label, field in ((say("Headline"), found.headline), (say("Standfirst"), found.dek)):
        if field:
            yield Line(label, _words(field))
    for sentence in found.sentences:
        if sentence.fate in _FATES:
            yield Line(say(_FATES[sentence.fate]), _words(sentence))


def _words(change: SentenceChange) -> tuple[Words, ...]:
    return tuple(
        Words(prose.plain(piece.text).replace("\n", " "), _TAGS[piece.mark]) for piece in change.pieces
    )
