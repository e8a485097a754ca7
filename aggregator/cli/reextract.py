"""``aggregator reextract``: stored articles again, from their kept pages."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, good_cards, options, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.config import Settings
    from aggregator.extract.compare import PageChange
    from aggregator.model.article import Article
    from aggregator.reextracting import Reextracted
    from aggregator.store.engine import Database

_MOST_SHOWN = 20
_HEADLINE_CHARS = 60
_EPILOG = """
Examples: `aggregator reextract --dry-run` tells what would change;
`aggregator reextract --outlet harbour-post --since 2026-01-01` works on a part;
`aggregator reextract --from /mnt/pages --diffs 5` reads an archive that was moved, and shows the texts that
change most.

End it when you like: the next call goes on where it was.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reextract", epilog=_EPILOG)(reextract)


def reextract(
    context: typer.Context,
    *,
    outlet: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only this outlet; may be given again.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only stored since then (UTC)."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, write nothing.")
    ] = False,
    pages: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="The archive's folder, if not data/pages.",
        ),
    ] = None,
    diffs: Annotated[int, typer.Option(min=0, help="Show the texts of so many that change most.")] = 0,
) -> None:
    """Extract stored articles again from their kept pages, by today's rules and by what was learned.

    What changes becomes a new revision that readers are not told of as news; the old one is kept.
    """
    from aggregator import config  # late: --help must not wait for the store

    settings = config.settings()
    from_moment = since.replace(tzinfo=UTC) if since else None
    started = monotonic()
    with database(settings) as db:
        asked = _Asked(outlet or [], from_moment, dry_run, pages)
        done = _run(db, settings, asked, _Report(diffs), options(context))
    _print(done, monotonic() - started, is_dry=dry_run)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be read again, and from where."""

    slugs: list[str]
    since: datetime | None
    is_dry: bool
    pages: Path | None


def _run(
    db: "Database", settings: "Settings", asked: _Asked, report: "_Report", wanted: Options
) -> "_Report":
    from aggregator import reextracting  # late: --help must not wait for the extractor
    from aggregator.errors import UnknownOutletError
    from aggregator.store.reextraction import outlets_with_articles

    if unknown := set(asked.slugs) - set(outlets_with_articles(db)):
        raise UnknownOutletError(
            f"{', '.join(sorted(unknown))}: no article of this outlet is stored; "
            "`aggregator outlet list` shows all outlets"
        )
    cards = good_cards(settings, *asked.slugs)
    since, is_dry = asked.since, asked.is_dry
    with _progress(wanted) as (begin, advance):
        plans = reextracting.plan(db, cards, asked.slugs, since=since, is_dry=is_dry)
        begin(sum(each.articles for each in plans))
        for result in reextracting.reextract(
            db, settings, plans, since=since, is_dry=is_dry, pages=asked.pages
        ):
            report.add(result)
            advance(result.stored.article.outlet)
    return report


@contextmanager
def _progress(wanted: Options) -> "Iterator[tuple[Callable[[int], None], Callable[[str], None]]]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = stderr()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_silent = not (wanted.shows_progress and console.is_terminal)
    with Progress(*columns, console=console, transient=True, disable=is_silent) as bars:
        task = bars.add_task("learning from stored articles", total=None)
        yield (
            lambda total: bars.update(task, total=total),
            lambda outlet: bars.update(task, advance=1, description=outlet),
        )


def _print(report: "_Report", seconds: float, *, is_dry: bool) -> None:
    console = stdout()
    for line in (*report.changed, *report.diffs(), *report.skipped, report.summary(seconds, is_dry=is_dry)):
        console.print(line, markup=False, soft_wrap=True)


@dataclass(slots=True)
class _Report:
    """What is told at the end: sums, the first of the articles that changed or were skipped, and texts.

    ``most`` is how many articles' texts are shown, of those that changed most.
    """

    most: int = 0
    texts: list["PageChange"] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, result: "Reextracted") -> None:
        self.outcomes[result.outcome.value] += 1
        self.fields.update(result.fields)
        if result.fields and len(self.changed) < _MOST_SHOWN:
            self.changed.append(_changed_line(result))
        if self.most and result.article is not None and "text" in result.fields:
            self._keep(result.stored.article, result.article)
        if result.detail and len(self.skipped) < _MOST_SHOWN:
            self.skipped.append(f"{result.outcome.value}: {result.stored.article.url}: {result.detail}")

    def _keep(self, before: "Article", after: "Article") -> None:
        from aggregator.extract.compare import PageChange

        self.texts.append(PageChange(before.url, before, after))
        self.texts.sort(key=lambda change: change.changed_share, reverse=True)
        del self.texts[self.most :]

    def diffs(self) -> "Iterator[str]":
        """The texts that changed most."""
        from aggregator.cli.preview import text_diff

        for change in self.texts:
            yield from text_diff(change)

    def summary(self, seconds: float, *, is_dry: bool) -> str:
        if not self.outcomes:
            return "nothing to do: every article was extracted by today's rules and by what was learned"
        parts = [f"{count} {name}" for name, count in self.outcomes.most_common()]
        fields = ", ".join(f"{count} {name}" for name, count in self.fields.most_common())
        what = f" ({fields})" if fields else ""
        end = "; nothing was written" if is_dry else ""
        return f"{self.outcomes.total()} articles: {', '.join(parts)}{what}; {seconds:.1f} s{end}"


def _changed_line(result: "Reextracted") -> str:
    article = result.stored.article
    headline = article.headline[:_HEADLINE_CHARS]
    before, after = result.chars
    size = f" ({before} to {after} characters)" if "text" in result.fields else ""
    return f"{result.stored.id} {article.outlet}: {headline}: {', '.join(result.fields)}{size}"
