"""Manifests of saved pages: one JSON object a line, ``{id, url, html}``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.errors import ConfigError, ExtractError
from aggregator.extract.saved import contents, page_of
from aggregator.model.page import FetchedPage


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a manifest: the page it names, or what is wrong with it (``error``).

    ``path`` is absolute; ``number`` counts from 1; ``id`` falls back to the number as text.
    """

    number: int
    id: str
    url: str = ""
    path: Path = Path()
    error: str | None = None


class ManifestError(ConfigError):
    """The manifest cannot be read."""

    exit_code = 66


def lines(manifest: Path) -> Iterator[Line]:
    """The lines of a manifest in order; empty ones are left out, a bad one says so.

    Raises:
        ManifestError: there is no such file, or it cannot be read.
    """
    try:
        with manifest.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield _line(number, raw, manifest.parent)
    except OSError as error:
        raise ManifestError(f"{manifest}: cannot be read: {error.strerror}; name a JSONL file") from error


def _line(number: int, raw: bytes, folder: Path) -> Line:
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Line(number, str(number), error=f"line {number}: not JSON: {error}")
    if not isinstance(row, dict):
        return Line(number, str(number), error=f"line {number}: not an object with id, url and html")
    # A lone surrogate can be written in JSON, and neither in UTF-8 nor in a path.
    row = {key: _encodable(value) for key, value in row.items()}
    name = str(row.get("id", number))
    url, html = row.get("url"), row.get("html")
    if not isinstance(url, str) or not url.strip():
        return Line(number, name, error=f"line {number}: url: the page's address expected, got {url!r}")
    if not isinstance(html, str) or not html or "\0" in html:
        return Line(
            number, name, url, error=f"line {number}: html: the path of a file expected, got {html!r}"
        )
    return Line(number, name, url, folder / html)


def _encodable(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def read(line: Line) -> FetchedPage:
    """The page that a line names, as if it had just been fetched; at most 10 MiB of it.

    Raises:
        ExtractError: the file is missing, unreadable, or no gzip file in spite of its name.
    """
    try:
        return page_of(line.url, contents(line.path))
    except ExtractError as error:
        raise ExtractError(f"line {line.number}: {error}") from error
