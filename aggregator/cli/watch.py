"""``aggregator watch``: what is wrong at outlets, and what people say of it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, me, stdout
from aggregator.model.alarm import AlarmKind, AlarmState

if TYPE_CHECKING:
    from aggregator.model.alarm import Alarm
    from aggregator.model.delivery import Standing

_Numbers = Annotated[list[int], typer.Argument(help="Numbers of alarms.", show_default=False)]
_By = Annotated[str | None, typer.Option("--by", help="Who says so; without, who is logged in.")]
_Note = Annotated[str | None, typer.Option("--note", help="A word for the others.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")]

ALARMS = 1
"""The exit code of `watch check` while alarms are open that nobody has seen."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    watch = typer.Typer(
        name="watch", help="The watch over outlets: what is wrong, since when.", no_args_is_help=True
    )
    watch.command("list")(list_all)
    watch.command("check")(check)
    watch.command("ack")(ack)
    watch.command("resolve")(resolve)
    watch.command("test")(test)
    watch.command("retry")(retry)
    app.add_typer(watch)


def list_all(
    *,
    outlet: Annotated[str | None, typer.Option("--outlet", help="Of this outlet only.")] = None,
    kind: Annotated[AlarmKind | None, typer.Option("--kind", help="Of this kind only.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: _Json = False,
) -> None:
    """List alarms, newest first; alarms that came together stand in one row.

    Example: `aggregator watch list --outlet harbour`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import alarms, notices

    states = tuple(AlarmState) if every else alarms.OPEN
    with database(config.settings()) as db:
        found = alarms.listed(db, states=states, outlet=outlet, kind=kind)
        told = notices.standings(db)
    _print(found, told, as_json=as_json)


def check(*, as_json: _Json = False) -> None:
    """Look at all outlets now. Ends with 1 while there are alarms that nobody has seen.

    For cron where no scheduler runs; `aggregator run` looks by itself.

    Example: `aggregator watch check --json`
    """
    from aggregator import clock, config, noticing, watching  # late: --help must not wait for these
    from aggregator.store import notices

    settings = config.settings()
    with database(settings) as db:
        checked = watching.check(db, settings, good_cards(settings), clock.now())
        noticing.notify(db, settings, clock.now())
        told = notices.standings(db)
    _print(checked.standing, told, as_json=as_json)
    if any(alarm.state is AlarmState.RAISED for alarm in checked.standing):
        raise typer.Exit(ALARMS)


def ack(numbers: _Numbers, *, by: _By = None, note: _Note = None) -> None:
    """Note that somebody has seen these alarms; they stay open until they are over.

    Example: `aggregator watch ack 12 13 --note "they move house, back on Monday"`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import alarms

    with database(config.settings()) as db:
        seen = alarms.acknowledge(db, numbers, by or me(), clock.now(), note)
    _told(numbers, seen, "acknowledged", "not raised, or seen already")


def resolve(numbers: _Numbers, *, by: _By = None, note: _Note = None) -> None:
    """End alarms: what they tell of is usual from when it began, and is learned anew.

    Example: `aggregator watch resolve 12 --note "they have no bylines any more"`
    """
    from aggregator import clock, config, watching  # late: --help must not wait for these

    with database(config.settings()) as db:
        ended = watching.resolve(db, numbers, by or me(), clock.now(), note)
    _told(numbers, ended, "resolved", "not open")


def test() -> None:
    """Send everybody who is told of alarms a message to try it out. Ends with 1 if one does not take it.

    Example: `aggregator watch test`
    """
    from aggregator import clock, config, delivering, noticing  # late: --help must not wait for these

    settings = config.settings()
    troubles = {name: delivering.try_out(settings, name, clock.now()) for name in settings.watch.webhooks}
    if settings.watch.mail:
        text = "This is a test: alarms of outlets will come to this address."
        troubles["mail"] = noticing.mail(settings, "a test", text)
    for name, trouble in troubles.items():
        typer.echo(f"{name}: {trouble or 'it took the message'}")
    if not troubles:
        typer.echo("nobody is told of alarms; docs/settings.md tells how ([watch])")
    if any(troubles.values()):
        raise typer.Exit(1)


def retry() -> None:
    """Send now what waits or has failed.

    Example: `aggregator watch retry`
    """
    from aggregator import clock, config, noticing  # late: --help must not wait for these
    from aggregator.store import notices

    settings = config.settings()
    with database(settings) as db:
        count = notices.retry(db, clock.now())
        ended = noticing.notify(db, settings, clock.now())
    told = ", ".join(f"{number} {state.value}" for state, number in sorted(ended.items())) or "nothing sent"
    typer.echo(f"{count} made due; {told}")


def _told(numbers: Sequence[int], done: Sequence[int], what: str, why_not: str) -> None:
    for number in numbers:
        typer.echo(f"#{number}: {what if number in done else why_not}")
    if not set(numbers) <= set(done):
        raise typer.Exit(1)


def _print(found: "Sequence[Alarm]", told: "dict[str, Standing]", *, as_json: bool) -> None:
    from aggregator import noticing  # late, as above

    if as_json:
        waiting = {name: _standing(one) for name, one in told.items()}
        rows = [noticing.described(alarm) for alarm in found]
        typer.echo(json.dumps({"alarms": rows, "notices": waiting}, indent=2))
        return
    if found:
        stdout().print(_table(found))
    else:
        typer.echo("no alarms")
    for name, one in told.items():
        if one.detail:
            typer.echo(f"{name} cannot be told: {one.detail} (`aggregator watch retry` tries now)")


def _standing(one: "Standing") -> dict[str, object]:
    return {state.value: count for state, count in one.counts.items()} | {"detail": one.detail}


def _table(found: "Sequence[Alarm]") -> object:
    from rich.table import Table  # late: only commands that print pay for it

    table = Table("", "outlet", "alarm", "since", "what", "last good", "seen by")
    groups: dict[int, list[Alarm]] = {}
    for alarm in found:
        groups.setdefault(alarm.group, []).append(alarm)
    for group in groups.values():
        alarm, one = group[0], group[0].finding
        many = len(group) > 1
        table.add_row(
            ", ".join(f"#{each.id}" for each in group[:6]) + (" …" if len(group) > 6 else ""),  # noqa: PLR2004 - a cell's width
            f"{len(group)} outlets" if many else one.outlet,
            " ".join(filter(None, (one.kind.value, "" if many else one.aspect))),
            f"{min(each.finding.since for each in group):%m-%d %H:%M}",
            f"{one.cause}: {', '.join(each.finding.outlet for each in group)}" if many else one.words,
            "" if many or alarm.last_good_article is None else str(alarm.last_good_article),
            alarm.state.value if alarm.acknowledged_by is None else alarm.acknowledged_by,
        )
    return table
