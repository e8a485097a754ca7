"""``aggregator takedown``: withdraw an article in one action, or undo that."""

from typing import Annotated

import typer

from aggregator.cli.context import database


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("takedown")(takedown)


def takedown(
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="Its address here or there, or its id.")],
    *,
    reason: Annotated[str | None, typer.Option(help="Why; readers see it on the page that is gone.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring a withdrawn article back.")] = False,
) -> None:
    """Withdraw an article: its page answers 410 and it never comes back.

    Example: `aggregator takedown 17 --reason "asked by the outlet"`
    """
    if not undo and not (reason and reason.strip()):
        raise typer.BadParameter("say why with --reason", param_hint="--reason")
    from aggregator import clock, config, publishing  # late: --help must not wait for the store

    settings = config.settings()
    with database(settings) as db:
        if undo:
            publication = publishing.restore(db, settings, article)
            typer.echo(f"the takedown of article {publication} is undone")
        else:
            publication = publishing.withdraw(db, settings, article, (reason or "").strip(), clock.now())
            typer.echo(f"article {publication} is withdrawn; --undo brings it back")
