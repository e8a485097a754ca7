"""The database: whether it answers, is sound, and has today's tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from aggregator.config import Settings
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.errors import StoreError
from aggregator.store import migrations, near_rebuild
from aggregator.store.engine import Database

_CHECK_OR_RESTORE = "`aggregator restore` the last backup; SQLite's `.recover` may save what came since"


@contextmanager
def opened(settings: Settings) -> Iterator[Database | Complaint]:
    """The database as it is, neither made nor brought up to date; or why it cannot be opened."""
    path = settings.database_file
    if path is not None and not path.exists():
        told = "there is none yet"
        yield Complaint(
            Ailment.DATABASE_NONE, str(path), told, "the first crawl makes it; is this the right folder?"
        )
        return
    try:
        db = Database.open(settings.database_url, migrate=False)
    except StoreError as error:
        if path is not None:
            yield Complaint(Ailment.DATABASE_DAMAGED, str(path), str(error), _CHECK_OR_RESTORE)
        else:
            remedy = "start its server, or set `database`"
            yield Complaint(Ailment.DATABASE_UNREACHABLE, "database", str(error), remedy)
        return
    try:
        yield db
    finally:
        db.close()


def soundness(db: Database) -> Iterator[Complaint]:
    """Whether the database's own check finds nothing."""
    try:
        found = db.integrity()
    except StoreError as error:
        found = str(error)
    if found != "ok":
        first, *more = found.splitlines()
        told = f"{first}{f' (and {len(more)} more)' if more else ''}"
        yield Complaint(Ailment.DATABASE_DAMAGED, db.where, told, _CHECK_OR_RESTORE)


def version(db: Database) -> Iterator[Complaint]:
    """Whether its tables are those of this program."""
    try:
        there = migrations.revision(db)
    except StoreError as error:
        yield Complaint(Ailment.DATABASE_DAMAGED, db.where, str(error), _CHECK_OR_RESTORE)
        return
    if there == migrations.HEAD:
        return
    if there is None or there in migrations.known():
        told = f"tables of version {there or 'none'}; this program has {migrations.HEAD}"
        remedy = "back it up; the next command that opens it brings it up to date"
        yield Complaint(Ailment.DATABASE_BEHIND, db.where, told, remedy)
    else:
        told = f"tables of version {there}, which a newer program made; this one knows {migrations.HEAD}"
        yield Complaint(
            Ailment.DATABASE_AHEAD, db.where, told, "install the newer version of aggregator again"
        )


def rebuilds(db: Database) -> Iterator[Complaint]:
    """Whether stored articles wait to be made findable by their texts."""
    if waiting := near_rebuild.waiting(db):
        told = f"{waiting} articles cannot be found by their texts, so copies of them may come twice"
        yield Complaint(Ailment.DATABASE_REBUILD, db.where, told, "aggregator dedupe rebuild")
