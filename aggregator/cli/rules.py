"""``aggregator outlet rules``: rules for single sites from elsewhere, and what rules make of kept pages."""

import difflib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, good_cards, stdout
from aggregator.cli.preview import lines_of, summary

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.extract.pool import ExtractorPool
    from aggregator.model.outlet import Outlet
    from aggregator.outlets.ftr import SiteRules
    from aggregator.previewing import Preview
    from aggregator.store.engine import Database

_LAST = 20
_LAST_HELP = "How many of the outlet's last kept pages to try."


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A card with rules from a file: its text now and then, and the keys that it keeps as it has them."""

    path: Path
    file: str
    before: str
    after: str
    outlet: "Outlet"
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    """What extracting kept pages needs."""

    settings: "Settings"
    db: "Database"
    pool: "ExtractorPool"
    last: int

    def preview(self, old: "Outlet", new: "Outlet") -> "Preview":
        from aggregator.previewing import preview  # late: --help must not wait for the extraction

        return preview(self.settings, self.db, self.pool, old, new.rules, last=self.last)


def register(outlet: typer.Typer) -> None:
    """Add the commands to ``aggregator outlet``."""
    rules = typer.Typer(no_args_is_help=True, help="Import rules for outlets' pages, and see what rules do.")
    rules.command("import")(import_rules)
    rules.command("preview")(preview_rules)
    outlet.add_typer(rules, name="rules")


def import_rules(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A rule file, a folder of them, or a tar archive.")
    ],
    *,
    outlet: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only for this outlet; may be given again.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Change the cards; without it nothing is.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write also what the outlet's kept pages speak against.")
    ] = False,
    last: Annotated[int, typer.Option(min=0, max=500, help=_LAST_HELP)] = _LAST,
) -> None:
    """Take rules over from files of the ftr-site-config format, matched by host with the outlets' cards.

    Each outlet's last kept pages are extracted without and with the new rules first. A single file goes to
    the outlet that `--outlet` names, whatever its host.

    Example: `aggregator outlet rules import ftr-site-config.tar.gz`, then the same with `--write`
    """
    from aggregator import config  # late: --help must not wait for them
    from aggregator.cli.crawl import known
    from aggregator.outlets import ftr, ftr_files

    settings = config.settings()
    cards = good_cards(settings, *(outlet or ()))
    wanted = known(cards, outlet) if outlet else list(cards)
    files = ftr_files.read(path)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        work = _work(stack, settings, last)
        for slug in wanted:
            name = _file_for(files, cards[slug], is_named=bool(outlet) and path.is_file())
            if name is None:
                counts["without a file"] += 1
                continue
            found = ftr.parse(files[name])
            counts[_import(work, cards[slug], name, found, write=write, force=force)] += 1
    told = ", ".join(f"{number} {what}" for what, number in counts.items())
    stdout().print(f"{len(files)} rule files, {len(wanted)} outlets: {told}", markup=False)
    if not write and counts["would be written"]:
        stdout().print("nothing was written; --write writes", markup=False)


def _work(stack: ExitStack, settings: "Settings", last: int) -> _Work:
    from aggregator.extract.pool import ExtractorPool, core_count  # late: --help must not wait for it

    db = stack.enter_context(database(settings))
    pool = stack.enter_context(
        ExtractorPool(settings.crawl.processes or core_count(), settings.crawl.page_seconds)
    )
    return _Work(settings, db, pool, last)


def _file_for(files: Mapping[str, str], outlet: "Outlet", *, is_named: bool) -> str | None:
    from aggregator import urls  # late: beside the commands' own
    from aggregator.outlets import ftr_files

    if is_named and len(files) == 1:
        return next(iter(files))
    return ftr_files.find(files, urls.host(outlet.homepage))


def _import(work: _Work, outlet: "Outlet", name: str, found: "SiteRules", *, write: bool, force: bool) -> str:
    """Show what a file would change at an outlet, and write it if asked; returns what became of it."""
    from aggregator import outlets  # late: --help must not wait for the cards' library

    console = stdout()
    console.print(f"{outlet.slug}: {name}", markup=False)
    for line in _lost(found):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    candidate = _candidate(work.settings, outlet, name, found)
    if candidate.own:
        console.print(f"  the card keeps its own {', '.join(candidate.own)}", markup=False)
    if candidate.before == candidate.after:
        console.print("  nothing new for the card", markup=False)
        return "unchanged"
    for line in _diff(candidate):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    preview = work.preview(outlet, candidate.outlet)
    console.print(f"  {summary(preview)}", markup=False, soft_wrap=True)
    if not (force or preview.verdict.is_good):
        console.print("  not written; `--force` does it in spite of that", markup=False)
        return "refused"
    if not write:
        return "would be written"
    before = outlets.replace(candidate.path, candidate.after)
    console.print(f"  written; to undo: mv {before} {candidate.path}", markup=False, soft_wrap=True)
    return "written"


def _candidate(settings: "Settings", outlet: "Outlet", name: str, found: "SiteRules") -> _Candidate:
    from aggregator import outlets  # late: --help must not wait for the cards' library
    from aggregator.errors import CardError
    from aggregator.outlets import edit

    path = settings.path(settings.outlets) / f"{outlet.slug}.toml"
    before = outlets.text_of(path)
    merged = edit.merge(outlet.rules, found.rules)
    after = edit.with_rules(before, outlet.rules, merged.rules, f"ftr-site-config, {name}")
    changed = outlets.loads(after, path)
    if changed.rules != merged.rules:
        raise CardError(f"{path}: rules cannot be added to this card by program; add them by hand")
    return _Candidate(path, name, before, after, changed, merged.own)


def _lost(found: "SiteRules") -> Iterator[str]:
    """What of a file is no rule here, one line for each reason."""
    reasons: dict[str, Counter[str]] = {}
    for one in found.lost:
        if one.matters:
            reasons.setdefault(one.reason, Counter())[f"{one.directive} (line {one.line})"] += 1
    yield f"can be used: {found.extent.value}"
    for reason, directives in reasons.items():
        yield f"not taken: {', '.join(directives)}: {reason}"
    needless = dict.fromkeys(one.directive for one in found.lost if not one.matters)
    if needless:
        yield f"not needed: {', '.join(needless)}"


def _diff(candidate: _Candidate) -> Iterator[str]:
    before, after = (text.splitlines() for text in (candidate.before, candidate.after))
    name = candidate.path.name
    return difflib.unified_diff(before, after, name, f"{name} with {candidate.file}", lineterm="", n=1)


def preview_rules(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The outlet's slug.")],
    *,
    card: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A candidate for its card; without it, its card beside no rules."),
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=500, help=_LAST_HELP)] = _LAST,
    diffs: Annotated[int, typer.Option(min=0, max=500, help="Of how many pages to show the texts.")] = 3,
) -> None:
    """Extract an outlet's last kept pages before and after: with its card's rules and a candidate's.

    Without `--card`: without any rules and with its card's.

    Example: `aggregator outlet rules preview le-phare --card le-phare-new.toml`
    """
    from dataclasses import replace

    from aggregator import config, outlets  # late: --help must not wait for them
    from aggregator.cli.crawl import known
    from aggregator.model.outlet import Rules

    settings = config.settings()
    cards = good_cards(settings, slug)
    saved = cards[known(cards, [slug])[0]]
    old, new = (saved, outlets.read(card)) if card else (replace(saved, rules=Rules()), saved)
    with ExitStack() as stack:
        preview = _work(stack, settings, last).preview(old, new)
    console = stdout()
    for line in lines_of(preview, diffs):
        console.print(line, markup=False, soft_wrap=True)
    console.print(summary(preview), markup=False, soft_wrap=True)
    if not preview.changes:
        logging.getLogger(__name__).warning("%s: no kept pages; `aggregator crawl %s` keeps some", slug, slug)
        raise typer.Exit(1)
