"""Following: what is out follows its originals, and the rights that it went out by."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from aggregator.config import Settings
from aggregator.model.decision import Decision, Publish, Refuse, Review
from aggregator.model.edition import NewPublication, Publication, PublicationState, StoredArticle, WithdrawnBy
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publish import follow as rules
from aggregator.publish.follow import Narrow, Nothing, Original, Requeue, Restore, Rewrite, Step, Withdraw
from aggregator.publish.render import render
from aggregator.publish.rights import decide, narrowest
from aggregator.store import articles, editions, followed, rights_applied, search, shown, withdrawal
from aggregator.store.circumstances import Surroundings
from aggregator.store.engine import Database
from aggregator.store.rights_applied import Applied

_CHUNK: Final = 100
"""Publications read and decided at once; crawls get the writer's lock between two of them."""

_TEXTS: Final = frozenset({RightsMode.FULL, RightsMode.EXCERPT})


class Outcome(StrEnum):
    """What became of one of our copies."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    REWRITTEN = "rewritten"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class Followed:
    """A copy that changes: as readers had it, what becomes of it, in which mode, and why."""

    publication: Publication
    outcome: Outcome
    mode: RightsMode
    reason: str


def follow(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime
) -> Iterator[Followed]:
    """Have our copies follow their originals, then the rights of today; each that changed, once done."""
    yield from follow_originals(db, cards, settings, now)
    yield from apply_rights(db, cards, settings, now)


def follow_originals(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime
) -> Iterator[Followed]:
    """Have our copies follow what crawls have found of their originals; each that changed, once it is done.

    Killed at any point and called again, it goes on; called twice, the second time changes nothing.
    """
    last = 0
    while waiting := followed.awaiting(db, _CHUNK, after=last):
        desk = _Desk.open(db, cards, settings, now)
        yield from desk.settle(shown.by_number(db, list(waiting)), desk.after_a_visit)
        followed.settle(db, waiting)
        last = max(waiting)


def apply_rights(
    db: Database,
    cards: Mapping[str, Outlet],
    settings: Settings,
    now: datetime,
    *,
    only: Sequence[str] | None = None,
    is_trial: bool = False,
) -> Iterator[Followed]:
    """Decide again what is out of outlets whose rights changed since it was decided.

    ``only`` names outlets to look at whether or not anything changed. What was refused waits for the
    publisher again if it no longer is. Killed, it goes on behind the last hundred. A trial changes nothing.
    """
    around = Surroundings.read(db, cards, now, is_commercial=settings.site.commercial)
    known = rights_applied.of(db)
    for slug in cards if only is None else only:
        digest = digest_of(cards[slug], around)
        before = known.get(slug)
        is_half_done = before is not None and before.digest == digest and before.after is not None
        if only is None and before == Applied(digest, None):
            continue
        last = (before.after or 0) if before is not None and is_half_done else 0
        desk = _Desk(db, cards, now, around, is_trial=is_trial)
        while chunk := shown.of_outlet(db, slug, last, _CHUNK):
            yield from desk.settle(chunk, desk.under_new_rights)
            last = chunk[-1].id
            if not is_trial:
                rights_applied.keep(db, slug, Applied(digest, last), now)
        if not is_trial:
            rights_applied.keep(db, slug, Applied(digest, None), now)


def digest_of(outlet: Outlet, around: Surroundings) -> str:
    """What an outlet's decisions depend on beside its articles, as a hash: 64 hex digits."""
    facts = (outlet.name, outlet.homepage, outlet.rights, *around.of_outlet(outlet))
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@dataclass(slots=True)
class _Desk:
    """Where copies are decided again, a chunk at a time."""

    db: Database
    cards: Mapping[str, Outlet]
    now: datetime
    around: Surroundings
    is_trial: bool = False
    _rewritten: list[NewPublication] = field(default_factory=list)
    _restored: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime) -> "_Desk":
        around = Surroundings.read(db, cards, now, is_commercial=settings.site.commercial)
        return cls(db, cards, now, around)

    def settle(self, chunk: Sequence[Publication], rule: "_Rule") -> list[Followed]:
        """Decide about a chunk of copies and carry it out; those that changed."""
        stored = articles.by_number(self.db, [out.article_id for out in chunk])
        self.around.take(self.db, list(stored.values()))
        found = []
        for out in chunk:
            article, outlet = stored.get(out.article_id), self.cards.get(out.outlet)
            # Revision 0 waits for the publisher: the text is to become its original's.
            if article is None or outlet is None or out.revision == 0:
                continue
            if done := self._carry_out(_Case(self, out, article, outlet), rule):
                found.append(done)
        self._write()
        return found

    def after_a_visit(self, case: "_Case") -> Step:
        """What the original, as visits found it, makes of our copy."""
        step = case.follow()
        if isinstance(step, Narrow):
            return rules.decided_again(case.out, case.decision())
        if isinstance(step, Restore) and case.out.state is PublicationState.PUBLISHED:
            return rules.decided_again(case.out, case.decision())
        return step

    def under_new_rights(self, case: "_Case") -> Step:
        """What today's card and licence make of our copy; what has befallen the original still counts."""
        step = case.follow()
        if isinstance(step, Withdraw) or case.out.withdrawn_by not in {None, WithdrawnBy.RIGHTS}:
            return step
        return rules.decided_again(case.out, case.decision())

    def _carry_out(self, case: "_Case", rule: "_Rule") -> Followed | None:
        out = case.out
        match rule(case):
            case Withdraw(by, reason):
                return self._withdraw(out, by, reason)
            case Rewrite(decision):
                return self._rewrite(case, decision)
            case Restore():
                return self._restore(case)
            case Requeue():
                return self._requeue(out)
            case Nothing() | Narrow():
                return None

    def _withdraw(self, out: Publication, by: WithdrawnBy, reason: str) -> Followed:
        if not self.is_trial:
            editions.withdraw(self.db, out.id, reason, self.now, by)
        return Followed(out, Outcome.WITHDRAWN, out.mode, reason)

    def _rewrite(self, case: "_Case", decision: Publish) -> Followed | None:
        out, fresh = case.out, render(decision, case.as_out, case.outlet)
        if _is_same(out, fresh):
            return None
        if decision.mode in _TEXTS and out.mode not in _TEXTS:
            self.around.went_out(case.outlet, decision)
        self._rewritten.append(fresh)
        words = "; ".join(reason.words for reason in decision.reasons)
        return Followed(out, _outcome(out.mode, decision.mode), decision.mode, words)

    def _restore(self, case: "_Case") -> Followed | None:
        """Give a withdrawn copy back, as far as it may go out today."""
        out, decision = case.out, case.decision()
        match decision:
            case Publish() as publish:
                pass
            case Review(_, publish) if not rules.is_wider(publish, out):
                pass
            case Refuse(reason) if out.withdrawn_by is not WithdrawnBy.RIGHTS:
                return self._withdraw(out, WithdrawnBy.RIGHTS, reason.words)
            case _:
                return None
        self._rewritten.append(render(publish, case.as_out, case.outlet))
        self._restored.append(out.id)
        return Followed(out, Outcome.RESTORED, publish.mode, "")

    def _requeue(self, out: Publication) -> Followed | None:
        if self.is_trial or withdrawal.requeue(self.db, out.id):
            return Followed(out, Outcome.QUEUED, out.mode, "The rights refuse it no more.")
        return None

    def _write(self) -> None:
        """Write the chunk's texts, and only then give back what is restored: no reader sees an old one."""
        rewritten, restored = self._rewritten, self._restored
        self._rewritten, self._restored = [], []
        if self.is_trial:
            return
        if rewritten:
            editions.publish(self.db, rewritten, self.now)
        for number in restored:
            editions.restore(self.db, number, self.now)
        while search.index_pending(self.db):
            pass


