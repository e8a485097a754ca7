"""``aggregator check``: what we emit, held against the store, the cards and the formats."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from aggregator.cli.context import database, good_cards, options, stderr, stdout

if TYPE_CHECKING:
    from aggregator.checking.finding import Document, Finding
    from aggregator.checking.owed import Register
    from aggregator.inspecting.inspector import Inspector

LIMIT = 100_000
_Where = Annotated[list[str], typer.Argument(metavar="URL|FILE…", help="Addresses, or saved documents.")]
_AsJson = Annotated[bool, typer.Option("--json", help="One JSON list instead of lines.")]
_Base = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The address that the site's links begin with; else [site] base_url."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    check = typer.Typer(
        name="check",
        help="Check pages and feeds: source, credit, licence, formats, no text beyond the rights.",
        no_args_is_help=True,
    )
    check.command("page")(page)
    check.command("feed")(feed)
    check.command("site")(site)
    app.add_typer(check)


def page(where: _Where, *, base_url: _Base = None, as_json: _AsJson = False) -> None:
    """Check articles' pages. Ends with 1 if anything is wrong.

    Example: `aggregator check page https://news.example.org/article/17`
    """
    from aggregator.checking.document import article  # late: --help must not wait for the parsers

    _documents(where, article, base_url, as_json=as_json)


def feed(where: _Where, *, base_url: _Base = None, as_json: _AsJson = False) -> None:
    """Check feeds: Atom, RSS or JSON Feed. Ends with 1 if anything is wrong.

    Example: `aggregator check feed https://news.example.org/feed.atom saved.json`
    """
    from aggregator.checking.feed import check  # late: --help must not wait for the parsers

    _documents(where, check, base_url, as_json=as_json)


def site(
    context: typer.Context,
    *,
    base_url: _Base = None,
    limit: Annotated[int, typer.Option(min=1, help="Most documents to look at.")] = LIMIT,
    demo: Annotated[bool, typer.Option("--demo", help="Check the demo's site, in demo-data/.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Check a whole site: every page, feed and sitemap that readers can reach. Ends with 1 if any is wrong.

    Starts the site on a port of this machine, unless `--base-url` names one that runs.

    Example: `aggregator check site --base-url https://news.example.org`
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn  # late: --help must not wait for these

    from aggregator.checking.walk import Walk
    from aggregator.inspecting.places import starts
    from aggregator.inspecting.visits import Visitor
    from aggregator.model.edition import PublicationState
    from aggregator.store import shown

    console = stderr()
    is_silent = as_json or not (options(context).shows_progress and console.is_terminal)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    with (
        _inspector(base_url, is_demo=demo) as inspector,
        _listening(inspector, base_url) as at,
        Progress(*columns, console=console, transient=True, disable=is_silent) as bars,
    ):
        task = bars.add_task("check starts")
        visitor = Visitor(inspector.links.base_url, at)

        def fetch(url: str) -> "Document":
            bars.update(task, description=f"{sum(walk.looked.values())} documents: {url}")
            return visitor.get(url)

        walk = Walk(inspector.register(), fetch, limit)
        numbers = shown.numbers(inspector.db)
        begin = starts(inspector.links, numbers)
        found = list(walk.run(begin, numbers[PublicationState.WITHDRAWN]))
    looked = ", ".join(f"{kind}: {count}" for kind, count in sorted(walk.looked.items()))
    _tell(found, looked + ("; more was left out (--limit)" if walk.is_cut else ""), as_json=as_json)


def _documents(
    where: list[str],
    check: "Callable[[Document, Register], Iterable[Finding]]",
    base_url: str | None,
    *,
    as_json: bool,
) -> None:
    with _inspector(base_url) as inspector:
        known = inspector.register()
        found = [finding for each in where for finding in check(_document(each), known)]
    _tell(found, f"documents: {len(where)}", as_json=as_json)


def _document(where: str) -> "Document":
    """The document at an address, or in a file."""
    from aggregator.inspecting.places import is_address, saved  # late: --help must not wait for the parsers
    from aggregator.inspecting.visits import Visitor

    if not is_address(where):
        return saved(Path(where).read_bytes(), where)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(where))
    return Visitor(origin, origin).followed(where)


@contextmanager
def _inspector(base_url: str | None, *, is_demo: bool = False) -> "Iterator[Inspector]":
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.cli.demo import demo_settings
    from aggregator.inspecting.inspector import Inspector
    from aggregator.site.links import Links

    settings = config.settings()
    if is_demo:
        settings = demo_settings(settings)
    cards = good_cards(settings)
    with database(settings) as db:
        site = settings.site.model_copy(update={"base_url": base_url or settings.site.base_url})
        yield Inspector(
            db, cards, Links(site.base_url), clock.now(), settings.model_copy(update={"site": site})
        )


@contextmanager
def _listening(inspector: "Inspector", base_url: str | None) -> Iterator[str]:
    """The address of the site that runs, or of one of our own on the same database."""
    from aggregator.inspecting.visits import served  # late: --help must not wait for the web framework
    from aggregator.site.app import create_app

    if base_url is not None:
        yield base_url
        return
    with served(create_app(inspector.db, inspector.settings)) as at:
        # The app's paths may begin with a path of the public address, which its own server does not see.
        yield at


def _tell(found: "list[Finding]", looked: str, *, as_json: bool) -> None:
    console = stdout()
    if as_json:
        rows = [
            {
                "code": each.fault.value,
                "url": each.url,
                "place": each.place,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for each in found:
            console.print(f"{each.fault.value}  {each.url}", markup=False, soft_wrap=True)
            console.print(f"    {each.place}: {each.message}", markup=False, soft_wrap=True)
            console.print(f"    → {each.remedy}", markup=False, soft_wrap=True)
        count = f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "no findings"
        console.print(f"{looked}: {count}", markup=False, soft_wrap=True)
    if found:
        raise typer.Exit(1)
