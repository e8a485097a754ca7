"""``aggregator run``: scheduler, crawls, editions and the site in one process."""

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, tell_of_rebuild
from aggregator.cli.demo import demo_newsstand

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.errors import AggregatorError

_log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Crawl six invented outlets on this machine; data in demo-data/.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The site's port; 0 takes a free one.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is due, publish, end; no site.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Stand by while another scheduler runs, and take over at its end.")
    ] = False,
) -> None:
    """Run everything: crawl what is due, publish it, serve the site.

    Ctrl-C ends it; what a crawl has stored stays. Example: `aggregator run --demo --port 8080`
    """
    from aggregator import config  # late: --help must not wait for the settings' library

    settings = config.settings()
    with ExitStack() as stack:
        if demo:
            settings = stack.enter_context(demo_newsstand(settings))
        if once:
            _run_once(settings, wait=wait)
        else:
            stack.enter_context(_quiet_end())
            _run(settings, port, wait=wait)


def _run_once(settings: "Settings", *, wait: bool) -> None:
    from aggregator.schedule.service import Scheduler  # late: --help must not wait for SQLAlchemy
    from aggregator.store.lock import only_scheduler

    with database(settings) as db, only_scheduler(db, _stand_by if wait else None) as lock:
        tell_of_rebuild(db)
        Scheduler(db, settings, lock).run_once()


def _stand_by(error: "AggregatorError") -> None:
    _log.warning("standing by until the other scheduler ends: %s", error)


def _run(settings: "Settings", port: int | None, *, wait: bool) -> None:
    from aggregator import launching, metrics  # late: --help must not wait for these
    from aggregator.console import app as console
    from aggregator.schedule.service import Scheduler
    from aggregator.site import server as web
    from aggregator.site.app import create_app
    from aggregator.store.lock import only_scheduler

    lost: list[AggregatorError] = []
    with ExitStack() as stack:
        host = settings.site.host
        listener = stack.enter_context(web.listen(host, settings.site.port if port is None else port))
        settings = served_at(settings, listener.getsockname()[1])
        db = stack.enter_context(database(settings))
        lock = stack.enter_context(only_scheduler(db, _stand_by if wait else None))
        tell_of_rebuild(db)
        if settings.crawl.warm:
            stack.enter_context(launching.kept_warm(is_patient=True))
        desk = stack.enter_context(console.opened(db, settings))
        app = create_app(db, settings, beside=desk)
        metrics.install(app, db, settings)
        server = web.build_server(app, host, settings.site.port)

        def end(error: "AggregatorError") -> None:
            lost.append(error)
            server.should_exit = True

        scheduler = Scheduler(db, settings, lock, on_lost=end)
        typer.echo(f"The site is at {settings.site.base_url.rstrip('/')}/ (Ctrl-C ends it)")
        _log.info("%d outlets, database %s", len(scheduler.cards.outlets), db.where)
        stack.callback(scheduler.stop)
        scheduler.start()
        web.answer_evenly()
        web.run(server, listener)
        _log.info("stopping; a crawl under way finishes its open pages")
    if lost:
        raise lost[0]
    _log.info("stopped")


def served_at(settings: "Settings", port: int) -> "Settings":
    """The settings with the port that is really served, in the site's own address too unless that is set."""
    site = settings.site
    update: dict[str, object] = {"port": port}
    if "base_url" not in site.model_fields_set:
        host = f"[{site.host}]" if ":" in site.host else site.host
        update["base_url"] = f"http://{host}:{port}"
    return settings.model_copy(update={"site": site.model_copy(update=update)})


@contextmanager
def _quiet_end() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C while the server does not listen for them yet or any more, and end with 0."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        _log.info("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)
