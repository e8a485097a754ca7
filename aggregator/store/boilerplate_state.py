"""What becomes of a learned line, in SQL: for the dump, which copies tables row by row.

``Learned.state`` is the rule; a test holds both against each other.
"""

from sqlalchemy import ColumnElement, case

from aggregator.extract.learned import LEAST_PAGES, SHADOW_PAGES
from aggregator.extract.tally import GENERATION_PAGES
from aggregator.model.boilerplate import LineState, Ruling
from aggregator.store.schema import BoilerplateLineRow as Line
from aggregator.store.schema import BoilerplateOutletRow as Outlet


def boilerplate_state() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[str]]:
    """Pages that hold a line, the last pages that count, and its state, of a line joined to its outlet."""
    now = Outlet.pages // GENERATION_PAGES
    of_pages = case((now > 1, Outlet.pages - (now - 1) * GENERATION_PAGES), else_=Outlet.pages)
    pages = case(
        (Line.generation == now, Line.recent + Line.earlier),
        (Line.generation == now - 1, Line.recent),
        else_=0,
    )
    state = case(
        (Line.ruling == Ruling.KEEP.value, LineState.KEPT.value),
        (Line.ruling == Ruling.DROP.value, LineState.DROPPED.value),
        ((pages < LEAST_PAGES) | (pages < Line.needs * of_pages), LineState.COUNTED.value),
        (Outlet.pages < SHADOW_PAGES, LineState.SHADOW.value),
        else_=LineState.ACTIVE.value,
    )
    return pages, of_pages, state
