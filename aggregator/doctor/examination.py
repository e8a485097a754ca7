"""An examination: every check, in the order in which one would ask."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from aggregator.config import Settings, config_file, load
from aggregator.doctor import clocks, network, outlets, places, program, scheduling, storing
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.errors import ConfigError
from aggregator.model.outlet import Outlet
from aggregator.store.engine import Database
from aggregator.store.lock import is_held


def examine(
    now: datetime, *, asks_network: bool = False, progress: Callable[[str], None] = lambda _step: None
) -> Iterator[Complaint]:
    """What is wrong with the installation of this folder; nothing is changed.

    Beyond the database's server nothing is asked, unless ``asks_network``: then the hosts of seeds and the
    mail server are connected to, and no page is asked for.
    """
    progress("program")
    yield from program.program()
    progress("settings")
    yield from places.secrets()
    try:
        settings = load()
    except ConfigError as error:
        yield Complaint(Ailment.SETTINGS_WRONG, str(config_file()), str(error), "docs/settings.md lists all")
        return
    progress("places")
    yield from places.places(settings, now)
    progress("cards")
    good, found = outlets.read(settings)
    yield from found
    is_served = False
    with storing.opened(settings) as db:
        if isinstance(db, Complaint):
            yield db
        else:
            progress("database")
            is_served = is_held(db)
            yield from _stored(db, settings, good, now)
    progress("network")
    yield from network.address(settings.site, is_served=is_served)
    if asks_network:
        yield from network.beyond(settings, good)


def _stored(
    db: Database, settings: Settings, good: Mapping[str, Outlet], now: datetime
) -> Iterator[Complaint]:
    wrong = [*storing.version(db), *storing.soundness(db)]
    yield from wrong
    if wrong:  # other tables, or none that can be read
        return
    yield from storing.rebuilds(db)
    yield from clocks.future(db, now)
    yield from clocks.skew(db, settings.path(settings.pages), good, now)
    yield from outlets.robots(db, good, settings.crawl.user_agent)
    yield from scheduling.scheduler(db, good, now)
    yield from scheduling.dead_runs(db, now)
    yield from scheduling.unseen(db)
