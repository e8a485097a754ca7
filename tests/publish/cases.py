"""Cases of the rights gate, made from their lines of data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.model.article import Article, Block, BlockKind, Completeness, FieldLoser, FieldOrigin
from aggregator.model.decision import Circumstances, Decision, Hold, LicenceState, Publish, Refuse, Review
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Rights, RightsMode
from aggregator.outlets.rights import RightsPart

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.example.org/a/1"
FILE = Path(__file__).with_name("cases.jsonl")
TEXT = (("paragraph", "The bridge opened on Monday."), ("paragraph", "Drivers had waited for two years."))


@dataclass(frozen=True)
class Case:
    name: str
    stored: StoredArticle
    rights: Rights
    around: Circumstances
    expect: str
    because: tuple[str, ...]
    flags: frozenset[str]


def read() -> list[Case]:
    """The table, a case a line."""
    rows = (json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines())
    return [
        Case(
            row["case"],
            stored(**row.get("page", {})),
            rights(row.get("card", {})),
            circumstances(row.get("site", {})),
            row["expect"],
            tuple(row["because"]),
            frozenset(row.get("flags", ())),
        )
        for row in rows
    ]


def rights(keys: Mapping[str, Any]) -> Rights:
    """The rights that a card with these keys grants: checked as a card is."""
    part = RightsPart.model_validate(dict(keys))
    values = {name: getattr(part, name) for name in RightsPart.model_fields}
    return Rights(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})


def circumstances(keys: Mapping[str, Any]) -> Circumstances:
    values = dict(keys)
    twins = tuple((slug, rights(card)) for slug, card in values.pop("twins", {}).items())
    if "out" in values:
        values["out"] = RightsMode(values["out"])
    if "licence" in values:
        values["licence"] = LicenceState(values["licence"])
    return Circumstances(twins=twins, **values)


def stored(**page: Any) -> StoredArticle:
    blocks = page.pop("blocks", [(*one, True) for one in TEXT])
    ahead = page.pop("ahead_hours", None)
    article = Article(
        outlet="example",
        url=URL,
        canonical_url=URL,
        source_link=page.pop("source_link", URL),
        headline=page.pop("headline", "Bridge opens"),
        blocks=tuple(
            Block(BlockKind(kind), text, place=number, is_quotable=is_quotable)
            for number, (kind, text, is_quotable) in enumerate(blocks)
        ),
        language="en",
        fetched_at=NOW,
        published=None if ahead is None else NOW + timedelta(hours=ahead),
        agency=tuple(page.pop("agency", ())),
        completeness=Completeness(page.pop("completeness", "full")),
        robots=tuple(page.pop("robots", ())),
        origins=tuple(FieldOrigin(*one) for one in page.pop("origins", ())),
        losers=tuple(FieldLoser(*one) for one in page.pop("losers", ())),
        **page,
    )
    return StoredArticle(id=1, article=article, copy_of=None, revision=1, stored_at=NOW)


def outcome(decision: Decision) -> str:
    match decision:
        case Publish(mode, chars):
            return f"excerpt {chars}" if mode is RightsMode.EXCERPT else mode.value
        case Hold(until):
            return f"hold {until.isoformat()}" if until else "hold"
        case Review(_, proposed):
            return f"review {proposed.mode.value}"
        case Refuse():
            return "refuse"


def codes(decision: Decision) -> tuple[str, ...]:
    reasons = decision.reasons if isinstance(decision, Publish) else (decision.reason,)
    return tuple(reason.code.value for reason in reasons)


def flags(decision: Decision) -> frozenset[str]:
    if not isinstance(decision, Publish):
        return frozenset()
    told = {
        "verbatim": decision.is_verbatim,
        "images": decision.has_images,
        "noindex": not decision.is_indexable,
        "notdm": not decision.is_minable,
    }
    return frozenset(name for name, is_set in told.items() if is_set)
