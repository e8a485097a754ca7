"""Following the original: what becomes of our copy once the page it came from is gone, sold or retracted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from aggregator.model.article import Article, Completeness
from aggregator.model.decision import Because, Circumstances, Code, Decision, Publish, Refuse, Review
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import Follow, Rights, RightsMode

SOLD: Final = frozenset({Completeness.PAYWALLED, Completeness.TEASER})
"""What a page shows of a text that was whole before, and is for subscribers now."""

_GONE = "The outlet removed the original."
_RETRACTED = "The outlet withdrew what it had reported here."
_PAYWALLED = "The outlet sells the original now."

_WIDTH = {RightsMode.FULL: 3, RightsMode.EXCERPT: 2, RightsMode.LINK: 1, RightsMode.NEVER: 0}
_CODES = frozenset({Code.ORIGINAL_GONE, Code.ORIGINAL_RETRACTED})
_FOLLOWING = frozenset({WithdrawnBy.GONE, WithdrawnBy.RETRACTED, WithdrawnBy.PAYWALLED})


@dataclass(frozen=True, slots=True)
class Original:
    """What the original shows now; ``is_sold`` tells a teaser or a paywall."""

    is_gone: bool = False
    is_retracted: bool = False
    is_sold: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Our copy stays as it is."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """Our copy shows this much at most."""

    to: RightsMode
    reason: Because


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Our copy is withdrawn; ``reason`` is a sentence for readers."""

    by: WithdrawnBy
    reason: str


@dataclass(frozen=True, slots=True)
class Restore:
    """What was withdrawn or narrowed by this rule is decided as if it had not been."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Our copy is written anew, as decided now."""

    decision: Publish


@dataclass(frozen=True, slots=True)
class Requeue:
    """What was refused may go out: it waits for the publisher again."""


Step = Nothing | Narrow | Withdraw | Restore | Rewrite | Requeue


def follow(out: Publication, original: Original, rights: Rights) -> Step:
    """What becomes of our copy, given what readers have, what the original shows, and the card's choices.

    Only what is out, or was withdrawn by this very rule, is touched: never what a person or a takedown
    withdrew, or what was refused.
    """
    is_ours = out.state is PublicationState.WITHDRAWN and out.withdrawn_by in _FOLLOWING
    if out.state is not PublicationState.PUBLISHED and not is_ours:
        return Nothing()
    causes = tuple(_causes(out, original, rights))
    for by, choice, because in causes:
        if choice is Follow.WITHDRAW:
            return Nothing() if out.withdrawn_by is by else Withdraw(by, because.words)
    if is_ours:
        return Restore()
    for _, choice, because in causes:
        if choice is Follow.NARROW and because.ceiling and _WIDTH[out.mode] > _WIDTH[because.ceiling]:
            return Narrow(because.ceiling, because)
    held = {because.code for _, choice, because in causes if choice is Follow.NARROW}
    is_over = any(code in out.reason_codes and code not in held for code in _CODES)
    return Restore() if is_over else Nothing()


def decided_again(out: Publication, decision: Decision) -> Step:
    """What becomes of our copy when the rights that it went out by are others now.

    A narrower decision holds at once, also one that waits for a person; a wider one needs whatever any
    article needs. A refusal withdraws what readers had, so that feeds tell of it.
    """
    match out.state:
        case PublicationState.PUBLISHED:
            return _of_published(out, decision)
        case PublicationState.REFUSED if isinstance(decision, Publish | Review):
            return Requeue()
        case PublicationState.WITHDRAWN if isinstance(decision, Publish):
            return Restore() if out.withdrawn_by is WithdrawnBy.RIGHTS else Nothing()
    return Nothing()


def _of_published(out: Publication, decision: Decision) -> Step:
    match decision:
        case Refuse(reason):
            return Withdraw(WithdrawnBy.RIGHTS, reason.words)
        case Publish():
            return Rewrite(decision)
        case Review(_, proposed) if is_narrower(proposed, out):
            return Rewrite(proposed)
    return Nothing()


def is_narrower(decision: Publish, out: Publication) -> bool:
    """Whether a decision gives readers less than they have."""
    return _WIDTH[decision.mode] < _WIDTH[out.mode]


def is_wider(decision: Publish, out: Publication) -> bool:
    """Whether a decision gives readers more than they have, or had."""
    return _WIDTH[decision.mode] > _WIDTH[out.mode]


def ceilings(rights: Rights, around: Circumstances) -> Iterator[Because]:
    """How far our copy is narrowed because its original is gone or retracted."""
    if around.is_gone and rights.on_gone is Follow.NARROW:
        yield Because(Code.ORIGINAL_GONE, _GONE, RightsMode.LINK)
    if around.is_retracted and rights.on_retraction is Follow.NARROW:
        yield Because(Code.ORIGINAL_RETRACTED, _RETRACTED, RightsMode.LINK)


def older_text_stays(article: Article, rights: Rights, around: Circumstances) -> Because | None:
    """Why a teaser does not take the place of the whole text that readers have: the card's choice."""
    is_sold = article.completeness in SOLD and around.out is RightsMode.FULL
    if not is_sold or rights.on_paywall is Follow.NARROW:
        return None
    fate = "the text from before stays out" if rights.on_paywall is Follow.KEEP else "our copy is withdrawn"
    return Because(Code.ORIGINAL_PAYWALLED, f"{_PAYWALLED[:-1]}; by its card {fate}.")


def as_out(article: Article, out: Publication, rights: Rights) -> Article:
    """The article as it was when its copy went out: whole, if the card keeps the text from before a wall."""
    is_kept = rights.on_paywall is Follow.KEEP and out.mode is RightsMode.FULL
    is_older = out.state is PublicationState.PUBLISHED and article.completeness in SOLD
    return replace(article, completeness=Completeness.FULL) if is_kept and is_older else article


def _causes(
    out: Publication, original: Original, rights: Rights
) -> Iterator[tuple[WithdrawnBy, Follow, Because]]:
    """What has befallen the original, with the card's choice for it."""
    if original.is_gone:
        because = Because(Code.ORIGINAL_GONE, _GONE, RightsMode.LINK)
        yield WithdrawnBy.GONE, rights.on_gone, because
    if original.is_retracted:
        because = Because(Code.ORIGINAL_RETRACTED, _RETRACTED, RightsMode.LINK)
        yield WithdrawnBy.RETRACTED, rights.on_retraction, because
    # A copy that never was whole has not lost anything.
    was_whole = out.mode is RightsMode.FULL or out.withdrawn_by is WithdrawnBy.PAYWALLED
    if original.is_sold and was_whole:
        because = Because(Code.ORIGINAL_PAYWALLED, _PAYWALLED, RightsMode.EXCERPT)
        yield WithdrawnBy.PAYWALLED, rights.on_paywall, because
