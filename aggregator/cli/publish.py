"""``aggregator publish``: close an edition by hand, or see what the next ones bring."""

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, stdout
from aggregator.cli.followed import print_followed

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.model.outlet import Outlet
    from aggregator.publishing import PublishReport
    from aggregator.store.engine import Database


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("publish")(publish)


def publish(
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Publish all that waits, in as many editions as it takes.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also in quiet hours, and without a pause since the last edition.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would go out when, and why the rest stays.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(help="How far a dry run looks: tomorrow (the default), 18:00, +3d, 2026-12-01."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A dry run as one JSON object.")] = False,
) -> None:
    """Publish what waits as one edition, each article as far as its rights allow; what is out follows.

    It need not wait for a slot; all other rules of [publish] and of the cards hold.

    Examples: `aggregator publish --now`, `aggregator publish --dry-run --until tomorrow`
    """
    from aggregator import config  # late: --help must not wait for the store

    if dry_run and (now or force):
        raise typer.BadParameter("a dry run shows the coming slots; leave out --now and --force")
    if not dry_run and (until is not None or as_json):
        raise typer.BadParameter("--until and --json belong to --dry-run")
    settings = config.settings()
    cards = good_cards(settings)
    with database(settings) as db:
        if dry_run:
            _foresee(db, cards, settings, until or "tomorrow", as_json=as_json)
        else:
            _publish(db, cards, settings, all_of_it=now, is_forced=force)


def _publish(
    db: "Database", cards: "dict[str, Outlet]", settings: "Settings", *, all_of_it: bool, is_forced: bool
) -> None:
    from aggregator import clock, following, publishing  # late: as above
    from aggregator.store import outlets as stored_outlets

    stored_outlets.sync(db, list(cards.values()))
    if all_of_it:
        for report in publishing.publish_all(db, cards, settings, clock.now(), is_forced=is_forced):
            _print(report)
    else:
        _print(publishing.publish(db, cards, settings, clock.now(), is_forced=is_forced))
    print_followed(following.follow(db, cards, settings, clock.now()))


def _foresee(
    db: "Database", cards: "dict[str, Outlet]", settings: "Settings", until: str, *, as_json: bool
) -> None:
    from aggregator import clock, publishing  # late: as above
    from aggregator.cli import foreseen
    from aggregator.cli.moments import moment

    now = clock.now()
    timezone = settings.publish.timezone
    end = moment(until, now, timezone)
    found = publishing.foresee(db, cards, settings, now, end)
    if as_json:
        typer.echo(foreseen.as_json(found))
    else:
        foreseen.print_foreseen(stdout(), found, end, timezone)


def _print(report: "PublishReport") -> None:
    console = stdout()
    if report.edition is None:
        console.print(f"nothing to publish; {_waiting(report)}", markup=False)
    else:
        console.print(
            f"edition {report.edition}: {report.published} published, {report.updated} updated, "
            f"{report.refused} refused, {_waiting(report)}" + ("; more waits (--now)" if report.more else ""),
            markup=False,
        )
    for reason, count in sorted(report.reasons.items(), key=lambda item: -item[1]):
        console.print(f"{count:6}  {reason}", markup=False)


def _waiting(report: "PublishReport") -> str:
    review = f", {report.in_review} in review (aggregator review list)" if report.in_review else ""
    queued = f", {report.queued} queued (aggregator publish --dry-run)" if report.queued else ""
    return f"{report.held} held{review}{queued}"
