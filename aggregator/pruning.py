"""Pruning: what is older than it is to be kept goes, counted first, and noted in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from aggregator import erasure
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.errors import PruneError
from aggregator.model.desk import Action
from aggregator.store import archived, audit, pruning
from aggregator.store.copying import Told
from aggregator.store.engine import Database
from aggregator.store.pruning import Going, Scope

LEAST_HISTORY: Final = timedelta(days=60)
"""The watch learns from eight weeks, and looks back from days before."""

LEAST_PAGES: Final = timedelta(days=2)
"""A file of the archive may be written to until the end of its day, anywhere on earth."""

_FILES: Final = 10
"""Files of the archive whose pages are looked up at once: each look takes all fetches."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes: of the archive's ``files`` some as wholes, of others single pages; rows by table.

    ``freed_bytes`` is what the whole files take; ``erased_bytes`` what the pages take that are erased in
    their place: the room of whole blocks comes back where the file system can have holes.
    """

    files: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    freed_bytes: int = 0
    pages: int = 0
    erased_pages: int = 0
    erased_bytes: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        rows = ", ".join(f"{name}: {count}" for name, count in self.rows.items())
        return (
            f"kept pages: {self.pages}, of them {self.erased_pages} erased in their place "
            f"({self.erased_bytes} bytes); "
            f"files: {len(self.whole)}, {self.freed_bytes} bytes; rows: {rows or 'none'}"
        )


def planned(db: Database, settings: Settings, scope: Scope, *, pages: bool, history: bool) -> Plan:
    """What would go; nothing is changed.

    Raises:
        PruneError: so little may not go.
    """
    age = now() - scope.before
    if (pages and age < LEAST_PAGES) or (history and age < LEAST_HISTORY):
        least = (LEAST_HISTORY if history else LEAST_PAGES).days
        raise PruneError(f"keep at least {least} days: crawls and the watch over outlets need them")
    found = pruning.files(db, scope) if pages else {}
    folder = settings.path(settings.pages)
    whole = tuple(file for file, share in found.items() if not share.staying and not _is_open(folder / file))
    sizes = [(folder / file).stat().st_size for file in whole if (folder / file).exists()]
    return Plan(
        tuple(found),
        whole,
        sum(sizes),
        sum(share.going for share in found.values()),
        sum(share.going for file, share in found.items() if file not in whole),
        sum(share.going_bytes for file, share in found.items() if file not in whole),
        pruning.history(db, scope) if history else {},
    )


def prune(
    db: Database, settings: Settings, scope: Scope, plan: Plan, *, who: str, progress: Told
) -> Mapping[str, int]:
    """Carry out a plan; the rows that went, by table.

    Whoever is killed on the way finds the rest by another plan: pages go before the rows that tell of them.

    Raises:
        ArchiveError: a page cannot be erased. StoreError: the database refuses.
    """
    folder = settings.path(settings.pages)
    for start in range(0, len(plan.files), _FILES):
        for file, pages in pruning.records(db, scope, plan.files[start : start + _FILES]).items():
            # An article may have gone out since the plan.
            if file in plan.whole and not pages.staying:
                (folder / file).unlink(missing_ok=True)
            else:
                _erase(folder, pages.going)
            archived.forget(db, [each.fetch for each in pages.going])
        progress("files of the archive", min(start + _FILES, len(plan.files)))
    removed = pruning.forget_history(db, scope, progress) if plan.rows else {}
    subject = ", ".join([f"before {scope.before:%Y-%m-%d}", *scope.outlets, *scope.modes])
    audit.note(db, Action(who, "prune", subject, None, str(plan)), now())
    return removed


def _erase(folder: Path, going: Sequence[Going]) -> None:
    for each in going:
        if each.is_free:
            erasure.erase(folder, each.record)


def _is_open(path: Path) -> bool:
    """Whether a file may still be written to: its name begins with its day.

    Its time would not tell: erasing changes it, and so does restoring.
    """
    last_day = f"{now() - LEAST_PAGES:%Y-%m-%d}"
    return path.with_name(f"{path.name}.open").exists() or path.name[: len(last_day)] >= last_day
