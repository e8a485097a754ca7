"""Addresses inside other addresses: redirects, share buttons, AMP caches."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from aggregator.urls.address import is_web, netloc
from aggregator.urls.change import Change, note
from aggregator.urls.rules import Wrapper, rules

_MOST_WRAPPERS = 5
_AROUND = re.compile(r"^[\x00-\x20\ufeff\u00a0\u200b]+|[\x00-\x20\ufeff\u00a0\u200b]+$")
_BREAKS = str.maketrans("", "", "\t\r\n")
_HOST_FIRST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,5})?(?:[/?#]|$)", re.IGNORECASE)


def unwrapped(url: str, changes: list[Change]) -> str | None:
    """The address itself, out of white space and of what only leads to it; None if there is none."""
    found = _web(url)
    if found is not None:
        note(changes, "address", url, found)
    for _ in range(_MOST_WRAPPERS):
        if found is None:
            return None
        inner = _inner(urlsplit(found))
        if inner is None:
            break
        changes.append(Change("wrapper", urlsplit(found).netloc))
        found = inner
    return found


def _web(url: str) -> str | None:
    text = _AROUND.sub("", url).translate(_BREAKS)
    if text.startswith("//"):
        text = f"https:{text}"
    elif _HOST_FIRST.match(text):
        text = f"https://{text}"
    if not is_web(text):
        return None
    try:
        netloc(urlsplit(text))
    except ValueError:
        return None
    return text


def _inner(parts: SplitResult) -> str | None:
    table, name = rules(), parts.hostname or ""
    if not table.wrapped.fullmatch(name):
        return None
    for wrapper in table.wrappers:
        if wrapper.host.fullmatch(name) and wrapper.path.fullmatch(parts.path or "/"):
            return _given(parts.query, wrapper)
    for cache in table.caches:
        if cache.host.fullmatch(name) and (found := cache.path.fullmatch(parts.path)):
            scheme = "https" if found["secure"] else "http"
            address = re.sub("%3f", "?", found["address"], flags=re.IGNORECASE)
            return _web(f"{scheme}://{address}" + (f"?{parts.query}" if parts.query else ""))
    return None


def _given(query: str, wrapper: Wrapper) -> str | None:
    given = dict(piece.partition("=")[::2] for piece in reversed(query.split("&")))
    for name in wrapper.parameters:
        value = unquote(given.get(name, ""))
        if value.startswith(("http://", "https://")) and (found := _web(value)):
            return found
    return None
