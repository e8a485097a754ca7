"""The program ``aggregator``: its global options, its commands, and how it fails."""

import logging
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from aggregator import __version__, logs
from aggregator.cli import (
    archive,
    article,
    audit,
    backup,
    boilerplate,
    check,
    crawl,
    dedupe,
    doctor,
    dump,
    explained,
    extract,
    outlet,
    pictures,
    prune,
    publish,
    reextract,
    review,
    rights,
    run,
    schedule,
    site,
    story,
    takedown,
    takedowns,
    token,
    urls,
    user,
    watch,
    webhook,
)
from aggregator.cli.context import Options, use_config
from aggregator.errors import AggregatorError
from aggregator.logs import LogFormat

_EPILOG = (
    "Examples: `aggregator run --demo` shows the whole machine at work; "
    "`aggregator crawl harbour-post` crawls one outlet; `aggregator schedule` prints what runs next."
)
_TERMINATED = 128 + signal.SIGTERM
_IO_ERROR = 74

app = typer.Typer(
    name="aggregator",
    help="Crawl news outlets, keep clean articles with their source, republish what may be.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if value:
        typer.echo(f"aggregator {__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    context: typer.Context,
    *,
    log: Annotated[LogFormat, typer.Option(help="Log lines for people or for machines.")] = LogFormat.TEXT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only warnings, errors and results.")] = False,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings file instead of aggregator.toml.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the code an error arose.")] = False,  # noqa: ARG001 - main() looks for it
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    logs.configure(log, quiet)
    use_config(config)
    context.obj = Options(log=log, quiet=quiet)


for _part in (
    run, crawl, publish, check, site, outlet, schedule, dump, archive, takedown, takedowns, boilerplate,
    reextract, extract, dedupe, urls, story, article, explained, review, rights, watch, webhook, user, token,
    audit, pictures, backup, doctor, prune,
):  # fmt: skip
    _part.register(app)


def main() -> NoReturn:
    """Run the command line and exit.

    An error of ours is one line on standard error, ``aggregator: what, where, what to do``, and its own exit
    code; in a JSON log it is one object. ``--debug`` adds the traceback. Ctrl-C ends a command with 130,
    SIGTERM with 143.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(_TERMINATED))
    try:
        app()
    except AggregatorError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}", _IO_ERROR)
    sys.exit(0)


def _fail(message: str, exit_code: int) -> NoReturn:
    is_debugging = "--debug" in sys.argv
    if logs.is_json():
        extra = {"exit_code": exit_code}
        logging.getLogger("aggregator").critical("%s", message, exc_info=is_debugging, extra=extra)
        sys.exit(exit_code)
    if is_debugging:
        import traceback  # late: nobody needs it in the usual run

        traceback.print_exc()
    for line in message.splitlines():
        print(f"aggregator: {line}", file=sys.stderr)  # noqa: T201 - a command's own words
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
