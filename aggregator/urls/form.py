"""The normal form of an address, and the identity of the page behind it, each with its reasons."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from aggregator.urls.address import netloc
from aggregator.urls.change import Change, note
from aggregator.urls.identity import identity
from aggregator.urls.percent import encoded, name_and_value
from aggregator.urls.rules import rules
from aggregator.urls.wrapped import unwrapped

# Parameters that were put behind a path without its question mark, or behind a second one.
_GLUED = re.compile(r"(?:[&?]|%26|%3F)(?:amp;)?([\w.-]+)(?:=|%3D)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """An address in its normal form.

    ``url`` can be fetched and shows the same page; ``identity`` is equal for all addresses of one page, and
    is no address. ``changes`` tells how they came about, in order.
    """

    url: str
    identity: str
    changes: tuple[Change, ...]


@lru_cache(maxsize=256)
def form(url: str) -> Form:
    """The form of any string; one that is no http(s) address is its own.

    ``url``: RFC 3986, 6.2.2 (case, percent-encoding, dot segments), no default port, user or fragment, out of
    its wrapper or AMP cache, without tracking and session parameters, the others sorted. ``identity``: also
    blind to scheme, ``www.``, ``m.`` and ``amp.`` hosts, AMP, print and one-page views, index pages, doubled
    and trailing slashes, blank values.
    """
    changes: list[Change] = []
    plain = unwrapped(url, changes)
    if plain is None:
        return Form(url, url, ())
    parts = urlsplit(plain)
    server = netloc(parts)
    note(changes, "host", parts.netloc, server)
    path = _path(parts.path, changes)
    glued = _glue(path)
    if glued is not None:
        changes.append(Change("tracking", path[glued:]))
        path = path[:glued]
    query = _query(parts.query, changes)
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    note(changes, "fragment", parts.fragment, fragment)
    clean = urlunsplit((parts.scheme, server, path or "/", "&".join(query), encoded(fragment)))
    return Form(clean, identity(server, path, query, encoded(fragment), changes), tuple(changes))


def canonical_url(url: str) -> str:
    """The normal form of a URL, ready to be fetched: same page, no tracking.

    A URL that is not http(s) or cannot be parsed comes back unchanged.
    """
    return form(url).url


def url_key(url: str) -> str:
    """The identity of a URL: 32 hex digits, equal for addresses that show the same page."""
    return hashlib.sha256(form(url).identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _path(path: str, changes: list[Change]) -> str:
    """The path without dot segments and session numbers, percent-encoded in one way."""
    normal = _without_dots(encoded(path.replace("\\", "/")))
    note(changes, "encoding", path, normal)
    if ";" in normal or "/(" in normal:
        table = rules().path
        segments = [s for s in normal.split("/") if not table.session_segment.fullmatch(s)]
        segments = [found["rest"] if (found := table.session.fullmatch(s)) else s for s in segments]
        note(changes, "session", normal, "/".join(segments))
        normal = "/".join(segments)
    return normal


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in {".", ".."} and kept[-1:] != [""] else "")


def _glue(path: str) -> int | None:
    """Where in a path tracking parameters begin that lack their question mark."""
    for found in _GLUED.finditer(path):
        name = found[1].lower()
        if rules().tracking.match(name, path[found.end() :]):
            return found.start()
    return None


def _query(query: str, changes: list[Change]) -> list[str]:
    """The parameters that are left, each once, sorted."""
    kept = []
    table = rules()
    for piece in _pieces(query):
        name, value = name_and_value(piece)
        if table.tracking.match(name, value):
            changes.append(Change("tracking", name))
        elif table.session.match(name, value):
            changes.append(Change("session", name))
        else:
            kept.append(piece)
    ordered = sorted(set(kept))
    note(changes, "order", "&".join(kept), "&".join(ordered))
    return ordered


def _pieces(query: str) -> list[str]:
    if "?" in query:
        query = _GLUED.sub(lambda found: _parted(found[0], found[1]), query)
    pieces = (piece.removeprefix("amp;") for piece in query.split("&"))
    return [encoded(piece).replace("+", "%20") for piece in pieces if piece not in {"", "="}]


def _parted(text: str, name: str) -> str:
    return f"&{name}=" if text[0] == "?" and rules().tracking.match(name.lower(), "") else text
