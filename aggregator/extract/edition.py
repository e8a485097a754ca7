"""Which edition of the rules extracts: a few digits that change with anything a text depends on."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from aggregator.extract import phrasebook
from aggregator.extract.learned import Learned
from aggregator.model.outlet import Rules

_LIBRARIES = ("trafilatura", "lxml", "dateparser", "py3langid")


@cache
def _of_code() -> str:
    """The digits of this folder's rules and phrases, the operator's, and of the libraries that they call."""
    folder = Path(__file__).parent
    digest = hashlib.sha256(" ".join(version(name) for name in _LIBRARIES).encode())
    own = phrasebook.own_folder().glob("*.toml")
    for path in [*sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]), *sorted(own)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(rules: Rules, learned: Learned) -> str:
    """16 hex digits, equal where a page gives the same article, other articles' headlines aside."""
    return hashlib.sha256(f"{_of_code()} {rules!r} {learned.stamp()}".encode()).hexdigest()[:16]
