"""The settings file without what nobody else may know."""

from collections.abc import Iterator, MutableMapping
from typing import Any, Final

import tomlkit
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from tomlkit.exceptions import ParseError

SECRETS: Final = (("smtp", "password"), ("webhooks", "*", "secret"))
"""Where secrets stand; ``*`` is any name."""

URLS: Final = ("database", "http_proxy")
"""Addresses that may hold a password."""


def without_secrets(text: str) -> tuple[str, tuple[str, ...]]:
    """A settings file without its secrets, and the names of the settings that lost one.

    A file that is no TOML may hold one anywhere: nothing of it is left, and ``*`` stands for all names.
    """
    try:
        document = tomlkit.parse(text)
    except ParseError:
        return "", ("*",)
    names = [".".join(path) for secret in SECRETS for path in _remove(document, secret)]
    names += [name for name in URLS if _hide(document, name)]
    return tomlkit.dumps(document), tuple(sorted(names))


def _remove(table: MutableMapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    first, *rest = path
    for key in list(table) if first == "*" else [first]:
        if key not in table:
            continue
        if not rest:
            del table[key]
            yield (key,)
        elif isinstance(table[key], MutableMapping):
            for below in _remove(table[key], tuple(rest)):
                yield (key, *below)


def _hide(document: MutableMapping[str, Any], name: str) -> bool:
    value = document.get(name)
    if not isinstance(value, str):
        return False
    try:
        url = make_url(value)
    except ArgumentError:
        return False
    if not url.password:
        return False
    document[name] = url.set(password="").render_as_string(hide_password=False).replace(":@", "@")
    return True
