"""``aggregator rights``: why an article goes out as it does, and the outlets' licences."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, stdout
from aggregator.cli.crawl import known
from aggregator.cli.followed import print_followed

if TYPE_CHECKING:
    from rich.console import Console

    from aggregator.licensing import Checked

_MOST_LINES = 40


def register(app: typer.Typer) -> None:
    """Add the commands."""
    rights = typer.Typer(no_args_is_help=True, help="Explain decisions; check and confirm licences.")
    rights.command("explain")(explain)
    rights.command("check")(check)
    rights.command("confirm")(confirm)
    rights.command("apply")(apply)
    app.add_typer(rights, name="rights")


def explain(
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="Its address here or there, or its id.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Tell how much of an article may go out today: card, signals, what each allows, and the result.

    Example: `aggregator rights explain https://www.example.org/a/1`
    """
    from aggregator import clock, config, explaining  # late: --help must not wait for the store
    from aggregator.cli.rights_told import as_object, lines

    settings = config.settings()
    with database(settings) as db:
        told = explaining.explain(db, good_cards(settings), settings, article, clock.now())
    if as_json:
        typer.echo(json.dumps(as_object(told), ensure_ascii=False, indent=2, default=str))
        return
    console = stdout()
    for line in lines(told):
        console.print(line, markup=False, soft_wrap=True)


def check(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Which outlets; all if left out.")
    ] = None,
) -> None:
    """Read the outlets' licence pages and tell what changed there; exit code 1 if any changed or failed.

    Example: `aggregator rights check`, `aggregator rights check le-phare`
    """
    from aggregator import clock, config, licensing  # late: --help must not wait for the store
    from aggregator.licensing import Found
    from aggregator.store import outlets as stored_outlets

    settings = config.settings()
    cards = good_cards(settings, *(slugs or ()))
    chosen = known(cards, slugs) if slugs else list(cards)
    console = stdout()
    results = []
    with database(settings) as db:
        stored_outlets.sync(db, list(cards.values()))
        for slug in chosen:
            checked = licensing.check(db, settings, cards[slug], clock.now())
            results.append(checked.found)
            _print(console, checked)
    if Found.CHANGED in results or Found.FAILED in results:
        raise typer.Exit(1)


def _print(console: "Console", checked: "Checked") -> None:
    from aggregator.licensing import Found  # late: beside the command's own

    page = checked.page
    match checked.found:
        case Found.NO_PAGE:
            words = "the card names no page of the outlet's"
        case Found.FAILED:
            words = f"{page.failure} (not readable since {page.failed_at:%Y-%m-%d})"
        case Found.CHANGED:
            words = f"{page.url} has changed: links only until `aggregator rights confirm {checked.outlet}`"
        case Found.FIRST | Found.UNCHANGED:
            words = f"{page.url}  licence_hash {page.text_hash}"
    console.print(f"{checked.outlet}: {checked.found}: {words}", markup=False, soft_wrap=True)
    if checked.found is Found.CHANGED:
        lines = list(checked.diff()) if page.text else []
        for line in lines[:_MOST_LINES]:
            console.print(f"    {line}", markup=False, soft_wrap=True)
        if len(lines) > _MOST_LINES:
            console.print(f"    and {len(lines) - _MOST_LINES} lines more", markup=False)
        console.print(f"    licence_hash {page.new_hash}", markup=False, soft_wrap=True)


def confirm(
    slug: Annotated[str, typer.Argument(metavar="OUTLET", help="The outlet whose licence you have read.")],
) -> None:
    """Confirm an outlet's licence as its card has it, and what its page says now.

    Example: `aggregator rights confirm le-phare`
    """
    from aggregator import clock, config, licensing  # late: --help must not wait for the store
    from aggregator.publish import licence_watch
    from aggregator.store import outlets as stored_outlets

    settings = config.settings()
    cards = good_cards(settings, slug)
    outlet = cards[known(cards, [slug])[0]]
    with database(settings) as db:
        stored_outlets.sync(db, list(cards.values()))
        page = licensing.confirm(db, outlet, clock.now())
    words = licence_watch.words(outlet.rights) or "no licence"
    typer.echo(f"{slug}: {words}: confirmed {page.confirmed_at:%Y-%m-%d}; mode {outlet.rights.mode.value}")
    if licence_watch.is_watched(outlet.rights) and page.text_hash is None:
        typer.echo(f"its page was never read; next: aggregator rights check {slug}")


def apply(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Which outlets; all if left out.")
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")
    ] = False,
) -> None:
    """Decide again about what is out, by the cards and licences of today: narrower, wider, or withdrawn.

    The scheduler does it when a card or a licence page changes.
    Example: `aggregator rights apply le-phare --dry-run`
    """
    from aggregator import clock, config, following  # late: --help must not wait for the store
    from aggregator.store import outlets as stored_outlets

    settings = config.settings()
    cards = good_cards(settings, *(slugs or ()))
    chosen = known(cards, slugs) if slugs else list(cards)
    with database(settings) as db:
        stored_outlets.sync(db, list(cards.values()))
        found = following.apply_rights(db, cards, settings, clock.now(), only=chosen, is_trial=dry_run)
        if not print_followed(found):
            stdout().print("what is out is as the rights of today allow", markup=False)
        elif dry_run:
            stdout().print("nothing was changed (--dry-run)", markup=False)
