"""The database that a backup is restored to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import func, select, update

from aggregator.config import Settings, home
from aggregator.errors import BackupError, StoreBusyError, StoreError
from aggregator.model.crawl import CrawlRun
from aggregator.model.edition import PublicationState
from aggregator.store import copying, crawls, search
from aggregator.store.beside import put
from aggregator.store.copying import Told
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler
from aggregator.store.schema import (
    ArticleRow,
    CrawlRunRow,
    DeskUserRow,
    EditionRow,
    OutletRow,
    PublicationRow,
    TakedownRow,
)

Aside = Callable[[Path], Path | None]

_TELLING = (OutletRow, CrawlRunRow, ArticleRow, EditionRow, TakedownRow, DeskUserRow)
"""Tables of which one has rows once anything has happened."""

_WAL = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the database goes: a file, or a PostgreSQL database that is there, empty."""

    url: str
    path: Path | None
    where: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The settings' database; PostgreSQL must answer; raises StoreError."""
        if (path := settings.database_file) is not None:
            return cls(settings.database_url, path, str(path))
        db = Database.open(settings.database_url)
        db.close()
        return cls(settings.database_url, None, db.where)

    @property
    def beside(self) -> Path:
        """The name beside which the restored copy is made."""
        return self.path if self.path is not None else home() / "restored"

    @contextmanager
    def alone(self, *, replace: bool) -> Iterator[None]:
        """See that nobody works on it, no scheduler begins to, and nothing is there that is not to go.

        Raises:
            SchedulerBusyError, StoreBusyError: somebody works on it.
            BackupError: it holds data, and ``replace`` is not said.
        """
        if self.path is not None and not self.path.exists():
            yield
            return
        try:
            db = Database.open(self.url, migrate=self.path is None)
        except StoreBusyError:
            raise
        except StoreError as error:
            if not replace:
                raise BackupError(f"{error}; --replace moves it aside") from error
            yield
            return
        try:
            with only_scheduler(db):
                _refuse(db, replace=replace)
                db.close()
                yield
        finally:
            db.close()

    def prepare(self, made: Path, source: str, tell: Told) -> None:
        """Bring a copy to today's tables before it becomes the database, and its index if it has none."""
        if self.path is None:
            return
        db = Database.open(f"sqlite:///{made}")
        try:
            if source != "sqlite":
                _index(db, tell)
        finally:
            db.close()

    def put(self, made: Path, aside: Aside, tell: Told) -> list[Path]:
        """Have the copy be the database; what was moved aside for it."""
        if self.path is not None:
            moved = aside(self.path)
            for end in _WAL:  # what a process that was killed left; to the new file it must not belong
                left = self.path.with_name(f"{self.path.name}{end}")
                if moved is not None and left.exists():
                    left.rename(moved.with_name(f"{moved.name}{end}"))
                left.unlink(missing_ok=True)
            put(made, self.path)
            return [] if moved is None else [moved]
        db = Database.open(self.url)
        try:
            copying.copy_into(made, db, tell)
            _index(db, tell)
        finally:
            db.close()
        return []


def _refuse(db: Database, *, replace: bool) -> None:
    try:
        with db.reading() as session:
            filled = [
                row.__tablename__ for row in _TELLING if session.scalar(select(func.count()).select_from(row))
            ]
    except StoreError as error:  # damaged, or no database of ours
        if not replace:
            raise BackupError(f"{error}; --replace moves it aside") from error
        return
    if not filled:
        return
    if not replace:
        raise BackupError(
            f"{db.where}: this database holds data ({', '.join(filled)}); restore into another folder or "
            "database, or say --replace"
        )
    running: list[CrawlRun] = []
    with suppress(StoreError):  # of an older version: nothing of today runs on it
        crawls.interrupt_stale(db)
        running = crawls.running(db)
    if running:
        raise StoreBusyError(f"{db.where}: a crawl runs on it; wait for its end, or end it")


def _index(db: Database, tell: Told) -> None:
    """Make the full-text index; one that is cut off is gone on with by the next edition."""
    with db.session() as session:
        session.execute(
            update(PublicationRow)
            .where(PublicationRow.state == PublicationState.PUBLISHED.value)
            .values(awaits_indexing=True)
        )
    done = 0
    while count := search.index_pending(db):
        done += count
        tell("full-text index", done)
