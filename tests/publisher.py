"""A publisher to be killed: closes one edition after the other, twenty minutes or an hour of its clock apart.

It tells when it begins (R), when the first row of an edition is written (W), and when that is committed (C).
"""

import os
from datetime import timedelta
from typing import Any

from queued import HURRIED, HURRY_CARDS, MONDAY
from sqlalchemy import Engine, event

from aggregator.config import Settings
from aggregator.publishing import publish, publish_slot
from aggregator.store import editions
from aggregator.store.engine import Database


def begin(url: str, sink: Any) -> None:
    """Publish until nothing has gone out for thirty hours of the clock; tell on the file of ``sink``."""
    marks: int = sink.detach()

    def tell(mark: str) -> None:
        os.write(marks, mark.encode())

    db, settings = Database.open(url), Settings(publish=HURRIED)
    writing = []

    @event.listens_for(Engine, "before_cursor_execute")
    def _before(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO edition") and not writing:
            writing.append(statement)
            tell("W")

    @event.listens_for(Engine, "commit")
    def _commit(_connection: object) -> None:
        if writing:
            writing.clear()
            tell("C")

    idle = 0
    last = editions.editions(db, 1)
    now = last[0].closed_at if last else MONDAY
    tell("R")
    while idle < 30:
        now += timedelta(minutes=60 if idle else 20)
        # By slot and by hand in turn, as a scheduler and a person do.
        report = publish_slot(db, HURRY_CARDS, settings, now) or publish(db, HURRY_CARDS, settings, now)
        idle = 0 if report.edition else idle + 1
    db.close()
