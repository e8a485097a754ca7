"""``aggregator schedule``: what runs next."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, stdout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.table import Table

    from aggregator.config import PublishSettings, Settings
    from aggregator.model.slip import MadeUp
    from aggregator.schedule.plan import PlannedRun

_SLOTS = 4  # coming editions that are named
_SLIPS = 20  # crawls that did not begin when they were due: so many are printed
_MOST_SLIPS = 1_000
_SLIPS_SINCE = timedelta(days=7)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schedule")(schedule)


def schedule(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, for programs.")] = False,
) -> None:
    """Print when each outlet was crawled last and is crawled next, and what was missed in the last week.

    Below stand the next editions and, if the settings ask for it, the next backup and pruning.

    Example: `aggregator schedule --json`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.cli.licence_notes import notes
    from aggregator.schedule.plan import Planner
    from aggregator.store import slips, slot

    settings = config.settings()
    cards = good_cards(settings)
    now = clock.now()
    with database(settings) as db:
        plan = Planner(db).plan(cards, now)
        last = slot.last(db)
        late = slips.listed(db, _MOST_SLIPS, since=now - _SLIPS_SINCE)
    paused = sorted(slug for slug, card in cards.items() if card.paused)
    told = notes(settings, cards.values())
    if as_json:
        typer.echo(
            json.dumps([_row(run, told, late) for run in plan] + [_paused(slug) for slug in paused], indent=2)
        )
        return
    console = stdout()
    console.print(_table(plan, now))
    if paused:
        console.print(f"paused: {', '.join(paused)}", markup=False)
    for slug, lines in told.items():
        for line in lines:
            console.print(f"{slug}: {line}", markup=False, soft_wrap=True)
    for one in late[:_SLIPS]:
        console.print(_slip(one), markup=False, soft_wrap=True)
    if len(late) > _SLIPS:
        console.print(f"and {len(late) - _SLIPS} more; --json has them", markup=False)
    console.print(_editions(settings.publish, last, now), markup=False, soft_wrap=True)
    for line in _upkeep(settings, now):
        console.print(line, markup=False, soft_wrap=True)


def _editions(rules: "PublishSettings", last: datetime | None, now: datetime) -> str:
    """When editions close, in words."""
    from aggregator import wallclock  # late: --help must not wait for the store
    from aggregator.publish import slots

    if not rules.slots:
        return f"editions every {rules.every_minutes:g} min and after each crawl"
    is_missed = slots.is_due(rules, slots.remembered(last, now), now)
    coming = ["at once (a slot was missed)"] if is_missed else []
    at = now
    for _ in range(_SLOTS):
        at = slots.following(rules, at)
        coming.append(f"{wallclock.shown(at, rules.timezone):%a %d %b %H:%M}")
    return f"next editions: {', '.join(coming)} ({rules.timezone})"


def _upkeep(settings: "Settings", now: datetime) -> "Iterator[str]":
    """When backups and pruning come, what they are, and the last backup; nothing if none is asked for."""
    from aggregator import upkeeping, wallclock  # late: --help must not wait for the store

    due = upkeeping.following(settings, now)
    if due is None:
        return
    zone = settings.upkeep.timezone
    chores = ", ".join(chore.words for chore in upkeeping.chores(settings, now))
    yield f"next upkeep: {wallclock.shown(due, zone):%a %d %b %H:%M} ({zone}): {chores}"
    if settings.upkeep.backup_folder is not None:
        last = upkeeping.last_backup(settings)
        yield (
            f"last backup: {wallclock.shown(last, zone):%a %d %b %H:%M} ({zone})"
            if last
            else "last backup: never"
        )


def _slip(one: "MadeUp") -> str:
    """A crawl that did not begin when it was due, in words."""
    slip = one.slip
    times = f", {slip.times} times" if slip.times > 1 else ""
    end = f"made up for at {one.at:%m-%d %H:%M} by run {one.run}" if one.at else "not made up for yet"
    return f"{slip.outlet}: {slip.kind.value}: was due {slip.due_at:%m-%d %H:%M} UTC{times}; {end}"


def _row(
    run: "PlannedRun", told: "Mapping[str, tuple[str, ...]]", late: "Sequence[MadeUp]"
) -> dict[str, object]:
    return {
        "outlet": run.outlet.slug,
        "last_run": run.last.isoformat() if run.last else None,
        "next_run": run.next.isoformat(),
        "rule": run.rule,
        "paused": False,
        "notes": list(told.get(run.outlet.slug, ())),
        "slips": [
            {
                "kind": one.slip.kind.value,
                "due": one.slip.due_at.isoformat(),
                "times": one.slip.times,
                "made_up_by_run": one.run,
            }
            for one in late
            if one.slip.outlet == run.outlet.slug
        ],
    }


def _paused(slug: str) -> dict[str, object]:
    return {
        "outlet": slug,
        "last_run": None,
        "next_run": None,
        "rule": None,
        "paused": True,
        "notes": [],
        "slips": [],
    }


def _table(plan: "tuple[PlannedRun, ...]", now: datetime) -> "Table":
    from rich.table import Table  # late: only commands that print pay for it

    table = Table(title=f"{now:%Y-%m-%d %H:%M} UTC", title_justify="left")
    for column in ("outlet", "last run", "next run", "", "rule"):
        table.add_column(column)
    for run in plan:
        last = f"{run.last:%m-%d %H:%M}" if run.last else "never"
        table.add_row(run.outlet.slug, last, f"{run.next:%m-%d %H:%M}", _distance(run.next - now), run.rule)
    return table


def _distance(ahead: timedelta) -> str:
    minutes = ahead.total_seconds() / 60
    if minutes <= 0:
        return "due"
    if minutes < 100:  # noqa: PLR2004 - two digits are read at a glance
        return f"in {minutes:.0f} min"
    return f"in {minutes / 60:.0f} h"
