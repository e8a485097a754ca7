"""The program itself: Python, libraries, its own files, SQLite."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import resources
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources.abc import Traversable
from typing import Final

from packaging.requirements import Requirement

from aggregator import project
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.errors import CrawlError

CATALOGS: Final = ("ar", "de", "es", "fr", "it", "ja", "pt", "zh")
"""The languages of the interface beside English."""

_AGAIN: Final = "install it again: pip install --upgrade aggregator"


def program() -> Iterator[Complaint]:
    """All about the program as it is installed here."""
    yield from libraries(_required(), version)
    yield from catalogs(resources.files("aggregator.site") / "locale")
    try:
        project.root()
    except CrawlError as error:
        yield Complaint(Ailment.PROJECT_MISSING, "scrapy.cfg", str(error), _AGAIN)
    with closing(sqlite3.connect(":memory:")) as file:
        yield from full_text([str(row[0]) for row in file.execute("PRAGMA compile_options")])


def libraries(required: Sequence[str], found: Callable[[str], str]) -> Iterator[Complaint]:
    """Whether each library is there in a version that we work with; extras are nobody's duty."""
    for line in required:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            there = found(wanted.name)
        except PackageNotFoundError:
            yield Complaint(Ailment.LIBRARY_WRONG, wanted.name, "not installed", f"pip install '{wanted}'")
            continue
        if not wanted.specifier.contains(there, prereleases=True):
            yield Complaint(
                Ailment.LIBRARY_WRONG,
                wanted.name,
                f"version {there}; needs {wanted.specifier}",
                f"pip install '{wanted.name}{wanted.specifier}'",
            )


def catalogs(folder: Traversable) -> Iterator[Complaint]:
    """Whether the site's words are there in all languages."""
    missing = [name for name in CATALOGS if not (folder / f"{name}.po").is_file()]
    if missing:
        told = f"no catalog of {', '.join(missing)}: the site speaks English to them"
        yield Complaint(Ailment.LOCALE_MISSING, str(folder), told, _AGAIN)


def full_text(options: Sequence[str]) -> Iterator[Complaint]:
    """Whether SQLite can search."""
    if "ENABLE_FTS5" not in options:
        yield Complaint(
            Ailment.NO_FTS5,
            f"SQLite {sqlite3.sqlite_version}",
            "built without FTS5, which search is made of",
            "use a Python whose SQLite has it (python.org's and Debian's do), or PostgreSQL",
        )


def _required() -> Sequence[str]:
    try:
        return requires("aggregator") or ()
    except PackageNotFoundError:  # a bare checkout
        return ()
