"""The export: the running site's pages, asked one after the other until none is left."""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from aggregator.config import Settings
from aggregator.errors import ExportError
from aggregator.exporting.addresses import SEARCH, ExportedLinks, exported, file_of
from aggregator.exporting.asking import Answer, asking
from aggregator.exporting.finding import index
from aggregator.exporting.folder import Folder, open_folder
from aggregator.site import wording
from aggregator.site.app import create_app
from aggregator.site.wording import SOURCE
from aggregator.store import freshness
from aggregator.store.engine import Database

ROUNDS: Final = 3
"""Times that the site is gone through while articles come and go under it."""

MISSING: Final = "/404.html"
"""What web hosts answer with where there is nothing."""

_OK = 200
_NOT_THERE = frozenset({301, 404, 410})  # withdrawn or renamed since the link was made, or never there


@dataclass(frozen=True, slots=True)
class Report:
    """What an export did: files in all, written anew, removed; ``dead`` are links that lead nowhere.

    ``is_settled`` is false if the site still changed during the last round.
    """

    files: int
    written: int
    removed: int
    dead: tuple[str, ...]
    is_settled: bool


Progress = Callable[[int, int, str], None]
"""Told of each address: how many are done, how many are known so far, the address on the running site."""


def export(
    db: Database, settings: Settings, path: Path, progress: Progress, *, language: str = SOURCE
) -> Report:
    """Write the public site to a folder, as ``settings.site.base_url`` will serve it.

    ``language`` is that of the site's own words, one of ``wording.locales``.

    Raises:
        ExportError: the folder is none of ours or cannot be written, or a page cannot be made; what stands
            there stays, and nothing is removed.
        StoreError: the database does not answer.
    """
    links = ExportedLinks(settings.site.base_url)
    with open_folder(path) as folder:
        for _ in range(ROUNDS):
            before = freshness.changed_at(db)
            folder.hashes.clear()
            # A new app each round: what one remembers of its pages it does not render, and names no links.
            with asking(create_app(db, settings, links=links), language) as ask:
                dead = tuple(_round(ask, links, folder, progress))
            # All that it names has been asked for: the archive leads to every article.
            for name, body in copy_context().run(_index, db, links, language).items():
                folder.put(file_of(exported(SEARCH) + name), body)
            # What was taken down meanwhile may still stand on a page that was made before.
            is_settled = freshness.changed_at(db) == before
            if is_settled:
                break
        folder.finish()
        return Report(len(folder.hashes), folder.written, folder.removed, dead, is_settled)


def _round(
    ask: Callable[[str], Answer], links: ExportedLinks, folder: Folder, progress: Progress
) -> Iterator[str]:
    """Write everything that can be reached; the links that lead nowhere."""
    _start(links)
    done = 0
    while links.waiting:
        address = links.waiting.popleft()
        running = links.asked[address]
        answer = ask(running)
        if answer.status == _OK or address == MISSING:
            folder.put(file_of(address), answer.body)
        elif answer.status in _NOT_THERE:
            yield running
        else:
            raise ExportError(f"{running}: the site answers {answer.status}; see its log, then export again")
        done += 1
        progress(done, len(links.asked), running)


def _index(db: Database, links: ExportedLinks, language: str) -> dict[str, bytes]:
    wording.speak(language)
    return index(db, links)


def _start(links: ExportedLinks) -> None:
    """Begin a round where nothing leads to but the site itself."""
    links.forget()
    links.front()
    links.outlets()
    links.about()
    links.archive()
    links.search()
    links.sitemap()
    links.news_sitemap()
    links.opml()
    for name in ("/robots.txt", MISSING):
        links.remember(name, name)
    for file in resources.files("aggregator.site").joinpath("static").iterdir():
        links.static(file.name)
