"""``aggregator audit``: what was done at the desk, by whom."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database

if TYPE_CHECKING:
    from aggregator.model.desk import Noted

_LONGEST_CHARS = 100


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many of the last ones.")] = 50,
    who: Annotated[str | None, typer.Option(help="Only what this user did, or `token:NAME`.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only what was done to this outlet or article.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
) -> None:
    """Print the log of the desk, newest first: who did what, when, what it was before and after.

    Example: `aggregator audit --who ada --limit 10`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store.audit import entries

    with database(config.settings()) as db:
        found = entries(db, limit=limit, who=who, subject=subject)
    if as_json:
        for one in found:
            typer.echo(json.dumps(_row(one), ensure_ascii=False))
        return
    if not found:
        typer.echo("nothing is noted")
    for one in found:
        typer.echo(_line(one))


def _row(one: "Noted") -> dict[str, object]:
    action = one.action
    return {
        "number": one.id,
        "at": one.at.isoformat(),
        "who": action.who,
        "action": action.action,
        "subject": action.subject,
        "before": action.before,
        "after": action.after,
        "outcome": action.outcome.value,
    }


def _line(one: "Noted") -> str:
    action = one.action
    change = " -> ".join(_short(text) for text in (action.before, action.after) if text)
    parts = (f"{one.at:%Y-%m-%d %H:%M:%S}", action.who, action.action, action.subject, change)
    outcome = "" if action.outcome.value == "done" else f"({action.outcome.value})"
    return "  ".join(part for part in (*parts, outcome) if part)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CHARS else line[: _LONGEST_CHARS - 1] + "…"
