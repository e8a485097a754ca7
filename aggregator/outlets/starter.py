"""The starter pack: cards of outlets that let others republish, each with a licence to be confirmed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.model.outlet import Outlet, RequiredPart, Rights, RightsMode, Seed, SeedKind

_PARTS = ("automatic", "monthly_cap", "verbatim", "commercial")


@dataclass(frozen=True, slots=True)
class Starter:
    """One outlet of the pack; ``outlet`` has no seeds if no feed of it is known, ``note`` is a sentence."""

    outlet: Outlet
    note: str


@cache
def starters() -> dict[str, Starter]:
    """The whole pack by slug."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {row["slug"]: _starter(row) for row in tomllib.loads(text)["outlets"]}


def _starter(row: dict[str, Any]) -> Starter:
    rights = Rights(
        mode=RightsMode(row["mode"]),
        licence=row["licence"],
        licence_url=row.get("licence_url"),
        to_confirm=True,
        required=tuple(RequiredPart(part) for part in row.get("required", ())),
        **{name: row[name] for name in _PARTS if name in row},
    )
    seeds = (Seed(SeedKind.FEED, row["feed"]),) if "feed" in row else ()
    outlet = Outlet(
        slug=row["slug"],
        name=row["name"],
        homepage=row["homepage"],
        language=row["language"],
        country=row["country"],
        seeds=seeds,
        rights=rights,
    )
    return Starter(outlet, row.get("note", ""))
