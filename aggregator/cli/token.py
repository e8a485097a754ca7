"""``aggregator token``: tokens with which programs work at the desk."""

from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.context import database, me, stdout

_NAME = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")]
_DAYS = 90


def register(app: typer.Typer) -> None:
    """Add the commands."""
    token = typer.Typer(no_args_is_help=True, help="Tokens for programs that work at the desk.")
    token.command("add")(add)
    token.command("list")(list_tokens)
    token.command("revoke")(revoke)
    app.add_typer(token, name="token")


def add(
    name: _NAME,
    *,
    scope: Annotated[
        list[str],
        typer.Option(help="A right: read, review, outlets, takedown or audit; again for more."),
    ],
    days: Annotated[int, typer.Option(min=0, max=3650, help="How long it is good; 0 for ever.")] = _DAYS,
) -> None:
    """Make a token and print it, once: only its hash is stored.

    Example: `aggregator token add wall-screen --scope read --days 30`
    """
    from aggregator import clock, config, passwords  # late: --help must not wait for the store
    from aggregator.model.desk import Action, Token
    from aggregator.store import audit, desk_tokens

    now = clock.now()
    scopes = desk_tokens.scopes_of(scope)
    expires = now + timedelta(days=days) if days else None
    secret = passwords.secret()
    with database(config.settings()) as db:
        desk_tokens.add(db, Token(0, name, scopes, now, me(), expires), passwords.digest(secret))
        audit.note(db, Action(me(), "token added", name, after=", ".join(sorted(scopes))), now)
    typer.echo(secret)
    typer.echo(
        f"Send it as `Authorization: Bearer …`; good until "
        f"{f'{expires:%Y-%m-%d %H:%M}' if expires else 'it is revoked'}. It is not shown again.",
        err=True,
    )


def list_tokens() -> None:
    """List the tokens: what they may do, until when, when they were used last.

    Example: `aggregator token list`
    """
    from rich.table import Table  # late: --help must not wait for it

    from aggregator import clock, config
    from aggregator.store import desk_tokens

    with database(config.settings()) as db:
        tokens = desk_tokens.every(db)
    if not tokens:
        typer.echo("there are no tokens; `aggregator token add NAME --scope read` makes one")
        return
    now = clock.now()
    table = Table("name", "scopes", "made", "by", "until", "used")
    for one in tokens:
        until = f"{one.expires_at:%Y-%m-%d}" if one.expires_at else "for ever"
        state = until if one.is_good(now) else "revoked" if one.revoked_at else "over"
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never"
        table.add_row(
            one.name, ", ".join(sorted(one.scopes)), f"{one.added_at:%Y-%m-%d}", one.added_by, state, used
        )
    stdout().print(table)


def revoke(name: _NAME) -> None:
    """Revoke a token: it opens nothing from now on.

    Example: `aggregator token revoke wall-screen`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.model.desk import Action
    from aggregator.store import audit, desk_tokens

    now = clock.now()
    with database(config.settings()) as db:
        ended = desk_tokens.revoke(db, name, now)
        if ended:
            audit.note(db, Action(me(), "token revoked", name), now)
    typer.echo(f"{name} is revoked" if ended else f"{name} was revoked or over already")
