"""``aggregator takedowns``: the log of takedowns, and the requests from the public form."""

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, me, stdout
from aggregator.cli.takedown import told

if TYPE_CHECKING:
    from aggregator.model.takedown import Takedown

commands = typer.Typer(no_args_is_help=True, help="The log of takedowns, and the requests for them.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="takedowns")


@commands.command("list")
def list_takedowns(
    *, limit: Annotated[int, typer.Option(min=1, help="How many of the last ones.")] = 50
) -> None:
    """List the last takedowns: who, when, why, how long it took, how many articles.

    Example: `aggregator takedowns list --limit 10`
    """
    from rich.table import Table  # late: --help must not wait for it

    from aggregator import config
    from aggregator.store import takedowns

    with database(config.settings()) as db:
        found = takedowns.log(db, limit)
    if not found:
        typer.echo("nothing was taken down yet")
        return
    table = Table("no.", "what", "articles", "done", "took", "by", "state", "reason")
    for one in found:
        what = f"{one.order.scope} {one.order.subject}".strip()
        when = f"{one.done_at:%Y-%m-%d %H:%M}"
        row = (str(one.id), what, str(len(one.article_ids)), when, str(one.took), one.order.ordered_by)
        table.add_row(*row, _state(one), one.order.reason)
    stdout().print(table)


def _state(takedown: "Takedown") -> str:
    if takedown.undone_at is not None:
        return f"undone {takedown.undone_at:%Y-%m-%d}"
    if takedown.erased_at is not None:
        return "erased"
    return f"undo until {takedown.undo_until:%Y-%m-%d}"


@commands.command("requests")
def list_requests(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Answered ones, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many, the oldest first.")] = 50,
) -> None:
    """List what people asked for by the form on the site.

    Example: `aggregator takedowns requests`
    """
    from aggregator import config  # late, as above
    from aggregator.model.takedown import RequestState
    from aggregator.store import takedown_requests

    state = None if everything else RequestState.OPEN
    with database(config.settings()) as db:
        found = takedown_requests.requests(db, state, limit)
    if not found:
        typer.echo("no request waits for an answer" if state else "nobody has asked for anything")
    for one in found:
        wish = one.wish
        typer.echo(f"request {one.id}, {one.asked_at:%Y-%m-%d %H:%M}, {one.state}: {wish.address}")
        typer.echo(f"  from {wish.name or '-'} <{wish.contact or '-'}>: {wish.reason}")


@commands.command("grant")
def grant(
    request: Annotated[int, typer.Argument(help="The request's number.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; readers see it on the page that is gone.")],
    ordered_by: Annotated[
        str | None, typer.Option("--by", help="Who grants it, for the log; you by default.")
    ] = None,
) -> None:
    """Take down what a request asks for.

    Example: `aggregator takedowns grant 3 --reason "asked by the author"`
    """
    from aggregator import clock, config, withdrawing  # late, as above
    from aggregator.model.takedown import Order, TakedownScope

    settings = config.settings()
    order = Order(TakedownScope.ARTICLE, "", reason, ordered_by or me())
    with database(settings) as db:
        typer.echo(told(withdrawing.grant(db, settings, request, order, clock.now())))


@commands.command("refuse")
def refuse(
    request: Annotated[int, typer.Argument(help="The request's number.")],
    *,
    why: Annotated[str, typer.Option(help="Why, for the log.")],
) -> None:
    """Refuse a request; nothing is taken down, and nobody is written to.

    Example: `aggregator takedowns refuse 3 --why "not an article of ours"`
    """
    from aggregator import clock, config  # late, as above
    from aggregator.store import takedown_requests

    with database(config.settings()) as db:
        takedown_requests.refuse(db, request, why, clock.now())
    typer.echo(f"request {request} is refused")


@commands.command("erase")
def erase() -> None:
    """Erase for good what was taken down over 30 days ago; the scheduler does so every day.

    Example: `aggregator takedowns erase`
    """
    from aggregator import clock, config, withdrawing  # late, as above

    with database(config.settings()) as db:
        done = withdrawing.erase_due(db, clock.now())
    typer.echo(f"{done} takedown{'' if done == 1 else 's'} erased for good")
