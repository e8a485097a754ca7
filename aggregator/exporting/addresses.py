"""Addresses of the exported site: every page a folder, nothing behind a question mark."""

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from aggregator.model.edition import Publication
from aggregator.site.links import Links

SEGMENT_BYTES = 200
"""File systems take 255 bytes for a name; a topic of 80 letters may have more."""

SEARCH = "/search"
_NAMED = re.compile(r"/(?:outlet|topic)/[^/]+")  # whatever dots a name has, it is no file
_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class ExportedLinks(Links):
    """Links of the exported site, each remembered with the address under which the running site has it.

    As pages are made, ``asked`` grows to all that must be exported; ``waiting`` are those of it that nobody
    took yet, without the prefix.
    """

    asked: dict[str, str] = field(default_factory=dict)
    waiting: deque[str] = field(default_factory=deque)

    @property
    def is_static(self) -> bool:
        """Whether the site is files only: nothing can be sent."""
        return True

    def article(self, publication: Publication) -> str:
        """The page of a publication, without words: its folder stays when the headline changes."""
        running = super(ExportedLinks, self).article(publication).removeprefix(self.prefix)
        return self.remember(exported(f"/article/{publication.id}"), running)

    def permanent(self, publication_id: int) -> str:
        """The same address that the running site gives for good; it leads to the article's folder."""
        return f"{self.prefix}/article/{publication_id}"

    def search(self, query: str = "", *, page: int = 1, **filters: str | None) -> str:  # noqa: ARG002 - a running site's
        """The page that searches the index files beside it."""
        return self._path(SEARCH)

    def settings(self) -> str:
        """Where the running site lets readers choose: nothing here."""
        return f"{self.prefix}/settings"

    def takedown(self, about: str | None = None) -> str:  # noqa: ARG002 - the form's
        """How to ask for a takedown without a form."""
        return f"{self.about()}#takedown"

    def api(self, path: str = "", **query: str | None) -> str:  # noqa: ARG002 - the running API's
        """Where the running site has its API: nothing here."""
        return f"{self.prefix}/api/v1{path}"

    def api_pages(self) -> str:
        """Where the running site explains its API: nothing here."""
        return f"{self.prefix}/api"

    def _path(self, path: str, **query: str | None) -> str:
        running = super(ExportedLinks, self)._path(path, **query).removeprefix(self.prefix)
        return self.remember(exported(running), running)

    def remember(self, address: str, running: str) -> str:
        """The link to an exported address, remembered with the running site's."""
        if address not in self.asked:
            self.asked[address] = running
            self.waiting.append(address)
        return self.prefix + address

    def forget(self) -> None:
        """Begin anew."""
        self.asked.clear()
        self.waiting.clear()


def exported(running: str) -> str:
    """The exported address of a path and query of the running site.

    ``/?language=fr`` becomes ``/language/fr/``, ``/outlet/harbour/feed.atom?volume=2`` becomes
    ``/outlet/harbour/volume/2/feed.atom``.
    """
    parts = urlsplit(running)
    segments = [_short(unquote(each)) for each in parts.path.split("/") if each]
    name = segments.pop() if _is_file(parts.path) else None
    for key, value in parse_qsl(parts.query):
        segments += [_short(key), _short(value)]
    folder = "".join(f"/{quote(each, safe='')}" for each in segments)
    return f"{folder}/{quote(name, safe='') if name else ''}"


def file_of(address: str) -> str:
    """The file that a web host answers under an exported address with, relative to the export's folder.

    Raises:
        ValueError: the address leads out of the folder; none of ours does.
    """
    segments = [unquote(each) for each in address.removeprefix("/").split("/")]
    if segments[-1] == "":
        segments[-1] = _INDEX
    if any(each in {"", ".", ".."} or "/" in each or "\0" in each for each in segments):
        raise ValueError(f"{address!r}: no address of an exported page")
    return "/".join(segments)


def _is_file(path: str) -> bool:
    return "." in path.rpartition("/")[2] and not _NAMED.fullmatch(path)


def _short(segment: str) -> str:
    """The segment as a name that a file system takes."""
    if len(segment.encode("utf-8", "replace")) <= SEGMENT_BYTES:
        return segment
    digest = hashlib.sha256(segment.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{segment[: SEGMENT_BYTES // 8]}-{digest}"
