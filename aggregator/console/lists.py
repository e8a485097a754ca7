"""Lists of outlets at the desk: planned beside the cards that are there, written as one import, undone."""

import threading
from dataclasses import dataclass
from typing import Final

from aggregator import clock
from aggregator.console.desk import Desk
from aggregator.console.jobs import Job
from aggregator.interchange import batch, merging, reading
from aggregator.interchange.batch import Batch, Undone
from aggregator.interchange.discovering import discovered
from aggregator.interchange.listed import Format
from aggregator.interchange.looks import Looked, Notebook
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
    looks: tuple[Looked, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Taken:
    """A list as it was sent: what holds where it says nothing, and what is wanted of it.

    ``is_dry``: nothing is written; ``discovers``: home pages are looked at.
    """

    name: str
    data: bytes
    wanted: Wanted
    is_dry: bool
    discovers: bool


def begin(desk: Desk, who: str, taken: Taken) -> Job:
    """Read a list and write a card for each outlet that has none.

    Raises:
        TooBusy: too much is under way.
    """

    def work(job: Job, stop: threading.Event) -> Imported:
        written = reading.format_of(taken.data)
        entries = list(reading.read(taken.data, taken.name, written))
        job.tell(f"{len(entries)} entries ({written.value})")
        cards = desk.shelf.cards()
        good = {slug: card.outlet for slug, card in cards.items() if card.outlet is not None}
        counted = _Count(job, "outlets planned")
        plan = merging.plan(entries, good, taken.wanted, taken=cards, on_outlet=counted)
        job.tell(f"{len(plan.new)} outlets have no card yet")
        looks: tuple[Looked, ...] = ()
        notebook = Notebook(desk.shelf.folder)
        if taken.discovers:
            plan, looks = discovered(
                desk.settings, plan, notebook, on_look=lambda one: job.tell(_line(one)), stop=stop
            )
        if taken.is_dry or not plan.new or stop.is_set():
            return Imported(written, plan, None, looks)
        noted = _write(desk, who, plan, taken.name, job)
        notebook.forget()
        return Imported(written, plan, noted, looks)

    return desk.jobs.begin(KIND, taken.name, who, work)


def _line(looked: Looked) -> str:
    return f"{looked.homepage}: {looked.problem or '; '.join(looked.findings)}"


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
