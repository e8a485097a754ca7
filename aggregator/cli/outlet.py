"""``aggregator outlet``: the outlet cards, from the first draft to the trial."""

import dataclasses
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import interchange, rules, starter
from aggregator.cli.context import good_cards, stdout
from aggregator.cli.crawl import known
from aggregator.errors import CardError, ConfigError, StoreError, UnknownOutletError

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.model.outlet import Outlet

_PIPE_CHARS = 250
_SLUG_HELP = "The outlet's slug, or the path of a card."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    outlet = typer.Typer(no_args_is_help=True, help="Make, list, show, try and check outlet cards.")
    outlet.command("new")(new)
    outlet.command("list")(list_outlets)
    outlet.command("show")(show)
    outlet.command("try")(try_outlet)
    outlet.command("check")(check)
    rules.register(outlet)
    starter.register(outlet)
    interchange.register(outlet)
    app.add_typer(outlet, name="outlet")


def new(
    url: Annotated[str, typer.Argument(metavar="URL", help="The outlet's home page.")],
    *,
    slug: Annotated[
        str | None, typer.Option(help="Name of the card; made from the address if left out.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the card if there is one.")] = False,
) -> None:
    """Look at an outlet's home page, feeds, sitemaps, licence and robots.txt, and write its card.

    Example: `aggregator outlet new https://www.example.org`
    """
    from aggregator import config, crawling, outlets  # late: --help must not wait for them
    from aggregator.outlets import checks
    from aggregator.seeds.discover import discover
    from aggregator.seeds.draft import draft

    settings = config.settings()
    address = url if "://" in url else f"https://{url}"
    for check_value, value in ((checks.web_address, address), (checks.slug, slug or "slug")):
        try:
            check_value(value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    seen = crawling.look(settings, address)
    page = discover(seen.body, seen.charset, seen.url)
    made = draft(page, seen.url, seen.robots_txt, dict(seen.found), agent=settings.crawl.user_agent)
    outlet = dataclasses.replace(made.outlet, slug=slug or made.outlet.slug)
    folder = settings.path(settings.outlets)
    if (folder / f"{outlet.slug}.toml").exists() and not force:
        raise ConfigError(
            f"{folder / outlet.slug}.toml: there is such a card already; give another --slug, or --force"
        )
    path = outlets.write(outlet, folder)
    outlets.read(path)
    console = stdout()
    for line in (f"wrote {path}", "found", *_bulleted(made.findings), "check", *_bulleted(made.doubts)):
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"next: aggregator outlet try {outlet.slug}", markup=False)


def _bulleted(lines: tuple[str, ...]) -> list[str]:
    return [f"  - {line}" for line in lines]


def list_outlets(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False
) -> None:
    """List all outlets with their language, seeds, schedule and rights.

    Example: `aggregator outlet list --json`
    """
    from aggregator import config  # late: --help must not wait for it
    from aggregator.outlets import schedules

    cards = good_cards(config.settings())
    if as_json:
        rows = [dataclasses.asdict(outlet) for outlet in cards.values()]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    from rich.table import Table  # late: only the table pays for it

    table = Table(box=None, pad_edge=False)
    for heading in ("slug", "name", "language", "country", "seeds", "schedule", "rights", "paused"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"slug", "schedule"})
    for outlet in cards.values():
        seeds = ", ".join(dict.fromkeys(seed.kind.value for seed in outlet.seeds))
        rights = outlet.rights.mode.value + ("" if outlet.rights.automatic else ", by hand")
        table.add_row(
            outlet.slug, outlet.name, outlet.language, outlet.country, f"{len(outlet.seeds)} {seeds}",
            schedules.in_words(outlet.schedule), rights, "yes" if outlet.paused else "",
        )  # fmt: skip
    console = stdout()
    if not console.is_terminal:
        # Whoever reads a pipe line by line wants an outlet on one line.
        console.width = _PIPE_CHARS
    console.print(table)


def show(slug: Annotated[str, typer.Argument(metavar="SLUG", help=_SLUG_HELP)]) -> None:
    """Show an outlet's whole card, with every default that it does not name.

    Example: `aggregator outlet show le-phare`
    """
    from aggregator import config, outlets  # late: --help must not wait for them

    typer.echo(outlets.dumps(card_of(config.settings(), slug), whole=True), nl=False)


