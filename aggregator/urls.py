"""URLs: one normal form, and the key under which two addresses are one page."""

import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

LONGEST_CHARS = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WEB_HOST = re.compile(r"^(?:www\d?|m|mobile)\.(?=[^.]+\.[^.])")
_SAME_SITE = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)


@cache
def _tracking() -> tuple[tuple[str, ...], frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("tracking.toml").read_text(encoding="utf-8"))
    return tuple(data["prefixes"]), frozenset(data["names"])


def _is_tracking(name: str) -> bool:
    prefixes, names = _tracking()
    low = name.lower()
    return low in names or low.startswith(prefixes)


def is_web(url: str) -> bool:
    """Whether this is an absolute http(s) URL with a host, short enough to be meant seriously."""
    if len(url) > LONGEST_CHARS:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def host(url: str) -> str:
    """The lower-case host name of a URL, without port; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def site(url: str) -> str:
    """The site that a URL belongs to: its host and port, without ``www.``, ``m.`` or ``amp.``; else empty."""
    return _SAME_SITE.sub("", _netloc(urlsplit(url)).lower()) if is_web(url) else ""


def is_same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one site; a host below the other's domain does, no address never does."""
    first, second = site(one), site(other)
    if not (first and second):
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def canonical_url(url: str) -> str:
    """The normal form of a URL: same page, no tracking.

    Lower-case scheme and host, no default port, no fragment, percent-encoding normalised (RFC 3986, 6.2.2),
    query parameters sorted and without those of ``tracking.toml``. A URL that is not http(s) or cannot be
    parsed comes back unchanged.
    """
    if not is_web(url):
        return url
    try:
        clean = urlsplit(canonicalize_url(safe_url_string(url.strip()), keep_blank_values=True))
        query = [
            (key, value)
            for key, value in parse_qsl(clean.query, keep_blank_values=True)
            if not _is_tracking(key)
        ]
        return urlunsplit((clean.scheme, _netloc(clean), clean.path or "/", urlencode(query), ""))
    except ValueError:
        return url


def _netloc(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if ":" in name:
        name = f"[{name}]"
    port = parts.port
    return name if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f"{name}:{port}"


def url_key(url: str) -> str:
    """The identity of a URL: 32 hex digits, equal for addresses that show the same page.

    Blind to scheme, ``www.`` and ``m.`` hosts, a trailing slash and index pages, on top of
    ``canonical_url``.
    """
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:  # such as http://[::1/: its own identity, and nobody else's
        return _digest(url)
    path = _INDEX_PAGE.sub("/", parts.path).rstrip("/")
    identity = f"{_WEB_HOST.sub('', parts.netloc)}{path}?{parts.query}"
    return _digest(identity)


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
