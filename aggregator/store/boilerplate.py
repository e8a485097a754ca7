"""What outlets' pages have taught: counted within the store's transaction, read back for the next pages."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aggregator.errors import UnknownLineError, UnknownOutletError
from aggregator.extract.learned import SHADOW_PAGES, Learned
from aggregator.extract.tally import Tally, generation, window
from aggregator.model.boilerplate import (
    Clue,
    ClueKind,
    LearnedLine,
    LearnedOutlet,
    Ruling,
)
from aggregator.store.engine import Database
from aggregator.store.schema import BoilerplateLineRow, BoilerplateOutletRow
from aggregator.store.statements import be_only_writer

LONGEST_SAMPLE_CHARS: Final = 400
"""Enough to know a line again; what is matched is its hash."""

_SHORTEST_PREFIX_CHARS: Final = 4
_Line = BoilerplateLineRow
_Outlet = BoilerplateOutletRow


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a page teaches: its clues, the length of its text, and how much of it was cut as learned."""

    clues: tuple[Clue, ...]
    text_chars: int
    cut_chars: int


def learn(session: Session, lessons: Sequence[tuple[str, Lesson]], at: datetime) -> None:
    """Count lessons, each with its outlet, in the session's transaction; whoever calls counts a page once."""
    by_outlet: dict[str, list[Lesson]] = defaultdict(list)
    for outlet, lesson in lessons:
        by_outlet[outlet].append(lesson)
    for outlet in sorted(by_outlet):
        _learn(session, outlet, by_outlet[outlet], at)


def _learn(session: Session, outlet: str, lessons: Sequence[Lesson], at: datetime) -> None:
    before = session.execute(select(_Outlet.pages).where(_Outlet.outlet == outlet)).scalar() or 0
    after, now = before + len(lessons), generation(before)
    counts = Counter(clue.id for lesson in lessons for clue in lesson.clues)
    known = {clue.id: clue for lesson in lessons for clue in lesson.clues}
    if counts:
        rows = [
            {
                "outlet": outlet,
                "id": clue_id,
                "kind": known[clue_id].kind.value,
                "sample": known[clue_id].text[:LONGEST_SAMPLE_CHARS] if pages > 1 else None,
                "needs": known[clue_id].needs,
                "generation": now,
                "recent": pages,
                "earlier": 0,
                "first_seen": at,
                "last_seen": at,
                "second_sample": known[clue_id].text[:LONGEST_SAMPLE_CHARS],
            }
            for clue_id, pages in counts.items()
        ]
        session.connection().execute(_count_lines(session), rows)
    session.connection().execute(
        _count_outlet(session),
        {
            "outlet": outlet,
            "pages": len(lessons),
            "version": len(lessons),
            "text_chars": sum(lesson.text_chars for lesson in lessons),
            "cut_chars": sum(lesson.cut_chars for lesson in lessons),
            "learned_at": at,
        },
    )
    if generation(after) != now:
        stale = (_Line.outlet == outlet) & (_Line.generation < generation(after) - 1)
        session.execute(
            delete(_Line).where(stale, _Line.ruling.is_(None)),
            execution_options={"synchronize_session": False},
        )


def _count_lines(session: Session) -> Any:
    """The statement that adds pages to lines; most lines are never met again and keep no text."""
    statement = _insert(session)(_Line)
    new = statement.excluded
    is_same, is_next = _Line.generation == new.generation, _Line.generation == new.generation - 1
    return statement.on_conflict_do_update(
        index_elements=["outlet", "id"],
        set_={
            "recent": case((is_same, _Line.recent + new.recent), else_=new.recent),
            "earlier": case((is_same, _Line.earlier), (is_next, _Line.recent), else_=0),
            "generation": new.generation,
            "sample": func.coalesce(_Line.sample, bindparam("second_sample")),
            "needs": new.needs,
            "last_seen": new.last_seen,
        },
    )


def _count_outlet(session: Session) -> Any:
    statement = _insert(session)(_Outlet)
    new = statement.excluded
    added = ("pages", "version", "text_chars", "cut_chars")
    return statement.on_conflict_do_update(
        index_elements=["outlet"],
        set_={name: getattr(_Outlet, name) + new[name] for name in added} | {"learned_at": new.learned_at},
    )


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def load(db: Database, outlet: str) -> Learned:
    """What an outlet has taught, ready to clean its next pages; an empty memory if it taught nothing."""
    with db.reading() as session:
        row = session.get(_Outlet, outlet)
        return _learned(row, _repeated(session, outlet)) if row else Learned(shadow_pages=SHADOW_PAGES)


