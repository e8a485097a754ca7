"""The demo: invented outlets on this machine, and settings that keep their data apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.config import Settings

FOLDER = "demo-data"
# Somebody watches the front page fill: editions follow one another while the first crawl still runs.
PUBLISH_SECONDS = 3.0
# Its outlets correct and withdraw articles within minutes.
REVISIT_HOURS = (0.05, 0.1, 0.25, 0.5, 1.0, 6.0, 24.0)


@contextmanager
def demo_newsstand(settings: "Settings") -> Iterator["Settings"]:
    """Serve the demo outlets while the context is open; the settings to run on their cards.

    Database, pages, cards and lock stand in ``demo-data`` below the home folder, apart from real data.

    Raises:
        PortBusyError: a demo outlet's port is taken.
        ConfigError: the demo's own files are wrong.
    """
    from aggregator import newsstand  # late: only the demo serves outlets
    from aggregator.config import home

    folder = home() / FOLDER
    with newsstand.start(folder) as stand:
        stand.write_cards(folder / "outlets")
        yield demo_settings(settings)


def demo_settings(settings: "Settings") -> "Settings":
    """The settings on the demo's own data."""
    from aggregator.config import home  # late: --help must not wait for the settings' library

    folder = home() / FOLDER
    return settings.model_copy(
        update={
            "database": f"sqlite:///{folder / 'aggregator.sqlite3'}",
            "outlets": folder / "outlets",
            "pages": folder / "pages",
            "dumps": folder / "dumps",
            "pictures": folder / "pictures",
            "http_proxy": None,
            "crawl": settings.crawl.model_copy(update={"revisit_hours": REVISIT_HOURS}),
            "publish": settings.publish.model_copy(update={"every_minutes": PUBLISH_SECONDS / 60}),
        }
    )
