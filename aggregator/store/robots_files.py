"""robots.txt of outlets' hosts: what crawls met there, and which rules count as known."""

import hashlib
from collections import defaultdict
from datetime import datetime

from sqlalchemy import select, update

from aggregator.model.watched import RobotsFile
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.schema import RobotsFileRow
from aggregator.store.statements import insert_new_rows


def note(db: Database, outlet: str, origin: str, met: tuple[int | None, str | None], at: datetime) -> None:
    """Note a robots.txt that a crawl met: its status, and its rules, None if it could not be read.

    The first rules count as known; others are changed until they are known again.
    """
    status, rules = met
    row = RobotsFileRow
    with db.session() as session:
        ensure_outlets(session, {outlet: origin}, at)
        here = (row.outlet == outlet, row.origin == origin)
        known = session.execute(select(row.known_hash, row.changed_at).where(*here)).one_or_none()
        if rules is None:
            session.execute(update(row).where(*here).values(checked_at=at, status=status))
            return
        text = clean(rules)
        found = {"checked_at": at, "status": status, "rules": text, "rules_hash": _hash(text)}
        if known is None:
            first = {"outlet": outlet, "origin": origin, "known_rules": text, "known_hash": _hash(text)}
            insert_new_rows(session, row, [found | first | {"changed_at": None}])
            return
        is_known = known.known_hash == _hash(text)
        changed = None if is_known else known.changed_at or at
        session.execute(update(row).where(*here).values(**found, changed_at=changed))


def changed(db: Database) -> dict[str, list[RobotsFile]]:
    """The files whose rules are not the known ones, by outlet."""
    return _read(db, only_changed=True)


def every(db: Database) -> dict[str, list[RobotsFile]]:
    """All files that crawls have met, by outlet."""
    return _read(db, only_changed=False)


def accept(db: Database, outlet: str, origin: str) -> None:
    """Count the rules that stand there now as known."""
    row = RobotsFileRow
    change = update(row).where(row.outlet == outlet, row.origin == origin)
    with db.session() as session:
        session.execute(change.values(known_rules=row.rules, known_hash=row.rules_hash, changed_at=None))


def _read(db: Database, *, only_changed: bool) -> dict[str, list[RobotsFile]]:
    query = select(RobotsFileRow).order_by(RobotsFileRow.outlet, RobotsFileRow.origin)
    if only_changed:
        query = query.where(RobotsFileRow.changed_at.is_not(None))
    names = RobotsFile.__dataclass_fields__
    found: dict[str, list[RobotsFile]] = defaultdict(list)
    with db.reading() as session:
        for row in session.execute(query).scalars():
            found[row.outlet].append(RobotsFile(**{name: getattr(row, name) for name in names}))
    return dict(found)


def _hash(rules: str) -> str:
    return hashlib.sha256(rules.encode()).hexdigest()
