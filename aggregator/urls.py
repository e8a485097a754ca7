"""URLs: one normal form, and the key under which two addresses are one page."""

import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

LONGEST_CHARS = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WEB_HOST = re.compile(r"^(?:www\d?|m|mobile)\.(?=[^.]+\.[^.])")
_SAME_SITE = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)


# What no URL may hold (RFC 3986 and 3987): controls, spaces, quotes and brackets, invisible characters.
_NOT_IN_URLS = re.compile(
    '[\x00-\x20\x7f-\xa0"<>\\\\^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]'
)
# Hosts without a registrable domain: IP addresses, and names without a dot.
_BARE_HOST = re.compile(r"[\d.]+|[0-9a-f:]*:[0-9a-f:.]*|[^.]+")


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


def absolute(base: str, link: str) -> str | None:
    """The absolute http(s) URL that a link in the document at ``base`` means, or None.

    Line breaks inside it go, as in browsers; other characters that no URL may hold are percent-encoded, and
    letters of any script stay.
    """
    link = link.strip()
    try:
        url = urljoin(base, "".join(link.split()) if "\n" in link else link)
    except ValueError:
        return None
    if not link or not is_web(url):
        return None
    url = _NOT_IN_URLS.sub(lambda found: quote(found[0], safe="", errors="replace"), url)
    return url if is_web(url) else None


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


def is_same_domain(one: str, other: str) -> bool:
    """Whether two URLs lie under one registrable domain; without one (an IP address) host and port decide.

    Wider than ``is_same_site``, which parts the hosts that one domain rents out.
    """
    if _BARE_HOST.fullmatch(host(one)):
        return urlsplit(one).netloc == urlsplit(other).netloc
    if host(one) == host(other):
        return True
    from courlan import extract_domain  # late: it loads urllib3, 0.1 s that most commands need not wait for

    domain = extract_domain(one, fast=True)
    return domain is not None and domain == extract_domain(other, fast=True)


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
