"""Lists of outlets at the desk: planned beside the cards that are there, written as one import, undone."""

import threading
from dataclasses import dataclass
from typing import Final

from aggregator import clock
from aggregator.console.desk import Desk
from aggregator.console.jobs import Job
from aggregator.interchange import batch, merging, reading
from aggregator.interchange.batch import Batch, Undone
from aggregator.interchange.listed import Format
from aggregator.interchange.merging import Plan, Wanted
from aggregator.model.desk import CardVersion
from aggregator.store import desk_cards

KIND: Final = "import"
_TOLD_EVERY: Final = 50


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a list: how it was written, the plan, and the import; None where nothing was written."""

    written: Format
    plan: Plan
    batch: Batch | None


@dataclass(slots=True)
class _Count:
    """Tells of every fiftieth."""

    job: Job
    words: str
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        if self.done % _TOLD_EVERY == 0:
            self.job.tell(f"{self.done} {self.words}")


def begin(desk: Desk, who: str, data: bytes, name: str, wanted: Wanted, *, is_dry: bool) -> Job:
    """Read a list and write a card for each outlet that has none; a dry one writes nothing.

    Raises:
        TooBusy: too much is under way.
    """

    def work(job: Job, _stop: threading.Event) -> Imported:
        written = reading.format_of(data)
        entries = list(reading.read(data, name, written))
        job.tell(f"{len(entries)} entries ({written.value})")
        cards = desk.shelf.cards()
        good = {slug: card.outlet for slug, card in cards.items() if card.outlet is not None}
        counted = _Count(job, "outlets planned")
        plan = merging.plan(entries, good, wanted, taken=cards, on_outlet=counted)
        job.tell(f"{len(plan.new)} outlets have no card yet")
        noted = None if is_dry or not plan.new else _write(desk, who, plan, name, job)
        return Imported(written, plan, noted)

    return desk.jobs.begin(KIND, name, who, work)


def _write(desk: Desk, who: str, plan: Plan, name: str, job: Job) -> Batch:
    at = clock.now()
    with desk.shelf.writing():
        made = batch.write(plan.new, desk.shelf.folder, name, at, _Count(job, "cards written"))
        texts = {one.outlet.slug: one.text for one in plan.new}
        versions = [CardVersion(0, slug, at, who, "imported", text) for slug, text in texts.items()]
        desk_cards.keep_new(desk.db, versions)
    job.tell(f"import {made.name}: {len(made.cards)} cards")
    return made


def undo(desk: Desk, who: str, name: str) -> Undone:
    """Remove the cards of an import; those that were changed since stay.

    Raises:
        ListError: there is no such import, or it is undone already.
    """
    at = clock.now()
    with desk.shelf.writing():
        done = batch.undo(desk.shelf.folder, name, at)
        gone = [CardVersion(0, slug, at, who, "import undone", None) for slug in done.removed]
        desk_cards.keep_new(desk.db, gone)
    return done
