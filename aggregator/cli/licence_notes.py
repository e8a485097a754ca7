"""What the watch over licence pages has to say, for commands that list outlets."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aggregator.cli.context import database
from aggregator.cli.taught import is_there

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.model.outlet import Outlet


def notes(settings: "Settings", outlets: "Iterable[Outlet]") -> dict[str, tuple[str, ...]]:
    """For each outlet that is paused to links by its licence page, why; nothing where no database is yet."""
    if not is_there(settings):
        return {}
    from aggregator import clock  # late: most folders have no such outlet
    from aggregator.model.decision import LicenceState
    from aggregator.publish import licence_watch
    from aggregator.store import licence_pages

    with database(settings) as db:
        pages = licence_pages.every(db)
    now = clock.now()
    found: dict[str, tuple[str, ...]] = {}
    for outlet in outlets:
        page = pages.get(outlet.slug)
        if page is None or licence_watch.state(outlet.rights, page, now) is not LicenceState.CHANGED:
            continue
        since = page.changed_at or page.failed_at
        what = "changed" if page.changed_at else f"cannot be read ({page.failure})"
        words = f"the licence page {page.url} {what}, seen {since:%Y-%m-%d}"
        found[outlet.slug] = (f"rights: {words}: links only until `aggregator rights confirm {outlet.slug}`",)
    return found
