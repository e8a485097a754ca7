"""``aggregator article``: one stored article, with its original, copies, revisions and story."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, stdout

if TYPE_CHECKING:
    from aggregator.facts import Facts

_PIPE_CHARS = 160


def register(app: typer.Typer) -> None:
    """Add the commands."""
    article = typer.Typer(no_args_is_help=True, help="Look at one stored article.")
    article.command("show")(show)
    app.add_typer(article, name="article")


def show(
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="Its address here or there, or its id.")],
    *,
    diff: Annotated[
        int | None,
        typer.Option(metavar="N", min=2, help="Show what revision N changed, sentence by sentence."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Show an article: dates, state, agency, its original and copies with the evidence, revisions, story.

    Example: `aggregator article show https://www.example.org/news/1`

    Example: `aggregator article show 17 --diff 2`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator import facts as article_facts
    from aggregator.cli import article_print

    settings = config.settings()
    with database(settings) as db:
        facts = article_facts.read(db, settings, article)
    revision = _revision(facts, diff) if diff is not None else None
    if as_json:
        typer.echo(json.dumps(article_facts.as_json(facts, revision), ensure_ascii=False, indent=2))
        return
    console = stdout()
    if not console.is_terminal:
        console.width = max(console.width, _PIPE_CHARS)
    article_print.print_facts(console, facts, revision)


def _revision(facts: "Facts", number: int) -> int:
    known = [each.number for each in facts.versions]
    if number not in known:
        raise typer.BadParameter(
            f"the article has {len(known)} version{'' if len(known) == 1 else 's'}; "
            f"{'name one from 2 on' if len(known) > 1 else 'nothing was changed yet'}",
            param_hint="--diff",
        )
    return number
