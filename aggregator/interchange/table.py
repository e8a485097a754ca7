"""Tables of outlets (CSV), in and out."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from aggregator.errors import ListError
from aggregator.interchange.address import bare
from aggregator.interchange.listed import End, Entry, Listed, Refused
from aggregator.model.outlet import Outlet, SeedKind

COLUMNS: Final = (
    "slug", "name", "homepage", "kind", "seed", "language", "country", "licence", "licence_url",
)  # fmt: skip
_NAMES: Final = {
    "seed": ("seed", "feed", "xmlurl", "feed_url", "feedurl", "rss", "feed url"),
    "url": ("url", "address", "link"),
    "homepage": ("homepage", "htmlurl", "site", "website", "home", "site_url", "home page"),
    "name": ("name", "title", "text", "outlet"),
    "language": ("language", "lang"),
    "country": ("country",),
    "kind": ("kind", "type"),
    "slug": ("slug", "id"),
    "licence": ("licence", "license"),
    "licence_url": ("licence_url", "license_url"),
}
_KINDS: Final = {kind.value: kind for kind in SeedKind}
_SAMPLE_CHARS: Final = 8_192


def is_header(line: str) -> bool:
    """Whether a first line names a column with addresses."""
    cells = {cell.strip(' "\ufeff').lower() for cell in _split(line)}
    return any(cells & set(_NAMES[column]) for column in ("seed", "url", "homepage"))


def _split(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def read(text: str, name: str) -> Iterator[Entry]:
    """The rows of a table whose first line names its columns.

    Commas, semicolons or tabs part the cells. Columns have the names of ``COLUMNS``, or those that other
    programs give them.

    Raises:
        ListError: no column holds addresses.
    """
    head, _, _ = text[:_SAMPLE_CHARS].partition("\n")
    if not is_header(head):
        raise ListError(
            f"{name}: expected a first line with the names of columns, seed or homepage among them, such as"
            f" {','.join(COLUMNS)}; got {head[:200]!r}"
        )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(head))
    header = [cell.strip(" \ufeff").lower() for cell in next(rows)]
    places = {
        column: next((header.index(one) for one in names if one in header), None)
        for column, names in _NAMES.items()
    }
    last = rows.line_num
    try:
        for row in rows:
            line, last = last + 1, rows.line_num
            if any(cell.strip() for cell in row):
                yield _entry(line, row, places)
    except csv.Error as error:
        yield Refused(last + 1, End.NO_ADDRESS, f"the row cannot be read ({error}); what follows is missing")


def _entry(line: int, row: list[str], places: Mapping[str, int | None]) -> Listed:
    def cell(column: str) -> str:
        place = places[column]
        return row[place].strip() if place is not None and place < len(row) else ""

    seed, homepage, kind = cell("seed"), cell("homepage"), _KINDS.get(cell("kind").lower())
    if not seed and (url := cell("url")):
        found = bare(line, url)
        seed = url if kind else found.seed
        homepage, kind = homepage or found.homepage, kind or found.kind
    return Listed(
        line, seed, kind or SeedKind.FEED, homepage, cell("name"), cell("language"), cell("country"),
        cell("slug"), cell("licence"), cell("licence_url"),
    )  # fmt: skip


def write(outlets: Iterable[Outlet]) -> str:
    """A row for each seed of each outlet, under ``COLUMNS``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outlet in outlets:
        for seed in outlet.seeds:
            writer.writerow(
                (
                    outlet.slug, outlet.name, outlet.homepage, seed.kind.value, seed.url, outlet.language,
                    outlet.country, outlet.rights.licence or "", outlet.rights.licence_url or "",
                )
            )  # fmt: skip
    return out.getvalue()
