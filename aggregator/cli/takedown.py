"""``aggregator takedown``: take an article, an author or an outlet down in one action, or undo that."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, me

if TYPE_CHECKING:
    from aggregator.model.takedown import Order, Takedown


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("takedown")(takedown)


def takedown(
    article: Annotated[
        str | None, typer.Argument(metavar="URL|ID", help="Its address here or there, or its id.")
    ] = None,
    *,
    reason: Annotated[str | None, typer.Option(help="Why; readers see it on the page that is gone.")] = None,
    author: Annotated[
        str | None, typer.Option(help="Instead: all articles with this name in the byline.")
    ] = None,
    outlet: Annotated[
        str | None, typer.Option(help="Instead: all articles of the outlet with this slug.")
    ] = None,
    ordered_by: Annotated[
        str | None, typer.Option("--by", help="Who orders it, for the log; you by default.")
    ] = None,
    asked: Annotated[
        datetime | None, typer.Option(help="When it was asked for (UTC), for the time that it took.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what was taken down, within 30 days.")
    ] = False,
) -> None:
    """Take something down: gone from site, feeds, search, dump and archive, and never taken in again.

    Example: `aggregator takedown 17 --reason "asked by the outlet"`

    Example: `aggregator takedown --author "Ada Quay" --reason "asked by the author" --asked 2026-03-01T09:30`
    """
    if sum(each is not None for each in (article, author, outlet)) != 1:
        raise typer.BadParameter("name one of URL|ID, --author, --outlet", param_hint="URL|ID")
    if not undo and not (reason and reason.strip()):
        raise typer.BadParameter("say why with --reason", param_hint="--reason")
    from aggregator import clock, config, withdrawing  # late: --help must not wait for the store

    settings = config.settings()
    order = _order(author, outlet, (reason or "").strip(), ordered_by)
    if asked is not None:
        order = _asked(order, asked)
    act = withdrawing.undo if undo else withdrawing.take_down
    with database(settings) as db:
        done = act(db, settings, order, article or "", clock.now())
    typer.echo(told(done))


def _order(author: str | None, outlet: str | None, reason: str, ordered_by: str | None) -> "Order":
    from aggregator.model.takedown import Order, TakedownScope  # late, as above

    scope = TakedownScope.AUTHOR if author else TakedownScope.OUTLET if outlet else TakedownScope.ARTICLE
    return Order(scope, author or outlet or "", reason, ordered_by or me())


def _asked(order: "Order", asked: datetime) -> "Order":
    from dataclasses import replace  # late, as above

    from aggregator import clock

    moment = clock.to_utc(asked)
    if moment > clock.now():
        raise typer.BadParameter("this moment has not come yet", param_hint="--asked")
    return replace(order, asked_at=moment)


def told(done: "Takedown") -> str:
    """What was done, in a line or two."""
    count = f"{len(done.article_ids)} article{'' if len(done.article_ids) == 1 else 's'}"
    if done.undone_at is not None:
        return f"takedown {done.id} is undone: {count} back; the next crawl brings their pages"
    return (
        f"takedown {done.id}: {count} gone; took {done.took} from being asked\n"
        f"--undo brings it back until {done.undo_until:%Y-%m-%d}"
    )
