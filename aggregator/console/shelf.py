"""The shelf of cards: read when one changes, written by people at the desk, with what stood there before."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from aggregator import clock, outlets
from aggregator.config import Settings
from aggregator.console.errors import DeskRefusal, NotThere
from aggregator.errors import CardError
from aggregator.model.desk import CardVersion
from aggregator.model.outlet import Outlet
from aggregator.outlets import checks
from aggregator.outlets.twins import twins
from aggregator.store import desk_cards
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

FRESH: Final = timedelta(seconds=5)
LOCK_SECONDS: Final = 10
SUFFIX: Final = ".toml"


class CardChanged(DeskRefusal):
    """Somebody else has changed the card since it was opened; ``now`` is its text."""

    status = 409
    title = "Somebody else has changed this card"

    def __init__(self, slug: str, now: str) -> None:
        super().__init__(f"The card {slug} is not any more as you opened it. Nothing was written.")
        self.now = now


class CardWrong(DeskRefusal):
    """The text is no card."""

    status = 400
    title = "This is no card"


@dataclass(frozen=True, slots=True)
class Card:
    """A file on the shelf: the outlet that it describes, or what is wrong with it."""

    slug: str
    outlet: Outlet | None
    problem: str = ""


@dataclass(slots=True)
class Shelf:
    """The folder of cards; safe to use from several threads."""

    db: Database
    settings: Settings
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _read: dict[str, tuple[tuple[int, int], Card]] = field(default_factory=dict)
    _looked_at: datetime | None = None
    _cards: Mapping[str, Card] = field(default_factory=dict)
    _twins: Mapping[str, tuple[str, ...]] | None = None

    @property
    def folder(self) -> Path:
        """Where the cards lie."""
        return self.settings.path(self.settings.outlets)

    def cards(self) -> Mapping[str, Card]:
        """All cards by slug; a file is read again when it has changed."""
        with self._lock:
            at = clock.now()
            if self._looked_at is None or not timedelta() <= at - self._looked_at < FRESH:
                self._look()
                self._looked_at = at
            return self._cards

    def outlets(self) -> dict[str, Outlet]:
        """The outlets of the good cards."""
        return {slug: card.outlet for slug, card in self.cards().items() if card.outlet is not None}

    def family(self, slug: str) -> dict[str, Outlet]:
        """An outlet with the other cards that describe it: what a decision about its articles depends on."""
        known = self.outlets()
        same = self._twins
        if same is None:
            same = self._twins = twins(known.values())
        return {one: known[one] for one in (slug, *same.get(slug, ())) if one in known}

    def card(self, slug: str) -> Card:
        """One card.

        Raises:
            NotThere: there is none of this name.
        """
        card = self.cards().get(slug)
        if card is None:
            raise NotThere(f"No outlet has the name {slug}.")
        return card

    def text(self, slug: str) -> str:
        """A card's text; empty if there is no such file.

        Raises:
            CardError: it cannot be read.
        """
        path = self._path(slug)
        return outlets.text_of(path) if path.is_file() else ""

    def check(self, slug: str, text: str) -> Outlet:
        """The outlet that a text describes.

        Raises:
            CardWrong: everything that is wrong with it, or it asks for what only the file itself may.
        """
        try:
            made = outlets.loads(text, self._path(slug))
        except CardError as error:
            raise CardWrong(str(error)) from error
        self._keep_doors_shut(slug, made)
        return made

    def _keep_doors_shut(self, slug: str, made: Outlet) -> None:
        """Refuse what lets a browser choose code that runs here, or private networks that are asked."""
        card = self.cards().get(slug)
        known = card.outlet if card else None
        page_class = known.rules.page_class if known else None
        if made.rules.page_class not in {None, page_class}:
            raise CardWrong("rules.page_class: names code of this machine; set it in the file itself")
        networks = known.politeness.allow_addresses if known else ()
        opened = [one for one in made.politeness.allow_addresses if one not in networks]
        if not all(_is_within(one, self.settings.crawl.allow_addresses) for one in opened):
            raise CardWrong(
                "politeness.allow_addresses: opens private networks; set it in the file itself, or name"
                " them in crawl.allow_addresses of the settings"
            )

    def write(self, slug: str, text: str, opened: str, *, who: str, why: str) -> str | None:
        """Write a card that was opened when its text had the hash ``opened``; the text that stood there.

        The file is replaced whole, and both texts are kept. An empty ``opened`` says that there was no card.

        Raises:
            CardChanged: the card has another text by now.
            CardWrong: the text is no card.
            ConfigError: the folder cannot be written.
        """
        self.check(slug, text)
        path = self._path(slug)
        with self.writing():
            before = self.text(slug) if path.is_file() else None
            if mark(before) != opened:
                raise CardChanged(slug, before or "")
            outlets.put(path, text)
            desk_cards.keep(self.db, CardVersion(0, slug, clock.now(), who, why, text), before)
        return before

    def change(self, slug: str, edit: Callable[[str], str], *, who: str, why: str) -> tuple[str, str]:
        """Change a card's text by a rule; the text before and after.

        Raises:
            NotThere: there is no such card.
            CardWrong: what comes of it is no card.
        """
        self.card(slug)
        before = self.text(slug)
        after = edit(before)
        if after != before:
            self.write(slug, after, mark(before), who=who, why=why)
        return before, after

    def sync(self) -> None:
        """Have the store's rows of outlets follow the cards, as a crawl needs them."""
        stored_outlets.sync(self.db, list(self.outlets().values()))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one of all programs that writes cards at a desk; all are read again at the end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".desk.lock")
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise DeskRefusal("Another program writes cards just now. Please try again.") from error
        try:
            yield
        finally:
            lock.release()
            with self._lock:
                self._looked_at = None
                self._twins = None

    def _path(self, slug: str) -> Path:
        try:
            checks.slug(slug)
        except ValueError as error:
            raise NotThere(f"No outlet can have the name {slug}: {error}") from error
        return self.folder / f"{slug}{SUFFIX}"

    def _look(self) -> None:
        found: dict[str, tuple[tuple[int, int], Card]] = {}
        for file in sorted(_files(self.folder), key=lambda file: file.name):
            slug = file.name.removesuffix(SUFFIX)
            stamp = _stamp(file)
            known = self._read.get(slug)
            found[slug] = known if known and known[0] == stamp else (stamp, _card(slug, Path(file.path)))
        if found == self._read and self._looked_at is not None:
            return  # what is kept of these cards stays good
        self._read = found
        self._twins = None
        self._cards = {slug: card for slug, (_, card) in found.items()}


def _is_within(network: str, allowed: Sequence[str]) -> bool:
    """Whether a network lies in one of those that are allowed."""
    wanted = ip_network(network)
    return any(
        wanted.version == one.version and wanted.subnet_of(one)  # type: ignore[arg-type]
        for one in map(ip_network, allowed)
    )


def mark(text: str | None) -> str:
    """What tells one text of a card from another; empty of none."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def _card(slug: str, path: Path) -> Card:
    try:
        return Card(slug, outlets.read(path))
    except CardError as error:
        return Card(slug, None, str(error))


def _files(folder: Path) -> list[os.DirEntry[str]]:
    """The files of cards; those that are being written begin with a dot."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as files:
        return [file for file in files if file.name.endswith(SUFFIX) and not file.name.startswith(".")]


def _stamp(file: os.DirEntry[str]) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:  # removed just now; reading it tells
        return 0, 0
    return status.st_mtime_ns, status.st_size
