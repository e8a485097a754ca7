"""Decisions: whether an article may go out, how much of it, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.model.outlet import Rights, RightsMode


class Code(StrEnum):
    """What a reason is, for programs; the folder tells where it was found."""

    NO_HEADLINE = "article/no-headline"
    NO_SOURCE_LINK = "article/no-source-link"
    NO_TEXT = "article/no-text"
    OF_ANOTHER = "article/of-another-outlet"
    SOURCE_STRIPPED = "article/source-stripped"
    AGENCY = "article/agency"
    EMBARGO = "article/embargo"
    PAYWALLED = "completeness/paywalled"
    TEASER = "completeness/teaser"
    GALLERY = "completeness/gallery"
    VIDEO = "completeness/video"
    LIVE = "completeness/live"
    NOARCHIVE = "robots/noarchive"
    NOSNIPPET = "robots/nosnippet"
    MAX_SNIPPET = "robots/max-snippet"
    NOINDEX = "robots/noindex"
    NOAI = "robots/noai"
    NOIMAGEAI = "robots/noimageai"
    DATA_NOSNIPPET = "page/data-nosnippet"
    TDM = "tdm/reserved"
    PAGE_RESERVED = "licence/reserved"
    PAGE_UNCLEAR = "licence/unclear"
    NON_COMMERCIAL = "licence/non-commercial"
    NO_DERIVATIVES = "licence/no-derivatives"
    SHARE_ALIKE = "licence/share-alike"
    TO_CONFIRM = "licence/to-confirm"
    CHANGED = "licence/changed"
    CARD_NEVER = "card/never"
    CARD_GONE = "card/gone"
    CARD_TWICE = "card/two-for-one-outlet"
    CARD_COMMERCIAL = "card/commercial"
    CARD_REQUIRED = "card/required-part"
    CARD_VERBATIM = "card/verbatim"
    CARD_CAP = "card/monthly-cap"
    CARD_BY_HAND = "card/by-hand"
    BY_HAND = "review/refused"
    CARD_EMBARGO = "card/embargo"
    CARD_QUIET = "card/quiet-hours"
    CARD_DAY = "card/daily-cap"
    CARD_DRIP = "card/drip"
    EXPIRED = "edition/expired"
    QUIET = "edition/quiet-hours"
    GAP = "edition/gap"
    DAY_FULL = "edition/day-full"
    FULL = "edition/full"
    SLOT = "edition/slot"
    ORIGINAL_GONE = "original/gone"
    ORIGINAL_RETRACTED = "original/retracted"
    ORIGINAL_PAYWALLED = "original/paywalled"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: its code, a sentence for people, and the most that it allows (None: it limits no text).

    ``source`` is where it was found, such as ``header:tdm-reservation``; empty if the code tells.
    ``excerpt_chars`` is the longest excerpt that it allows, None if it says nothing about that.
    """

    code: Code
    words: str
    ceiling: RightsMode | None = None
    excerpt_chars: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Publish:
    """May go out, in this mode; ``reasons`` tell why not in a wider one.

    ``is_verbatim``: a full text goes out as its outlet wrote it, cuts of the frame aside. ``has_images``
    allows the pictures. Without ``is_indexable`` our page asks search engines not to list it, without
    ``is_minable`` it reserves text and data mining as the original does.
    """

    mode: RightsMode
    excerpt_chars: int
    reasons: tuple[Because, ...] = ()
    is_verbatim: bool = False
    has_images: bool = False
    is_indexable: bool = True
    is_minable: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """May not go out before a moment; ``until`` is None if only a change (of a card, say) can end it."""

    until: datetime | None
    reason: Because


@dataclass(frozen=True, slots=True)
class Review:
    """May go out once a person says so, as ``proposed``."""

    reason: Because
    proposed: Publish


@dataclass(frozen=True, slots=True)
class Refuse:
    """May not go out at all."""

    reason: Because


Decision = Publish | Hold | Review | Refuse


class LicenceState(StrEnum):
    """What is known of an outlet's licence page beside its card."""

    UNSEEN = "unseen"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision depends on beside the article and its outlet's card.

    ``is_commercial``: this site earns money. ``is_approved``: a person released this revision; ``refusal``:
    one refused it, and why. ``out_this_month`` counts the outlet's texts and excerpts that went out in the
    calendar month, this article's own aside. ``twins`` are the other cards of the
    same outlet: slug and rights. ``out`` is how much of it readers have now, None if nothing;
    ``is_gone``: its page was removed, ``is_retracted``: its outlet has withdrawn what it reported.
    """

    is_commercial: bool = True
    is_approved: bool = False
    refusal: str | None = None
    out_this_month: int = 0
    licence: LicenceState = LicenceState.UNSEEN
    twins: tuple[tuple[str, Rights], ...] = ()
    out: RightsMode | None = None
    is_gone: bool = False
    is_retracted: bool = False


def reasons_of(decision: Decision) -> tuple[Because, ...]:
    """What speaks for a decision."""
    match decision:
        case Publish(reasons=reasons):
            return reasons
        case Review(reason, proposed):
            return (*proposed.reasons, reason)
        case Hold(_, reason) | Refuse(reason):
            return (reason,)
