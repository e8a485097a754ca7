"""``aggregator user``: the people who may work at the desk."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, me, stdout
from aggregator.model.desk import Role

if TYPE_CHECKING:
    from datetime import datetime

    from aggregator.model.desk import Action
    from aggregator.store.engine import Database

_NAME = Annotated[str, typer.Argument(metavar="NAME", help="The name to log in with.")]
_ROLE_HELP = "viewer reads, editor also reviews, operator does everything."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    user = typer.Typer(no_args_is_help=True, help="The people who may work at the desk (/desk).")
    user.command("add")(add)
    user.command("list")(list_users)
    user.command("password")(password)
    user.command("role")(role)
    user.command("remove")(remove)
    app.add_typer(user, name="user")


def add(name: _NAME, *, role: Annotated[Role, typer.Option(help=_ROLE_HELP)] = Role.VIEWER) -> None:
    """Add somebody; the password is asked for, or read from standard input. The first one opens the desk.

    Example: `aggregator user add ada --role operator`

    Example: `pwgen 20 1 | aggregator user add ada --role viewer`
    """
    from aggregator import config, passwords  # late: --help must not wait for the store
    from aggregator.model.desk import Action
    from aggregator.store import desk_users

    known = desk_users.name_of(name)
    desk_users.check_name(known)
    chosen = _new_password(known)
    settings = config.settings()
    with database(settings) as db:
        desk_users.add(db, known, role, passwords.hashed(chosen), _now())
        _note(db, Action(me(), "user added", known, after=role.value))
    typer.echo(f"{known} may log in as {role.value}: {settings.site.base_url.rstrip('/')}/desk")


def list_users() -> None:
    """List the users with their roles, and who is locked out for now.

    Example: `aggregator user list`
    """
    from rich.table import Table  # late: --help must not wait for it

    from aggregator import config
    from aggregator.model.desk import account
    from aggregator.store import desk_logins, desk_users

    with database(config.settings()) as db:
        users = desk_users.every(db)
        locked = desk_logins.locked(db, _now())
    if not users:
        typer.echo("nobody may log in yet, so there is no desk; `aggregator user add NAME --role operator`")
        return
    table = Table("name", "role", "added", "logged in", "locked until")
    for one in users:
        attempts = locked.get(account(one.name))
        table.add_row(
            one.name,
            one.role.value,
            _minute(one.added_at),
            _minute(one.logged_in_at),
            _minute(attempts.locked_until) if attempts else "",
        )
    stdout().print(table)


def password(name: _NAME) -> None:
    """Give somebody another password; whoever is logged in under that name is logged out.

    Example: `aggregator user password ada`
    """
    from aggregator import config, passwords  # late: --help must not wait for the store
    from aggregator.model.desk import Action
    from aggregator.store import desk_users

    known = desk_users.name_of(name)
    with database(config.settings()) as db:
        if desk_users.to_verify(db, known) is None:
            raise desk_users.unknown(known)
        desk_users.set_password(db, known, passwords.hashed(_new_password(known)))
        _note(db, Action(me(), "password changed", known))
    typer.echo(f"{known} has a new password")


def role(name: _NAME, new: Annotated[Role, typer.Argument(metavar="ROLE", help=_ROLE_HELP)]) -> None:
    """Give somebody another role; whoever is logged in under that name is logged out.

    Example: `aggregator user role ada editor`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.model.desk import Action
    from aggregator.store import desk_users

    known = desk_users.name_of(name)
    with database(config.settings()) as db:
        before = desk_users.set_role(db, known, new)
        _note(db, Action(me(), "role changed", known, before.role.value, new.value))
    typer.echo(f"{known} was {before.role.value} and is {new.value}")


def remove(name: _NAME) -> None:
    """Remove somebody; what they did stays in the log.

    Example: `aggregator user remove ada`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.model.desk import Action
    from aggregator.store import desk_users

    known = desk_users.name_of(name)
    with database(config.settings()) as db:
        gone = desk_users.remove(db, known)
        _note(db, Action(me(), "user removed", known, before=gone.role.value))
    typer.echo(f"{known} may not log in any more")


def _new_password(name: str) -> str:
    from aggregator import passwords  # late: --help must not wait for Argon2

    if sys.stdin.isatty():
        chosen = str(typer.prompt("password", hide_input=True, confirmation_prompt=True))
    else:
        chosen = sys.stdin.readline().rstrip("\r\n")
    passwords.check(name, chosen)
    return chosen


def _note(db: "Database", action: "Action") -> None:
    from aggregator.store import audit  # late: as above

    audit.note(db, action, _now())


def _now() -> "datetime":
    from aggregator import clock  # late: as above

    return clock.now()


def _minute(moment: "datetime | None") -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