def _repeated(session: Session, outlet: str) -> Sequence[BoilerplateLineRow]:
    query = select(_Line).where(_Line.outlet == outlet, _Line.sample.is_not(None))
    return session.execute(query).scalars().all()


def _learned(outlet: BoilerplateOutletRow, lines: Sequence[BoilerplateLineRow]) -> Learned:
    return Learned(
        pages=outlet.pages,
        tallies={row.id: Tally(row.generation, row.recent, row.earlier) for row in lines},
        rulings={row.id: Ruling(row.ruling) for row in lines if row.ruling},
        shadow_pages=SHADOW_PAGES,
        version=outlet.version,
    )


def outlets(db: Database) -> list[LearnedOutlet]:
    """Every outlet that has taught anything, by slug."""
    with db.reading() as session:
        rows = session.execute(select(_Outlet).order_by(_Outlet.outlet)).scalars().all()
        return [_outlet(row, _lines(row, _repeated(session, row.outlet))) for row in rows]


def outlet(db: Database, slug: str) -> tuple[LearnedOutlet, list[LearnedLine]] | None:
    """What an outlet has taught and its lines that repeat, the most frequent first; None if nothing."""
    with db.reading() as session:
        row = session.get(_Outlet, slug)
        if row is None:
            return None
        lines = _lines(row, _repeated(session, slug))
        return _outlet(row, lines), lines


def _outlet(row: BoilerplateOutletRow, lines: Sequence[LearnedLine]) -> LearnedOutlet:
    return LearnedOutlet(
        outlet=row.outlet,
        pages=row.pages,
        version=row.version,
        is_shadow=row.pages < SHADOW_PAGES,
        text_chars=row.text_chars,
        cut_chars=row.cut_chars,
        lines=Counter(line.state for line in lines),
        learned_at=row.learned_at,
    )


def _lines(outlet: BoilerplateOutletRow, rows: Sequence[BoilerplateLineRow]) -> list[LearnedLine]:
    learned = _learned(outlet, rows)
    found = [
        LearnedLine(
            outlet=row.outlet,
            id=row.id,
            kind=ClueKind(row.kind),
            sample=row.sample or "",
            state=learned.state(row.id, row.needs),
            pages=learned.count(row.id),
            of_pages=window(outlet.pages),
            needs=row.needs,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            ruling=learned.rulings.get(row.id),
            ruled_at=row.ruled_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: (-line.pages, line.id))


def rule(db: Database, slug: str, line: str, ruling: Ruling | None, at: datetime) -> LearnedLine:
    """Set an operator's ruling on a line, or take it back with None; the line as it is then.

    ``line`` is an id, or its first digits if no other line of the outlet begins so.

    Raises:
        UnknownOutletError: the outlet has taught nothing.
        UnknownLineError: no line has this id, or several begin so.
    """
    with db.session() as session:
        be_only_writer(session)
        outlet = session.get(_Outlet, slug)
        if outlet is None:
            raise UnknownOutletError(
                f"{slug}: nothing was learned of this outlet; `aggregator boilerplate list` shows all"
            )
        row = _found(_repeated(session, slug), slug, line)
        row.ruling = ruling.value if ruling else None
        row.ruled_at = at if ruling else None
        outlet.version += 1
        session.flush()
        return next(one for one in _lines(outlet, [row]))


def _found(rows: Sequence[BoilerplateLineRow], slug: str, line: str) -> BoilerplateLineRow:
    matching = [row for row in rows if row.id.startswith(line)] if len(line) >= _SHORTEST_PREFIX_CHARS else []
    if len(matching) != 1:
        fault = f"{len(matching)} lines begin so, give more digits" if matching else "no line has this id"
        raise UnknownLineError(f"{slug} {line}: {fault}; `aggregator boilerplate show {slug}` lists them")
    return matching[0]


def forget(db: Database, slug: str) -> int:
    """Forget all that an outlet has taught, rulings too; how many repeated lines that were.

    Raises:
        UnknownOutletError: the outlet has taught nothing.
    """
    with db.session() as session:
        be_only_writer(session)
        if session.get(_Outlet, slug) is None:
            raise UnknownOutletError(f"{slug}: nothing was learned of this outlet, so nothing is forgotten")
        count = len(_repeated(session, slug))
        for table in (_Line, _Outlet):
            session.execute(delete(table).where(table.outlet == slug))
    return count
