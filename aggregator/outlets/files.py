"""The files of the cards: read, and written whole."""

import dataclasses
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aggregator.errors import CardError, ConfigError
from aggregator.model.outlet import Outlet
from aggregator.outlets import checks
from aggregator.outlets.card import Card
from aggregator.outlets.complaints import complaints
from aggregator.outlets.text import dumps

SUFFIX = ".toml"
_MOST_BYTES = 256 * 1024


def read(path: Path) -> Outlet:
    """The outlet that a card describes; its slug is the file's name without ``.toml``.

    Raises:
        CardError: everything that is wrong with the card, one line each: file, key, what was expected.
    """
    return loads(text_of(path), path)


def loads(text: str, path: Path) -> Outlet:
    """The outlet that a card's text describes, as if it stood in this file.

    Raises:
        CardError: as of ``read``.
    """
    shown = _shown(path)
    data = _toml(text, shown)
    slug = path.name.removesuffix(SUFFIX)
    lines = []
    try:
        checks.slug(slug)
    except ValueError as error:
        lines.append(f"{shown}: file name: {error}")
    if (named := data.pop("slug", slug)) != slug:
        lines.append(f"{shown}: slug: expected {slug!r}, the file's name, or no slug; got {named!r}")
    try:
        card = Card.model_validate(data)
    except ValidationError as error:
        lines += complaints(error, shown)
    if lines:
        raise CardError("\n".join(lines))
    outlet = card.outlet(slug)
    return _with_page_class(outlet, path, shown) if outlet.rules.page_class else outlet


def _with_page_class(outlet: Outlet, path: Path, shown: str) -> Outlet:
    """The outlet with the whole path of its page class, whatever folder a process works in."""
    file = Path.cwd() / path.parent / (outlet.rules.page_class or "")
    if not file.is_file():
        raise CardError(
            f"{shown}: rules.page_class: expected the path of a Python file, relative to the card;"
            f" got {file}, which is not there"
        )
    rules = dataclasses.replace(outlet.rules, page_class=str(file))
    return dataclasses.replace(outlet, rules=rules)


def text_of(path: Path) -> str:
    """A card's text.

    Raises:
        CardError: it cannot be read, is too large or is not UTF-8.
    """
    shown = _shown(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CardError(f"{shown}: expected a card of at most {_MOST_BYTES // 1024} KB")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CardError(f"{shown}: expected UTF-8 text; byte {error.start} is none") from error
    except OSError as error:
        raise CardError(f"{shown}: cannot be read: {error.strerror}") from error


def _toml(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Python reads no number of more than 4,300 digits, and says so with a bare ValueError.
        raise CardError(f"{shown}: expected valid TOML: {error}") from error


def _shown(path: Path) -> str:
    """The path as people type it: relative to the working directory if it lies inside."""
    here = Path.cwd()
    full = here / path
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(path)


def load(folder: Path) -> dict[str, Outlet]:
    """All outlets of a folder by slug, in the order of their slugs.

    Raises:
        CardError: everything that is wrong with any of the cards.
        ConfigError: there is no such folder.
    """
    outlets, errors = load_good(folder)
    if errors:
        raise CardError("\n".join(map(str, errors)))
    return outlets


def load_good(folder: Path) -> tuple[dict[str, Outlet], tuple[CardError, ...]]:
    """The outlets of the good cards of a folder, and one error for each bad card.

    Raises:
        ConfigError: there is no such folder.
    """
    outlets, errors = {}, []
    for path in _cards(folder):
        try:
            outlet = read(path)
        except CardError as error:
            errors.append(error)
        else:
            outlets[outlet.slug] = outlet
    return outlets, tuple(errors)


def _cards(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise ConfigError(
            f"{_shown(folder)}: no such folder of outlet cards; `aggregator outlet new URL` makes it with a"
            " first card, and `outlets` in aggregator.toml names another"
        )
    yield from sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))


def write(outlet: Outlet, folder: Path) -> Path:
    """Write an outlet's card into a folder, whole or not at all; an older card of that slug is replaced.

    Raises:
        ConfigError: the folder or the file cannot be written.
    """
    path = folder / f"{outlet.slug}{SUFFIX}"
    _write(path, dumps(outlet))
    return path


def put(path: Path, text: str) -> None:
    """Give a card a text, whole or not at all, whether there was one or not.

    Raises:
        ConfigError: the folder or the file cannot be written.
    """
    _write(path, text)


def replace(path: Path, text: str) -> Path:
    """Give a card a new text, whole or not at all, and keep the old one beside it; returns where.

    Raises:
        CardError: there is no such card.
        ConfigError: the folder or the file cannot be written.
    """
    before = path.with_name(f"{path.name}.before")
    _write(before, text_of(path))
    _write(path, text)
    return before


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"{_shown(path)}: cannot be written: {error.strerror}") from error
