"""``aggregator prune``: what is older than it is to be kept."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.context import database, me, steps
from aggregator.model.outlet import RightsMode

if TYPE_CHECKING:
    from aggregator.pruning import Plan


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("prune")(prune)


def prune(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    *,
    days: Annotated[
        float, typer.Option("--older-than", metavar="DAYS", min=1, help="What is older than so many days.")
    ],
    outlet: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="SLUG", help="Only of this outlet; or of several."),
    ] = None,
    rights: Annotated[
        list[RightsMode] | None,
        typer.Option("--rights", help="Only of outlets whose articles go out so; or of several modes."),
    ] = None,
    pages: Annotated[bool, typer.Option("--pages/--no-pages", help="Kept pages of the archive.")] = True,
    history: Annotated[
        bool, typer.Option("--history/--no-history", help="Rows of fetches, visits and hours.")
    ] = True,
    published: Annotated[
        bool, typer.Option("--published", help="Also the pages of articles that are out.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only what would go is told.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a line.")] = False,
) -> None:
    """Remove kept pages and records of crawls that are older than they are to be kept.

    Only tells what would go, unless you say `--yes`. No article and nothing that is out is removed.

    Examples: `aggregator prune --older-than 90`, `aggregator prune --older-than 30 --no-history --yes`
    """
    from datetime import timedelta

    from aggregator import clock, config, pruning  # late: --help must not wait for the store
    from aggregator.store.pruning import Scope

    settings = config.settings()
    before = clock.now() - timedelta(days=days)
    scope = Scope(before, tuple(outlet or ()), tuple(rights or ()), with_published=published)
    with database(settings) as db, steps(context) as on_progress:
        plan = pruning.planned(db, settings, scope, pages=pages, history=history)
        if yes:
            pruning.prune(db, settings, scope, plan, who=me(), progress=on_progress)
    if as_json:
        typer.echo(json.dumps({"done": yes, "before": before.isoformat(), **_facts(plan)}, indent=1))
        return
    typer.echo(f"{'Gone' if yes else 'Would go'}: {plan}")
    if not yes:
        typer.echo("Nothing was changed; --yes does it")


def _facts(plan: "Plan") -> dict[str, Any]:
    return {
        "pages": plan.pages,
        "erased_pages": plan.erased_pages,
        "erased_bytes": plan.erased_bytes,
        "files": list(plan.whole),
        "freed_bytes": plan.freed_bytes,
        "rows": dict(plan.rows),
    }
