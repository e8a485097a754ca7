"""Editions to come, in words: what would go out when, and why the rest stays."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aggregator import wallclock
from aggregator.model.decision import Hold, Publish, Refuse

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from aggregator.publish.candidate import Candidate
    from aggregator.publish.edition import Stays
    from aggregator.publishing import Foreseen

_SHOWN = 50


def print_foreseen(console: "Console", foreseen: "Foreseen", until: "datetime", timezone: str) -> None:
    """The editions as a list, then what stays, by its reasons."""
    end = f"{wallclock.shown(until, timezone):%a %d %b %H:%M} ({timezone})"
    if not foreseen.editions:
        console.print(f"nothing goes out until {end}", markup=False)
    for edition in foreseen.editions:
        console.print(_heading(edition.at, edition.goes_out, timezone), markup=False, style="bold")
        for candidate in edition.goes_out:
            console.print(_line(foreseen, candidate), markup=False, soft_wrap=True)
    if not foreseen.stays:
        console.print(f"nothing else waits; this is all until {end}", markup=False)
        return
    console.print(f"stays, {len(foreseen.stays)} in all, until {end}:", markup=False, style="bold")
    words = Counter(one.decision.reason.words for one in foreseen.stays)
    for reason, count in words.most_common():
        console.print(f"{count:6}  {reason}", markup=False)
    for one in foreseen.stays[:_SHOWN]:
        console.print(_stays(foreseen, one, timezone), markup=False, soft_wrap=True)
    if len(foreseen.stays) > _SHOWN:
        console.print(f"and {len(foreseen.stays) - _SHOWN} more; --json lists all", markup=False)


def as_json(foreseen: "Foreseen") -> str:
    """The same for programs: an object with ``editions`` and ``stays``."""
    editions = [
        {"at": one.at.isoformat(), "articles": [_row(foreseen, each) for each in one.goes_out]}
        for one in foreseen.editions
    ]
    stays = [_row(foreseen, one.candidate) | _why(one) for one in foreseen.stays]
    return json.dumps({"editions": editions, "stays": stays}, ensure_ascii=False, indent=2)


def _heading(at: "datetime", goes_out: "Iterable[Candidate]", timezone: str) -> str:
    kinds = Counter("published" if isinstance(one.decision, Publish) else "refused" for one in goes_out)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{wallclock.shown(at, timezone):%a %d %b %H:%M}  {counts}"


def _line(foreseen: "Foreseen", candidate: "Candidate") -> str:
    return f"{candidate.id:8}  {candidate.outlet}  {_fate(candidate)}  {_headline(foreseen, candidate)}"


def _fate(candidate: "Candidate") -> str:
    match candidate.decision:
        case Publish(mode=mode):
            return mode.value
        case Refuse(reason):
            return f"refused: {reason.words}"
    return "waits"


def _stays(foreseen: "Foreseen", one: "Stays", timezone: str) -> str:
    until = one.decision.until if isinstance(one.decision, Hold) else None
    when = f" (until {wallclock.shown(until, timezone):%a %d %b %H:%M})" if until else ""
    candidate, reason = one.candidate, one.decision.reason
    return f"{candidate.id:8}  {candidate.outlet}  {reason.code}{when}  {_headline(foreseen, candidate)}"


def _headline(foreseen: "Foreseen", candidate: "Candidate") -> str:
    return " ".join(foreseen.named[candidate.id].headline.split())


def _row(foreseen: "Foreseen", candidate: "Candidate") -> dict[str, object]:
    named = foreseen.named[candidate.id]
    decision = candidate.decision
    return {
        "article": candidate.id,
        "outlet": candidate.outlet,
        "headline": named.headline,
        "url": named.url,
        "mode": decision.mode if isinstance(decision, Publish) else None,
        "refused": decision.reason.code if isinstance(decision, Refuse) else None,
    }


def _why(one: "Stays") -> dict[str, object]:
    from aggregator.store.decisions import standing  # late: --help must not wait for the store

    until = one.decision.until if isinstance(one.decision, Hold) else None
    return {
        "state": standing(one.decision),
        "code": one.decision.reason.code,
        "reason": one.decision.reason.words,
        "until": until.isoformat() if until else None,
    }
