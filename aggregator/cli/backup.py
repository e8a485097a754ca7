"""``aggregator backup`` and ``restore``: all that an installation holds, copied and laid out again."""

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import steps

if TYPE_CHECKING:
    from aggregator.safekeeping import Contents

_Place = Annotated[
    Path, typer.Argument(metavar="DIR|FILE.tar", help="A new folder, or a file: .tar or .tar.gz.")
]
_Made = Annotated[Path, typer.Argument(metavar="DIR|FILE.tar", help="What `aggregator backup` made.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    place: _Place,
    *,
    pages: Annotated[
        bool,
        typer.Option("--pages/--no-pages", help="With every page as it was fetched; mostly the largest."),
    ] = True,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="With our copies of pictures.")
    ] = True,
    secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Leave passwords and secrets in the settings file.")
    ] = False,
) -> None:
    """Copy database, cards, phrases, kept pages, pictures and settings, while all goes on working.

    An older backup of the same name gives way once the new one is whole and checked.

    Examples: `aggregator backup /mnt/backups/monday`, `aggregator backup news.tar --no-pages`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.safekeeping import Choice, back_up
    from aggregator.safekeeping.backup import refuse_missing
    from aggregator.store.engine import Database

    settings = config.settings()
    refuse_missing(settings)
    choice = Choice(pages, pictures, secrets)
    # A file is copied as it is: a backup before an upgrade must not bring the tables up to date.
    is_file = settings.database_file is not None
    with (
        closing(Database.open(settings.database_url, migrate=not is_file)) as db,
        steps(context) as on_progress,
    ):
        made = back_up(db, settings, place, choice, progress=on_progress)
    typer.echo(f"{place}: {_summary(made)}")
    if made.withheld:
        typer.echo(
            f"Without secrets ({', '.join(made.withheld)}): keep them elsewhere, or say --with-secrets"
        )


def restore(
    context: typer.Context,
    place: _Made,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only read and verify it; nothing is changed.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Where something is already: move it aside, and restore.")
    ] = False,
) -> None:
    """Lay out a backup where the settings of this folder have database, cards, pages and pictures.

    Into another folder: `AGGREGATOR_HOME=/srv/new aggregator restore /mnt/backups/monday`. Whatever kind of
    database it was made from, it goes into the one that `database` names.

    Example: `aggregator restore --check /mnt/backups/monday`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.safekeeping import opened, verify
    from aggregator.safekeeping import restore as lay_out

    with opened(place) as (contents, files), steps(context) as on_progress:
        if check:
            with tempfile.TemporaryDirectory() as scratch:
                verify(contents, files, Path(scratch), progress=on_progress)
            done = None
        else:
            done = lay_out(contents, files, config.settings(), replace=replace, progress=on_progress)
    typer.echo(f"{place}: {_summary(contents)}; {'whole' if done is None else f'restored to {done.where}'}")
    if done is None:
        return
    for path in done.moved:
        typer.echo(f"Moved aside: {path}")
    if contents.left_out:
        typer.echo(f"The backup was made without {' and '.join(contents.left_out)}")
    if done.settings is not None:
        typer.echo(f"Settings: {done.settings}")
    if contents.withheld:
        typer.echo(f"Secrets to set again: {', '.join(contents.withheld)}")
    typer.echo(f"What was taken down after {contents.as_of:%Y-%m-%d %H:%M} UTC is back: take it down again")


def _summary(made: "Contents") -> str:
    return (
        f"{made.rows.get('article', 0)} articles, {sum(made.rows.values())} rows, {len(made.parts)} files, "
        f"{made.size_bytes} bytes, as of {made.as_of:%Y-%m-%d %H:%M:%S} UTC"
    )
