"""The kind of change between two versions of an article."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aggregator.dedupe.difference import IsFurniture, Pair, Sentence, pairs, stands_in
from aggregator.dedupe.facts import (
    is_inflected,
    is_name,
    is_place,
    is_slip,
    numbers,
)
from aggregator.dedupe.notice import is_stamp, label, notice
from aggregator.dedupe.pieces import Edit, Part, edits, forms, has_unspaced, parts
from aggregator.dedupe.wording import Wording, wording
from aggregator.model.article import Block, BlockKind
from aggregator.model.revision import Change, ChangeKind, Fate, Version

NEWS_WORDS = 3
"""So many words that the other version has not are news (or news taken out), not wording."""

REWORDED_WORDS = 4
"""So many words replaced by others are a text rewritten."""

UNSPACED_WEIGHT = 0.5
"""A character of a script without spaces counts as half a word."""

_LONGEST_FACT_WORDS = 3
_LONGEST_TITLE_DISTANCE = 3
_LONGEST_LINK_CHARS = 120
_STOPS = tuple(".!?…。！？؟।")


def classify(older: Version, newer: Version, is_furniture: IsFurniture) -> Change:
    """What kinds of change lead from one version of an article to the next, the weightiest first.

    ``is_furniture`` tells which lines are page furniture (read-also lines, calls to subscribe): they do not
    count, nor do times of update, counters, the order and the breaks of paragraphs, quotation marks, dashes.
    Nothing else changed is ``boilerplate``. A notice of correction or retraction counts if it was added.
    """
    judge = _Judge(older, newer, is_furniture)
    kinds = judge.kinds()
    fates = Counter(pair.fate for pair in judge.pairs)
    return Change(
        kinds or (ChangeKind.BOILERPLATE,), fates[Fate.ADDED], fates[Fate.REMOVED], fates[Fate.CHANGED]
    )


def without_furniture(version: Version, is_furniture: IsFurniture) -> Version:
    """A version without lists of links under a heading that is page furniture ("More on this")."""
    kept: list[Block] = []
    is_list = False
    for block in version.blocks:
        is_line = len(block.text) <= _LONGEST_LINK_CHARS and not block.text.endswith(_STOPS)
        if is_furniture(block.text):
            is_list = is_list or block.kind is BlockKind.HEADING or is_line
            continue
        is_list = is_list and is_line and block.kind is not BlockKind.HEADING
        if not is_list:
            kept.append(block)
    return replace(version, blocks=tuple(kept))


@dataclass(slots=True)
class _Judge:
    """Judges one change."""

    older: Version
    newer: Version
    is_furniture: IsFurniture
    language: str | None = None
    pairs: Sequence[Pair] = ()
    fresh: Counter[str] | None = None
    gone: Counter[str] | None = None

    def kinds(self) -> tuple[ChangeKind, ...]:
        self.language = self.newer.language or self.older.language
        known = wording(self.language)

        def furniture(line: str) -> bool:
            return self.is_furniture(line) or is_stamp(line, known, self.language)

        self.older, self.newer = (without_furniture(one, furniture) for one in (self.older, self.newer))
        self.pairs = pairs(self.older, self.newer, furniture)
        notices = {id(pair): kind for pair in self.pairs if (kind := self._notice(pair, known))}
        plain = [pair for pair in self.pairs if id(pair) not in notices]
        self._count(plain)
        told = {*notices.values(), *filter(None, [self._headline_label(known)])}
        return _ordered(
            told | {kind for pair in plain for kind in self._of_pair(pair, known)}, set(self._of_head(known))
        )

    def _notice(self, pair: Pair, known: Wording) -> ChangeKind | None:
        """Whether a sentence that came is (part of) a notice which the older version had not."""
        if pair.newer is None or pair.fate not in {Fate.ADDED, Fate.CHANGED}:
            return None
        block = self.newer.blocks[pair.newer.block].text
        above = self.newer.blocks[pair.newer.block - 1].text if pair.newer.block else ""
        found = notice(pair.newer.text, known) or label(block, known) or _whole_label(above, known)
        if found is None or pair.older is None:
            return found
        return None if notice(pair.older.text, known) is found else found

    def _headline_label(self, known: Wording) -> ChangeKind | None:
        found = label(self.newer.headline, known)
        return found if found and label(self.older.headline, known) is None else None

    def _count(self, plain: Iterable[Pair]) -> None:
        """Count words that only one version has, wherever they stand."""
        sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for pair in plain:
            for side, sentence in zip(sides, (pair.older, pair.newer), strict=True):
                if sentence and pair.fate in {Fate.ADDED, Fate.REMOVED, Fate.CHANGED}:
                    side.update(part.plain for part in sentence.parts if part.is_word)
        self.gone, self.fresh = sides[0] - sides[1], sides[1] - sides[0]

    def _of_pair(self, pair: Pair, known: Wording) -> Iterator[ChangeKind]:
        match pair.fate:
            case Fate.ADDED if pair.newer and _weight(pair.newer.parts, self.fresh) >= NEWS_WORDS:
                yield ChangeKind.UPDATE
            case Fate.REMOVED if pair.older and _weight(pair.older.parts, self.gone) >= NEWS_WORDS:
                yield ChangeKind.UPDATE
            case Fate.CHANGED if pair.older and pair.newer:
                yield from self._of_sentence(pair.older, pair.newer, known)

    def _of_sentence(self, older: Sentence, newer: Sentence, known: Wording) -> Iterator[ChangeKind]:
        one, other = (Counter(numbers(side.parts, known, self.language)) for side in (older, newer))
        if one - other and other - one:
            yield ChangeKind.FIGURE
        reworded = 0.0
        for edit in edits(older.parts, newer.parts):
            kind = self._of_edit(edit, older.parts, newer.parts, known)
            if kind is not None:
                yield kind
            else:
                reworded += _weight(edit.inserted, self.fresh)
        if reworded:
            yield ChangeKind.UPDATE if reworded >= REWORDED_WORDS else ChangeKind.TYPO

    def _of_edit(
        self, edit: Edit, one: Sequence[Part], other: Sequence[Part], known: Wording
    ) -> ChangeKind | None:
        """The kind of one edit inside of a sentence; None if words were replaced by others."""
        gone, came = ([part for part in side if part.is_word] for side in (edit.deleted, edit.inserted))
        if not (gone or came):
            signs = [*edit.deleted, *edit.inserted]
            return ChangeKind.FIGURE if numbers(signs, known, self.language) else ChangeKind.TYPO
        if is_slip(edit, known, self.language):
            return ChangeKind.TYPO
        if _has_negation(gone, known) != _has_negation(came, known):
            return ChangeKind.UPDATE
        if not gone or not came:
            side, whole, start = (came, other, edit.other) if came else (gone, one, edit.one)
            is_news = _weight(side, self.fresh if came else self.gone) >= NEWS_WORDS or any(
                self._is_fact(part, start + n, whole, known)
                for n, part in enumerate(edit.inserted or edit.deleted)
            )
            return ChangeKind.UPDATE if is_news else ChangeKind.TYPO
        if self._is_fact_replaced(edit, (gone, came), (one, other), known):
            return ChangeKind.FIGURE
        return ChangeKind.TYPO if is_inflected(gone, came) else None

    def _is_fact(self, part: Part, place: int, whole: Sequence[Part], known: Wording) -> bool:
        if not part.is_word:
            return False
        return bool(numbers([part], known, self.language)) or is_name(part, place, whole, self.language)

    def _is_fact_replaced(
        self,
        edit: Edit,
        words: tuple[Sequence[Part], Sequence[Part]],
        whole: tuple[Sequence[Part], Sequence[Part]],
        known: Wording,
    ) -> bool:
        """Whether a number or name was replaced by another one."""
        gone, came = words
        before, after = (set(numbers(side, known, self.language)) for side in words)
        if before and after and before != after:
            return True
        if any(is_place(part, self.language) for part in gone) and any(
            is_place(part, self.language) for part in came
        ):
            return True
        text = "".join(part.form for part in (*gone, *came))
        if has_unspaced(text):
            return _has_title(edit.other + len(edit.inserted), whole[1], known)
        if text.lower() == text.upper():  # a script without capitals tells no names
            return max(len(gone), len(came)) <= _LONGEST_FACT_WORDS and not is_inflected(gone, came)
        return all(
            any(
                is_name(part, start + n, sentence, self.language)
                for n, part in enumerate(side)
                if part.is_word
            )
            for side, start, sentence in (
                (edit.deleted, edit.one, whole[0]),
                (edit.inserted, edit.other, whole[1]),
            )
        )

    def _of_head(self, known: Wording) -> Iterator[ChangeKind]:
        """What changed in headline and standfirst."""
        fields = [(self.older.headline, self.newer.headline)]
        if not stands_in(self.newer.dek, self.pairs):
            fields.append((self.older.dek or "", self.newer.dek or ""))
        for older, newer in fields:
            one, other = parts(older), parts(newer)
            if forms(one) == forms(other) or older.casefold() == newer.casefold():
                continue
            found = edits(one, other)
            if one and other and all(is_slip(edit, known, self.language) for edit in found):
                yield ChangeKind.TYPO
                continue
            yield ChangeKind.HEADLINE
            before, after = (Counter(numbers(side, known, self.language)) for side in (one, other))
            if before - after and after - before:
                yield ChangeKind.FIGURE


def _whole_label(text: str, known: Wording) -> ChangeKind | None:
    """Whether a heading says nothing but that a notice follows."""
    return label(text, known) if len(text.split()) <= _LONGEST_FACT_WORDS else None


def _weight(words: Iterable[Part], counted: Counter[str] | None) -> float:
    """How many of the words are among those counted; characters of scripts without spaces are half a word."""
    return sum(
        UNSPACED_WEIGHT if has_unspaced(part.form) else 1.0
        for part in words
        if part.is_word and counted and counted[part.plain] > 0
    )


def _has_negation(words: Iterable[Part], known: Wording) -> bool:
    plain = [part.plain for part in words]
    return any(word in known.negations for word in plain) or "".join(plain) in known.negations


def _has_title(place: int, sentence: Sequence[Part], known: Wording) -> bool:
    """Whether what stands behind a place of a sentence follows names: 氏, 市, 駅."""
    behind = "".join(part.form for part in sentence[place : place + _LONGEST_TITLE_DISTANCE])
    return any(behind.startswith(title) or behind[1:].startswith(title) for title in known.titles)


def _ordered(body: set[ChangeKind], head: set[ChangeKind]) -> tuple[ChangeKind, ...]:
    """All kinds by weight; where the body has at most slips, a new headline is the main thing."""
    every = [kind for kind in ChangeKind if kind in body | head]
    if ChangeKind.HEADLINE in head and body <= {ChangeKind.TYPO}:
        every.sort(key=lambda kind: kind is not ChangeKind.HEADLINE)
    return tuple(every)
