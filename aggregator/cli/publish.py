"""``aggregator publish``: close an edition by hand."""

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, stdout

if TYPE_CHECKING:
    from aggregator.publishing import PublishReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("publish")(publish)


def publish(
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Publish all that waits, in as many editions as it takes.")
    ] = False,
) -> None:
    """Publish what waits as one edition, each article as far as its rights allow.

    Example: `aggregator publish --now`
    """
    from aggregator import clock, config, publishing  # late: --help must not wait for the store
    from aggregator.store import outlets as stored_outlets

    settings = config.settings()
    cards = good_cards(settings)
    with database(settings) as db:
        stored_outlets.sync(db, list(cards.values()))
        if now:
            for report in publishing.publish_all(db, cards, settings, clock.now()):
                _print(report)
        else:
            _print(publishing.publish(db, cards, settings, clock.now()))


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
    return f"{report.held} held{review}"
