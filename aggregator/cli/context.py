"""What every command has at hand: the global options, the settings, the open database."""

import getpass
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aggregator.errors import ConfigError
from aggregator.logs import LogFormat

if TYPE_CHECKING:
    from rich.console import Console

    from aggregator.config import Settings
    from aggregator.model.outlet import Outlet
    from aggregator.store.engine import Database


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """The options before the command; ``shows_progress`` is false where nobody watches."""

    log: LogFormat = LogFormat.TEXT
    quiet: bool = False

    @property
    def shows_progress(self) -> bool:
        """Whether bars and tables are wanted: not in logs for machines, and not when told to be quiet."""
        return self.log is LogFormat.TEXT and not self.quiet


def options(context: typer.Context) -> Options:
    """The global options of this call."""
    found = context.find_object(Options)
    return found if found is not None else Options()


def me() -> str:
    """The person at the keyboard, as the log names them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "operator"


def use_config(file: Path | None) -> None:
    """Read the settings from this file, here and in the processes that we start.

    Raises:
        ConfigError: there is no such file.
    """
    if file is None:
        return
    if not file.is_file():
        raise ConfigError(f"{file}: no such settings file; name an aggregator.toml with --config")
    os.environ["AGGREGATOR_CONFIG"] = str(file.resolve())


@contextmanager
def database(settings: "Settings") -> Iterator["Database"]:
    """The settings' database, open and up to date."""
    from aggregator.store.engine import Database  # late: --help must not wait for SQLAlchemy

    db = Database.open(settings.database_url)
    try:
        yield db
    finally:
        db.close()


def tell_of_rebuild(db: "Database") -> None:
    """Say so if stored articles cannot be found by their texts."""
    from aggregator.store import near_rebuild  # late: --help must not wait for the store

    if waiting := near_rebuild.waiting(db):
        words = "%d stored articles cannot be found by their texts yet, so copies of them may come twice; "
        _log.warning(words + "run `aggregator dedupe rebuild`", waiting)


def good_cards(settings: "Settings", *wanted: str) -> "dict[str, Outlet]":
    """All outlets by slug; a wrong card is told on standard error and left out.

    Raises:
        CardError: the card of an outlet in ``wanted`` is wrong.
        ConfigError: there is no folder of cards.
    """
    from aggregator import outlets  # late: --help must not wait for the cards' library

    good, wrong = outlets.load_good(settings.path(settings.outlets))
    for error in wrong:
        if any(f"{slug}.toml:" in str(error) for slug in wanted):
            raise error
        logging.getLogger(__name__).warning("%s (this outlet is left out)", error)
    if not (good or wrong):
        folder = settings.path(settings.outlets)
        logging.getLogger(__name__).warning(
            "%s: no outlet cards yet; `aggregator outlet new URL` makes one", folder
        )
    return good


def stdout() -> "Console":
    """Where results go."""
    from rich.console import Console  # late: only commands that print pay for it

    return Console(highlight=False)


def stderr() -> "Console":
    """Where progress goes, so that results can be piped."""
    from rich.console import Console  # late: only commands that show progress pay for it

    return Console(stderr=True, highlight=False)


@contextmanager
def steps(context: typer.Context) -> Iterator[Callable[[str, int], None]]:
    """What is being done, and how far it is, on a terminal."""
    from rich.progress import Progress, SpinnerColumn, TextColumn  # late: --help must not wait for these

    console = stderr()
    is_silent = not (options(context).shows_progress and console.is_terminal)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=is_silent) as bars:
        task = bars.add_task("starts")

        def on_progress(what: str, count: int) -> None:
            bars.update(task, description=f"{what}: {count}" if count else what)

        yield on_progress
