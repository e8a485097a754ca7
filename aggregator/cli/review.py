"""``aggregator review``: the articles that wait for a person, and what the person says."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, stdout
from aggregator.errors import UnknownArticleError

if TYPE_CHECKING:
    from aggregator.model.edition import StoredArticle
    from aggregator.store.decisions import Waiting
    from aggregator.store.engine import Database

_ARTICLES = Annotated[
    list[str], typer.Argument(metavar="URL|NUMBER...", help="The article's URL, or its number in the list.")
]
_LONGEST_NUMBER = 18  # digits of what the databases take for a number


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(no_args_is_help=True, help="Release or refuse articles that wait for a person.")
    review.command("list")(list_waiting)
    review.command("approve")(approve)
    review.command("refuse")(refuse)
    app.add_typer(review, name="review")


def list_waiting(
    *,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet's.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, for programs.")] = False,
) -> None:
    """List the articles that wait for a person, oldest first.

    Example: `aggregator review list --outlet le-phare`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import decisions
    from aggregator.store.decisions import Standing

    with database(config.settings()) as db:
        found = decisions.waiting(db, Standing.IN_REVIEW, outlet=outlet, limit=limit + 1)
    shown = found[:limit]
    if as_json:
        typer.echo(json.dumps([_row(one) for one in shown], ensure_ascii=False, indent=2))
        return
    console = stdout()
    if not shown:
        console.print("nothing waits for a person; `aggregator publish` decides about what came since")
        return
    for one in shown:
        mode = one.decided.mode.value if one.decided.mode else "-"
        console.print(
            f"{one.decided.article_id:6}  {one.stored_at:%m-%d %H:%M}  {one.outlet}  {mode}",
            one.headline,
            markup=False,
            soft_wrap=True,
        )
        console.print(f"        {one.url}", markup=False, soft_wrap=True)
    if len(found) > limit:
        console.print(f"and more; --limit {limit * 2} shows them", markup=False)
    console.print("next: aggregator review approve NUMBER, or refuse NUMBER --reason ...", markup=False)


def _row(one: "Waiting") -> dict[str, object]:
    return {
        "number": one.decided.article_id,
        "outlet": one.outlet,
        "headline": one.headline,
        "url": one.url,
        "mode": one.decided.mode,
        "reason": one.decided.reason,
        "stored_at": one.stored_at.isoformat(),
    }


def approve(articles: _ARTICLES) -> None:
    """Release articles: they go out with the next edition, as far as their rights go.

    Example: `aggregator review approve 17 18`
    """
    _say(articles, None)


def refuse(
    articles: _ARTICLES,
    *,
    reason: Annotated[str, typer.Option(help="Why; kept with the article, and never shown to readers.")],
) -> None:
    """Refuse articles: they never go out, unless a new revision is released.

    Example: `aggregator review refuse 17 --reason "a press release"`
    """
    if not reason.strip():
        raise typer.BadParameter("say why with --reason", param_hint="--reason")
    _say(articles, " ".join(reason.split()))


def _say(articles: list[str], refusal: str | None) -> None:
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import decisions

    at = clock.now()
    with database(config.settings()) as db:
        # All of them are looked up first: a slip in the third must not leave two of five decided.
        found = [_waiting(db, article) for article in articles]
        known = decisions.of(db, [one.id for one in found])
        modes = {number: decided.mode for number, decided in known.items()}
        decisions.keep(
            db, [decisions.said(one.id, one.revision, modes.get(one.id), at, refusal) for one in found]
        )
    words = "released; it goes out with the next edition" if refusal is None else "refused"
    for one in found:
        typer.echo(f"{one.id} {one.article.headline}: {words}")


def _waiting(db: "Database", article: str) -> "StoredArticle":
    from aggregator.store import articles, decisions  # late: as above

    if article.isdecimal():
        stored = articles.get(db, int(article)) if len(article) <= _LONGEST_NUMBER else None
    else:
        stored = articles.find(db, article)
    # A copy waits only if it was chosen to go out for its original.
    if stored is None or (stored.copy_of is not None and not decisions.of(db, [stored.id])):
        raise UnknownArticleError(
            f"{article}: no article with this number or URL waits; `aggregator review list` shows them"
        )
    return stored
