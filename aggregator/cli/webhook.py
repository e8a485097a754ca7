"""``aggregator webhook``: who is told of publications, and whether it arrives."""

from typing import Annotated

import typer

from aggregator.cli.context import database, stdout


def register(app: typer.Typer) -> None:
    """Add the commands."""
    webhook = typer.Typer(
        name="webhook", help="Webhooks and WebSub hubs: how deliveries stand.", no_args_is_help=True
    )
    webhook.command("list")(list_all)
    webhook.command("test")(test)
    webhook.command("retry")(retry)
    app.add_typer(webhook)


def list_all() -> None:
    """List webhooks and hubs with what waits, arrived, failed, and the last trouble.

    Example: `aggregator webhook list`
    """
    from rich.table import Table  # late: --help must not wait for these

    from aggregator import config
    from aggregator.delivering import targets
    from aggregator.model.delivery import DeliveryState
    from aggregator.store import outbox

    settings = config.settings()
    with database(settings) as db:
        known = outbox.standings(db)
    wanted = targets(settings)
    table = Table("target", "events", *(state.value for state in DeliveryState), "next", "last trouble")
    for name in sorted(known.keys() | wanted.keys()):
        standing = known.get(name)
        counts = [str(standing.counts.get(state, 0)) if standing else "0" for state in DeliveryState]
        kinds = ", ".join(wanted[name]) if name in wanted else "(not in the settings)"
        due = f"{standing.next_at:%Y-%m-%d %H:%M:%S}" if standing and standing.next_at else ""
        table.add_row(name, kinds, *counts, due, (standing.detail if standing else None) or "")
    if table.row_count:
        stdout().print(table)
    else:
        typer.echo("no webhooks and no hubs; docs/settings.md tells how to set one ([webhooks.NAME])")


def test(name: Annotated[str, typer.Argument(help="The webhook's name in the settings.")]) -> None:
    """Send a webhook a signed event of the type `test`. Ends with 1 if it does not take it.

    Example: `aggregator webhook test cms`
    """
    from aggregator import clock, config, delivering  # late: --help must not wait for these
    from aggregator.errors import ConfigError

    settings = config.settings()
    if name not in settings.webhooks:
        raise ConfigError(f"{name}: the settings have no such webhook; `aggregator webhook list` lists all")
    trouble = delivering.try_out(settings, name, clock.now())
    typer.echo(f"{name}: {trouble or 'it took the event'}")
    if trouble:
        raise typer.Exit(1)


def retry(
    name: Annotated[str | None, typer.Argument(help="A webhook or a hub; all of them without.")] = None,
) -> None:
    """Send now what waits or has failed.

    Example: `aggregator webhook retry cms`
    """
    from aggregator import clock, config, delivering  # late: --help must not wait for these
    from aggregator.store import outbox

    settings = config.settings()
    with database(settings) as db:
        count = outbox.retry(db, name, clock.now())
        ended = delivering.deliver(db, settings, clock.now())
    told = ", ".join(f"{number} {state.value}" for state, number in sorted(ended.items())) or "nothing sent"
    typer.echo(f"{count} made due; {told}")
