"""``aggregator site``: the site alone, and the site as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, options, stderr

if TYPE_CHECKING:
    from aggregator.config import Settings

_DEAD_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="site", invoke_without_command=True)
    group.callback()(site)
    group.command("export")(export)
    app.add_typer(group)


def site(
    context: typer.Context,
    *,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The site's port; 0 takes a free one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
) -> None:
    """Serve the site for readers, without crawls or editions; or write it as files.

    Example: `aggregator site --host 0.0.0.0 --port 80`
    """
    if context.invoked_subcommand is not None:
        return
    from aggregator import config, metrics  # late: --help must not wait for the web framework
    from aggregator.cli.run import served_at
    from aggregator.console import app as console
    from aggregator.site import server as web
    from aggregator.site.app import create_app

    settings = config.settings()
    if host is not None:
        settings = settings.model_copy(update={"site": settings.site.model_copy(update={"host": host})})
    with web.listen(settings.site.host, settings.site.port if port is None else port) as listener:
        settings = served_at(settings, listener.getsockname()[1])
        with database(settings) as db, console.opened(db, settings) as desk:
            typer.echo(f"The site is at {settings.site.base_url.rstrip('/')}/ (Ctrl-C ends it)")
            app = create_app(db, settings, beside=desk)
            metrics.install(app, db, settings)
            web.answer_evenly()
            web.run(web.build_server(app, settings.site.host, settings.site.port), listener)


def export(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to: an empty folder, or that of an earlier export.")
    ],
    *,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The address that DIR will have; else [site] base_url."),
    ] = None,
    interface: Annotated[
        str, typer.Option(metavar="TAG", help="The language of the site's own words, such as `fr`.")
    ] = "en",
    demo: Annotated[bool, typer.Option("--demo", help="Export the demo's site, in demo-data/.")] = False,
) -> None:
    """Write the whole public site as files, for any web host; a later export writes what has changed.

    Examples: `aggregator site export public --base-url https://news.example.org` ·
    `python -m http.server --directory public`
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # late: as above

    from aggregator.exporting.export import export as write
    from aggregator.site.wording import locales

    if interface not in locales():
        raise typer.BadParameter(f"{interface}: expected one of {', '.join(locales())}")
    settings = _settings(base_url, is_demo=demo)
    console = stderr()
    is_silent = not (options(context).shows_progress and console.is_terminal)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with (
        database(settings) as db,
        Progress(*columns, console=console, transient=True, disable=is_silent) as bars,
    ):
        task = bars.add_task("")

        def tell(done: int, known: int, address: str) -> None:
            bars.update(task, completed=done, total=known, description=address)

        report = write(db, settings, folder, tell, language=interface)
    typer.echo(f"{folder}: {report.files:,} files, {report.written:,} written, {report.removed:,} removed")
    for address in report.dead[:_DEAD_SHOWN]:
        typer.echo(f"a link leads to {address}, and nothing is there", err=True)
    if len(report.dead) > _DEAD_SHOWN:
        typer.echo(f"and {len(report.dead) - _DEAD_SHOWN:,} more such links", err=True)
    if not report.is_settled:
        typer.echo("articles changed all the while: export again", err=True)


def _settings(base_url: str | None, *, is_demo: bool) -> "Settings":
    from aggregator import config  # late: --help must not wait for the settings' library
    from aggregator.cli.demo import demo_settings

    settings = config.settings()
    if is_demo:
        settings = demo_settings(settings)
    site_settings = settings.site.model_copy(update={"base_url": base_url or settings.site.base_url})
    return settings.model_copy(update={"site": site_settings})
