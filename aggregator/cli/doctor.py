"""``aggregator doctor``: what is wrong with this installation, and what to do about it."""

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import options, stderr, stdout

if TYPE_CHECKING:
    from aggregator.doctor import Complaint


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    *,
    network: Annotated[
        bool, typer.Option("--network", help="Also connect to the hosts of seeds and to the mail server.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list instead of lines.")] = False,
) -> None:
    """Check set-up, versions, disk, clock, database, cards, scheduler and network; tells what to do.

    Ends with 1 if there is an error, with 0 if there are warnings only. Changes nothing.

    Examples: `aggregator doctor`, `aggregator doctor --network --json`
    """
    from aggregator import clock  # late: --help must not wait for the store
    from aggregator.doctor import Grade, examine

    console = stderr()
    shows = options(context).shows_progress and console.is_terminal and not as_json
    with console.status("starts") if shows else nullcontext() as status:

        def on_step(step: str) -> None:
            if status is not None:
                status.update(step)

        found = list(examine(clock.now(), asks_network=network, progress=on_step))
    if as_json:
        typer.echo(json.dumps([_told(each) for each in found], ensure_ascii=False, indent=1))
    else:
        _print(found)
    if any(each.grade is Grade.ERROR for each in found):
        raise typer.Exit(1)


def _told(found: "Complaint") -> dict[str, str]:
    return {
        "code": found.ailment.value,
        "grade": found.grade.value,
        "where": found.where,
        "what": found.what,
        "remedy": found.remedy,
    }


def _print(found: "list[Complaint]") -> None:
    out = stdout()
    for each in found:
        out.print(
            f"{each.grade.value} {each.ailment.value} {each.where}: {each.what}", markup=False, soft_wrap=True
        )
        out.print(f"    {each.remedy}", markup=False, soft_wrap=True)
    if not found:
        out.print("All is well", markup=False)
        return
    errors = sum(each.grade.value == "error" for each in found)
    out.print(f"errors: {errors}, warnings: {len(found) - errors}", markup=False)
