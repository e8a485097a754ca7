"""The scheduler: whether one runs, and whether it gets anything done; and the alarms that nobody has seen."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.model.alarm import AlarmState
from aggregator.model.outlet import Outlet
from aggregator.schedule.plan import Planner
from aggregator.store import alarms, crawls, moments
from aggregator.store.engine import Database
from aggregator.store.lock import is_held

PATIENCE: Final = timedelta(hours=2)
"""A crawl of a batch takes an hour at most (``crawl.minutes``); twice as long nothing waits for its turn."""


def scheduler(db: Database, outlets: Mapping[str, Outlet], now: datetime) -> Iterator[Complaint]:
    """Whether what is due is done."""
    plan = Planner(db).plan(outlets, now)
    late = [run for run in plan if now - run.latest > PATIENCE]
    started = moments.newest(db)["crawl"]
    is_quiet = started is None or now - started > PATIENCE
    never = [run for run in plan if run.last is None]
    if not is_held(db):
        if late or never:
            told = f"no scheduler runs, and {len(late) + len(never)} outlets are due"
            remedy = "start `aggregator run` (deploy/ has a unit for systemd)"
            yield Complaint(Ailment.SCHEDULER_NONE, db.where, told, remedy)
    elif late and is_quiet:
        hours = PATIENCE.total_seconds() / 3600
        told = f"a scheduler holds its lock, and began no crawl for {hours:.0f} hours, "
        remedy = "see its log, and start it again"
        yield Complaint(Ailment.SCHEDULER_STUCK, db.where, f"{told}with {len(late)} outlets due", remedy)


def dead_runs(db: Database, now: datetime) -> Iterator[Complaint]:
    """Crawls that are noted as running, and whose process is gone."""
    if dead := crawls.stale(db, now):
        told = f"crawls whose process is gone: {', '.join(map(str, dead))}"
        yield Complaint(
            Ailment.RUN_DEAD,
            db.where,
            told,
            "the next start of `aggregator run` notes it; what they stored is there",
        )


def unseen(db: Database) -> Iterator[Complaint]:
    """Alarms of the watch over outlets that nobody has seen."""
    if count := alarms.counts(db)[AlarmState.RAISED]:
        told = f"alarms that nobody has seen: {count}"
        yield Complaint(Ailment.ALARMS, "outlets", told, "aggregator watch list")
