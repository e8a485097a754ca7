"""``aggregator outlet starter``: cards of outlets that let others republish."""

from typing import Annotated

import typer

from aggregator.cli.context import stdout
from aggregator.errors import ConfigError, UnknownOutletError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("starter")(starter)


def starter(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which to add; all if left out.")
    ] = None,
    *,
    add: Annotated[bool, typer.Option("--add", help="Write their cards, licences to be confirmed.")] = False,
    show: Annotated[bool, typer.Option("--list", help="List the pack and write nothing.")] = False,
) -> None:
    """List outlets that let others republish, or write their cards; each licence is yours to confirm.

    Example: `aggregator outlet starter --list`, `aggregator outlet starter --add global-voices sinc`
    """
    if add == show:
        raise typer.BadParameter("give --list or --add", param_hint="--list / --add")
    _add(names or []) if add else _list()


def _list() -> None:
    from rich.table import Table  # late: only the table pays for it

    from aggregator.outlets.starter import starters

    table = Table(box=None, pad_edge=False)
    for heading in ("name", "outlet", "language", "licence", "once confirmed", "to know"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "name")
    for slug, one in starters().items():
        rights = one.outlet.rights
        marks = (rights.mode.value, *(["verbatim"] if rights.verbatim else ()))
        marks += () if rights.automatic else ("by hand",)
        note = one.note if one.outlet.seeds else f"No feed known. {one.note}".strip()
        table.add_row(
            slug, one.outlet.name, one.outlet.language, rights.licence, ", ".join(marks), note
        )  # fmt: skip
    console = stdout()
    console.print(table)
    console.print("each licence is to be confirmed: links only until `aggregator rights confirm NAME`")


def _add(names: list[str]) -> None:
    from aggregator import config, outlets  # late: --help must not wait for them
    from aggregator.outlets.starter import starters

    pack, settings = starters(), config.settings()
    folder = settings.path(settings.outlets)
    if unknown := [name for name in names if name not in pack]:
        raise UnknownOutletError(
            f"{', '.join(unknown)}: not in the starter pack; `aggregator outlet starter --list` shows it"
        )
    if feedless := [name for name in names if not pack[name].outlet.seeds]:
        raise ConfigError(
            f"{', '.join(feedless)}: no feed is known; `aggregator outlet new URL` looks for one"
        )
    chosen = [name for name in names or pack if pack[name].outlet.seeds]
    there = [name for name in chosen if (folder / f"{name}.toml").exists()]
    for name in chosen:
        if name not in there:
            outlets.write(pack[name].outlet, folder)
            typer.echo(f"wrote {folder / name}.toml: licence to be confirmed, links only until then")
    for name in there:
        typer.echo(f"{name}: has a card already; left as it is")
    typer.echo("next: read their licence pages, then aggregator rights confirm NAME")
