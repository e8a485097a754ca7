"""``aggregator site``: the site alone."""

from typing import Annotated

import typer

from aggregator.cli.context import database


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("site")(site)


def site(
    *,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The site's port; 0 takes a free one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
) -> None:
    """Serve the site for readers, without crawls or editions.

    Example: `aggregator site --host 0.0.0.0 --port 80`
    """
    from aggregator import config  # late: --help must not wait for the web framework
    from aggregator.cli.run import served_at
    from aggregator.site import server as web
    from aggregator.site.app import create_app

    settings = config.settings()
    if host is not None:
        settings = settings.model_copy(update={"site": settings.site.model_copy(update={"host": host})})
    with web.listen(settings.site.host, settings.site.port if port is None else port) as listener:
        settings = served_at(settings, listener.getsockname()[1])
        with database(settings) as db:
            typer.echo(f"The site is at {settings.site.base_url.rstrip('/')}/ (Ctrl-C ends it)")
            app = create_app(db, settings)
            web.run(web.build_server(app, settings.site.host, settings.site.port), listener)
