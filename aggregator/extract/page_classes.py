"""Page classes: loaded from the Python file that a card names, in the process that extracts.

The file is not imported as a module of the program: extraction knows no folder of outlets, and a card in any
place can have its class beside it.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path

from aggregator.errors import CardError
from aggregator.extract.outlet_page import OutletPage

PageClasses = tuple[type[OutletPage], ...]


def load(file: str) -> PageClasses:
    """The page classes that a file defines.

    Raises:
        CardError: the file cannot be read or run, defines none, or two for one layout.
    """
    try:
        changed_at = Path(file).stat().st_mtime_ns
    except OSError as error:
        raise CardError(f"{file}: cannot be read: {error.strerror}: correct rules.page_class") from error
    return _load(file, changed_at)


@lru_cache(maxsize=1024)
def _load(file: str, changed_at: int) -> PageClasses:
    name = f"aggregator_page_class_{Path(file).stem}_{changed_at}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CardError(f"{file}: expected a Python file that ends in .py, in rules.page_class")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # an outlet's own code may raise anything
        raise CardError(f"{file}: cannot be run: {type(error).__name__}: {error}") from error
    found = tuple(
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, OutletPage) and each.__module__ == name
    )
    layouts = [each.until for each in found]
    if not found or len(set(layouts)) < len(layouts):
        raise CardError(
            f"{file}: expected one or more subclasses of OutletPage, each with an until of its own"
            f" (one may have none); got {', '.join(each.__name__ for each in found) or 'none'}"
        )
    return found