def try_outlet(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help=_SLUG_HELP)],
    *,
    articles: Annotated[int, typer.Option(min=1, max=20, help="How many articles to fetch.")] = 3,
) -> None:
    """Fetch an outlet's first articles, store nothing, show what was found, from where, and what was cut.

    Example: `aggregator outlet try le-phare --articles 1`
    """
    from aggregator import config, crawling  # late: --help must not wait for them
    from aggregator.cli.taught import taught
    from aggregator.cli.trial import lines_of

    settings = config.settings()
    outlet = card_of(settings, slug)
    trials = crawling.trial(settings, outlet, articles)
    learned = taught(settings, outlet.slug).learned
    console = stdout()
    for number, trial in enumerate(trials, start=1):
        article = learned.clean(trial.article) if trial.article else None
        for line in lines_of(number, dataclasses.replace(trial, article=article)):
            console.print(line, markup=False, soft_wrap=True)
    good = sum(trial.article is not None for trial in trials)
    console.print(f"{good} articles of {len(trials)} pages; nothing was stored", markup=False)
    if not good:
        logging.getLogger(__name__).warning(
            "%s: no article; see the reasons above, then correct seeds, include and exclude in its card", slug
        )
        raise typer.Exit(1)


def check(
    cards: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG|FILE]...", help="Which cards; all if left out.")
    ] = None,
) -> None:
    """Check outlet cards and tell everything that is wrong with them; exit code 78 if anything is.

    Example: `aggregator outlet check`, `aggregator outlet check le-phare new-cards/x.toml`
    """
    from aggregator import config, outlets  # late: --help must not wait for them

    settings = config.settings()
    errors: list[CardError | UnknownOutletError] = []
    good: list[Outlet] = []
    for card in cards or ():
        try:
            good.append(card_of(settings, card))
        except (CardError, UnknownOutletError) as error:
            errors.append(error)
    if not cards:
        found, wrong = outlets.load_good(settings.path(settings.outlets))
        good, errors = list(found.values()), list(wrong)
    count = len(good) + len(errors)
    errors += _page_class_errors(good)
    errors += _twin_errors(settings, good)
    _print_doubts(settings, good)
    if errors:
        first = next((error for error in errors if isinstance(error, CardError)), errors[0])
        raise type(first)("\n".join(map(str, errors)))
    stdout().print(f"{count} card{'' if count == 1 else 's'}, no error", markup=False)


def _page_class_errors(cards: "list[Outlet]") -> list[CardError]:
    """What is wrong with the page classes that cards name."""
    files = [outlet.rules.page_class for outlet in cards if outlet.rules.page_class]
    if not files:
        return []
    from aggregator.extract import page_classes  # late: few cards have one

    errors = []
    for file in files:
        try:
            page_classes.load(file)
        except CardError as error:
            errors.append(error)
    return errors


def _twin_errors(settings: "Settings", cards: "list[Outlet]") -> list[CardError]:
    """The cards that describe an outlet which another card of the folder describes, too."""
    from aggregator import outlets  # late: as above
    from aggregator.outlets.twins import twins

    folder = settings.path(settings.outlets)
    others = outlets.load_good(folder)[0] if folder.is_dir() else {}
    checked = {outlet.slug for outlet in cards}
    found = twins({**others, **{outlet.slug: outlet for outlet in cards}}.values())
    return [
        CardError(
            f"{slug}.toml and {', '.join(f'{one}.toml' for one in same)}: expected one card for an outlet;"
            " got the same feed or home page in both: remove one (until then the narrower rights count)"
        )
        for slug, same in found.items()
        if slug in checked
    ]


def _print_doubts(settings: "Settings", cards: "list[Outlet]") -> None:
    from aggregator.cli.licence_notes import notes  # late: as above
    from aggregator.outlets.doubts import doubts

    log = logging.getLogger(__name__)
    try:
        changed = notes(settings, cards)
    except StoreError as error:
        # Cards can be checked where there is no database, such as beside their version control.
        log.warning("%s; so nothing is known of licence pages", error)
        changed = {}
    for outlet in cards:
        told = doubts(outlet, is_commercial=settings.site.commercial)
        for doubt in (*told, *changed.get(outlet.slug, ())):
            log.warning("%s.toml: %s", outlet.slug, doubt)


def card_of(settings: "Settings", name: str) -> "Outlet":
    """The outlet of a slug in the folder of cards, or of a card's path.

    Raises:
        CardError: its card is wrong, or there is no such file.
        UnknownOutletError: no card has this slug.
    """
    from aggregator import outlets  # late: --help must not wait for the cards' library

    if name.endswith(".toml") or "/" in name:
        return outlets.read(Path(name))
    path = settings.path(settings.outlets) / f"{name}.toml"
    if path.is_file():
        return outlets.read(path)
    cards, _ = outlets.load_good(settings.path(settings.outlets))
    return cards[known(cards, [name])[0]]
