"""What is usual at outlets, kept from one learning to the next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import delete, select

from aggregator.model.watched import Level, Share, Usual
from aggregator.store.engine import Database
from aggregator.store.schema import OutletUsualRow
from aggregator.store.statements import upsert_rows

_FEW: Final = 500
"""So many are looked up by their names; of more all are read."""


def every(db: Database, known: Mapping[str, Usual] | None = None) -> dict[str, Usual]:
    """What is usual at each outlet that was learned from, by slug.

    Of ``known`` ones those that were not learned anew are taken as they are: a thousand weeks are a megabyte.
    """
    known = known or {}
    with db.reading() as session:
        moments = session.execute(select(OutletUsualRow.outlet, OutletUsualRow.learned_at)).all()
        kept = {slug: known[slug] for slug, at in moments if slug in known and known[slug].learned_at == at}
        query = select(OutletUsualRow)
        if len(moments) - len(kept) <= _FEW:
            query = query.where(OutletUsualRow.outlet.in_([slug for slug, _ in moments if slug not in kept]))
        return kept | {row.outlet: _usual(row) for row in session.execute(query).scalars()}


def get(db: Database, outlet: str) -> Usual | None:
    """What is usual at an outlet; None before anything was learned."""
    with db.reading() as session:
        row = session.get(OutletUsualRow, outlet)
        return None if row is None else _usual(row)


def keep(db: Database, learned: Iterable[Usual]) -> None:
    """Write what was learned; the outlets have their rows."""
    rows = [{"outlet": one.outlet, "learned_at": one.learned_at, "usual": _values(one)} for one in learned]
    with db.session() as session:
        upsert_rows(session, OutletUsualRow, rows)


def forget(db: Database, outlets: Collection[str]) -> None:
    """Have what is usual there be learned anew at the next look."""
    with db.session() as session:
        session.execute(delete(OutletUsualRow).where(OutletUsualRow.outlet.in_(outlets)))


def _values(usual: Usual) -> dict[str, Any]:
    values = asdict(usual)
    del values["outlet"], values["learned_at"]
    values["containers"] = sorted(usual.containers)
    if usual.patience == float("inf"):
        values["patience"] = None  # JSON has no infinity
    return values


def _usual(row: OutletUsualRow) -> Usual:
    values: dict[str, Any] = dict(row.usual)
    patience = values.pop("patience")
    shares = {name: Share(**each) for name, each in values.pop("shares").items()}
    levels = {
        name: Level(tuple(each["quantiles"]), each["firmness"], each["articles"])
        for name, each in values.pop("levels").items()
    }
    return Usual(
        outlet=row.outlet,
        learned_at=row.learned_at,
        rates=tuple(values.pop("rates")),
        patience=float("inf") if patience is None else patience,
        shares=shares,
        levels=levels,
        containers=frozenset(values.pop("containers", ())),
        **values,
    )
