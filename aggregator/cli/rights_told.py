"""A decision told: its card, its circumstances, each reason with what it allows, the result."""

from collections.abc import Iterator, Sequence
from typing import Any

from aggregator.explaining import Explained
from aggregator.model.decision import (
    Because,
    Decision,
    Hold,
    LicenceState,
    Publish,
    Refuse,
    Review,
    reasons_of,
)
from aggregator.model.outlet import Rights, RightsMode


def lines(told: Explained) -> Iterator[str]:
    """What a person reads."""
    article = told.stored.article
    yield f"{article.headline}"
    yield f"{article.url} (article {told.stored.id}, revision {told.stored.revision})"
    yield ""
    yield from of_decision(told)


def of_decision(told: Explained) -> Iterator[str]:
    """The same without the article's name."""
    yield f"card of {told.stored.article.outlet}"
    yield from (f"  {line}" for line in _card(told))
    yield ""
    yield "signals, and the most that each allows"
    yield from (f"  {line}" for line in _reasons(reasons_of(told.decision)))
    yield ""
    yield f"today: {_result(told.decision)}"
    yield f"stored: {_stored(told)}"


def _card(told: Explained) -> Iterator[str]:
    if told.outlet is None:
        yield "none: the card is gone"
        return
    for name, value in _values(told.outlet.rights).items():
        yield f"{name} = {value}"
    if told.around.licence is not LicenceState.UNSEEN:
        yield f"licence page: {told.around.licence.value}"
    page = told.licence_page
    if page is not None and page.checked_at is not None:
        yield f"licence page read: {page.checked_at:%Y-%m-%d}"
    for slug, rights in told.around.twins:
        yield f"the card {slug} describes this outlet, too: mode = {rights.mode.value}"
    yield f"site.commercial = {str(told.around.is_commercial).lower()}"


def _values(rights: Rights) -> dict[str, str]:
    """The keys that say something: the mode, and what is not as by default."""
    plain = Rights()
    values = {name: getattr(rights, name) for name in Rights.__dataclass_fields__}
    return {
        name: _value(value)
        for name, value in values.items()
        if name in {"mode", "excerpt_chars"} or value != getattr(plain, name)
    }


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(one.value for one in value)
    return str(value).lower() if isinstance(value, bool) else str(getattr(value, "value", value))


def _reasons(reasons: Sequence[Because]) -> Iterator[str]:
    if not reasons:
        yield "none"
    for reason in reasons:
        most = reason.ceiling.value if reason.ceiling else "-"
        if reason.excerpt_chars is not None:
            most += f" {reason.excerpt_chars}"
        source = f" [{reason.source}]" if reason.source else ""
        yield f"{most:11} {reason.code.value:26} {reason.words}{source}"


def _result(decision: Decision) -> str:
    match decision:
        case Publish():
            return _publish(decision)
        case Review(_, proposed):
            return f"in review; once a person releases it: {_publish(proposed)}"
        case Hold(until, _):
            return f"held until {until:%Y-%m-%d %H:%M} UTC" if until else "held until something changes"
        case Refuse():
            return "refused"


def _publish(publish: Publish) -> str:
    mode = publish.mode.value
    if publish.mode is RightsMode.EXCERPT:
        mode += f" of at most {publish.excerpt_chars} characters"
    marks = {
        "whole and uncut": publish.is_verbatim and publish.mode is RightsMode.FULL,
        "with pictures": publish.has_images,
        "not for search engines": not publish.is_indexable,
        "mining reserved": not publish.is_minable,
    }
    return ", ".join((mode, *(words for words, is_set in marks.items() if is_set)))


def _stored(told: Explained) -> str:
    publication, decided = told.publication, told.decided
    if publication is not None:
        codes = ", ".join(publication.reason_codes)
        return f"{publication.state.value}, {publication.mode.value}, publication {publication.id}" + (
            f" ({codes})" if codes else ""
        )
    if decided is not None:
        return f"{decided.standing.value} since {decided.decided_at:%Y-%m-%d %H:%M} ({decided.code})"
    return f"a copy of article {told.stored.copy_of}" if told.stored.copy_of else "nothing decided yet"


def as_object(told: Explained) -> dict[str, Any]:
    """The same for programs."""
    article = told.stored.article
    return {
        "article": told.stored.id,
        "url": article.url,
        "outlet": article.outlet,
        "card": _values(told.outlet.rights) if told.outlet else None,
        "licence": told.around.licence.value,
        "two_cards": [slug for slug, _ in told.around.twins],
        "is_commercial": told.around.is_commercial,
        "signals": [
            {
                "code": reason.code.value,
                "ceiling": reason.ceiling.value if reason.ceiling else None,
                "excerpt_chars": reason.excerpt_chars,
                "source": reason.source or None,
                "words": reason.words,
            }
            for reason in reasons_of(told.decision)
        ],
        "decision": _as_decision(told.decision),
        "stored": _stored(told),
    }


def _as_decision(decision: Decision) -> dict[str, Any]:
    made: dict[str, Any] = {"outcome": type(decision).__name__.lower()}
    match decision:
        case Publish() as publish:
            pass
        case Review(_, publish):
            pass
        case Hold(until, _):
            return made | {"until": until.isoformat() if until else None}
        case Refuse():
            return made
    names = ("mode", "excerpt_chars", "is_verbatim", "has_images", "is_indexable", "is_minable")
    return made | {name: getattr(publish, name) for name in names}
