"""``aggregator pictures``: our copies of the pictures that articles are out with."""

from typing import TYPE_CHECKING

import typer

from aggregator.cli.context import database, stdout

if TYPE_CHECKING:
    from collections import Counter

commands = typer.Typer(no_args_is_help=True, help="Our copies of pictures: what came, what did not, and why.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="pictures")


@commands.command("list")
def count_pictures() -> None:
    """Count the pictures that are kept, and those that are not by reason.

    Example: `aggregator pictures list`
    """
    from aggregator import config  # late: --help must not wait for the settings' library
    from aggregator.store import pictures

    with database(config.settings()) as db:
        _print(pictures.counts(db), "no picture was asked for yet; cards allow them by `images = true`")


@commands.command("fetch")
def fetch_pictures() -> None:
    """Fetch what is wanted now, and remove the files that no article is out with any more.

    `aggregator run` does both by itself. Example: `aggregator pictures fetch`
    """
    from aggregator import config, outlets, picturing  # late, as above

    settings = config.settings()
    cards, _ = outlets.load_good(settings.path(settings.outlets))
    with database(settings) as db:
        _print(picturing.fetch(db, settings, cards.values()), "no picture is wanted")
        typer.echo(f"files removed: {picturing.sweep(db, settings)}")


def _print(counted: "Counter[str]", nothing: str) -> None:
    from rich.table import Table  # late: --help must not wait for it

    if not counted:
        typer.echo(nothing)
        return
    table = Table("pictures", "how they ended")
    for reason, number in counted.most_common():
        table.add_row(str(number), reason)
    stdout().print(table)
