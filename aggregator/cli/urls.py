"""``aggregator urls``: what the rules about addresses make of them, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aggregator.cli.pairs import Pair
    from aggregator.urls import Form

_EPILOG = """
Examples: `aggregator urls https://www.example.org/story?utm_source=feed` shows the normal form, the key and
each change; `aggregator urls --check pairs.tsv` checks pairs whose truth is known and fails if one is wrong.

The first line of the file names its columns: url_a, url_b, same (yes or no), case. The rules stand in
`aggregator/urls/rules.toml`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("urls", epilog=_EPILOG)(urls)


def urls(
    addresses: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", show_default=False)] = None,
    *,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tab-separated pairs of URLs to check.")
    ] = None,
) -> None:
    """Show the normal form of URLs, or check pairs of them, with the reason of every change."""
    if (check is None) == (not addresses):
        raise typer.BadParameter("name URLs, or a file of pairs with --check")
    for address in addresses or ():
        _show(address)
    if check is not None and not _check(check):
        raise typer.Exit(1)


def _show(address: str) -> None:
    from aggregator.urls import form, url_key  # late: --help must not wait for the rules

    found = form(address)
    typer.echo(found.url)
    typer.echo(f"  key {url_key(address)} of {found.identity}")
    _print_changes(found)


def _print_changes(found: "Form") -> None:
    for change in found.changes:
        typer.echo(f"  {change.rule}: {change.detail}")


def _check(path: Path) -> bool:
    from aggregator.cli import pairs

    found = list(pairs.read(path))
    for pair in found:
        _print_pair(pair)
    wrong = [pair for pair in found if not pair.is_right]
    lost = sum(not pair.is_same for pair in wrong)
    typer.echo(
        f"{len(found) - len(wrong)} of {len(found)} pairs right"
        + (f"; {lost} falsely one, {len(wrong) - lost} falsely two" if wrong else "")
    )
    return not wrong


def _print_pair(pair: "Pair") -> None:
    truth = "one page" if pair.is_same else "two pages"
    typer.echo(f"{'right' if pair.is_right else 'WRONG'}  line {pair.number}  {truth}  {pair.case}".rstrip())
    for side in (pair.one, pair.other):
        reasons = "; ".join(f"{change.rule}: {change.detail}" for change in side.changes)
        typer.echo(f"    {side.identity}" + (f"  ({reasons})" if reasons else ""))