@dataclass(slots=True)
class _Case:
    """One copy that is decided again: what readers have, its article, its outlet."""

    desk: _Desk
    out: Publication
    stored: StoredArticle
    outlet: Outlet
    _as_out: StoredArticle | None = None

    @property
    def rights(self) -> Rights:
        """The card's rights, and of two cards for the outlet the narrower ones."""
        around = self.desk.around.of(self.stored, self.outlet)
        return narrowest(self.outlet.rights, [twin for _, twin in around.twins])

    @property
    def as_out(self) -> StoredArticle:
        """The article in the revision that readers have; a newer one is the publisher's to bring out."""
        if self._as_out is None:
            found, is_older = self.stored.article, self.out.revision < self.stored.revision
            if is_older:
                # What was cut was cut of the newest revision.
                found = replace(shown.in_revision(self.desk.db, found, self.out.id), cuts=())
            found = rules.as_out(found, self.out, self.rights)
            self._as_out = replace(self.stored, article=found, revision=self.out.revision)
        return self._as_out

    def follow(self) -> Step:
        """What the original makes of our copy."""
        has = self.desk.around.carried[self.stored.id]
        is_sold = self.stored.article.completeness in rules.SOLD
        original = Original(has.is_gone, has.is_retracted, is_sold)
        return rules.follow(self.out, original, self.rights)

    def decision(self) -> Decision:
        """What the gate says of it today; what is no text yet counts in the outlet's cap."""
        is_text = self.out.state is PublicationState.PUBLISHED and self.out.mode in _TEXTS
        around = self.desk.around.of(self.as_out, self.outlet, is_out=is_text)
        return decide(self.as_out, self.outlet.rights, self.desk.now, around)


def _outcome(before: RightsMode, after: RightsMode) -> Outcome:
    if before is after:
        return Outcome.REWRITTEN
    order = list(RightsMode)
    return Outcome.NARROWED if order.index(after) > order.index(before) else Outcome.WIDENED


def _is_same(out: Publication, fresh: NewPublication) -> bool:
    """Whether readers, programs and search engines would meet the same."""
    names = (
        "mode", "headline", "licence", "licence_url", "credit", "credit_position", "is_verbatim",
        "has_images", "is_indexable", "is_minable", "text",
    )  # fmt: skip
    codes = tuple(reason.code.value for reason in fresh.reasons)
    return codes == out.reason_codes and all(getattr(out, name) == getattr(fresh, name) for name in names)


_Rule = Callable[[_Case], Step]
