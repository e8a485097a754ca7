"""Addresses of the web: which strings are one, where they lead, to which site they belong."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

LONGEST_CHARS = 2000
_REMEMBERED = 4_000  # addresses: lists of articles ask for the same few again and again
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAME_SITE = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")

# What no URL may hold (RFC 3986 and 3987): controls, spaces, quotes and brackets, invisible characters.
_NOT_IN_URLS = re.compile(
    '[\x00-\x20\x7f-\xa0"<>\\\\^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]'
)
# Hosts without a registrable domain: IP addresses, and names without a dot.
_BARE_HOST = re.compile(r"[\d.]+|[0-9a-f:]*:[0-9a-f:.]*|[^.]+")


def is_web(url: str) -> bool:
    """Whether this is an absolute http(s) URL with a host, short enough to be meant seriously."""
    return len(url) <= LONGEST_CHARS and _is_web(url)


@lru_cache(maxsize=_REMEMBERED)
def _is_web(url: str) -> bool:
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
    return _site(url) if is_web(url) else ""


@lru_cache(maxsize=_REMEMBERED)
def _site(url: str) -> str:
    return _SAME_SITE.sub("", netloc(urlsplit(url)).lower())


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


def netloc(parts: SplitResult) -> str:
    """Host and port as they identify a server: no user, lower case, IDNA 2008 (UTS 46), no default port.

    Raises:
        ValueError: the port is no number from 0 to 65535.
    """
    name = _ascii((parts.hostname or "").rstrip("."))
    if ":" in name:
        name = f"[{name}]"
    port = parts.port
    return name if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f"{name}:{port}"


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except UnicodeError:  # no name that can be registered: its own identity
        return quote(name, safe="").lower()
