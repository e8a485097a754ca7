"""An outlet as a list names it, and what becomes of each line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aggregator.model.outlet import SeedKind

MOST_ENTRIES: Final = 10_000
"""Entries that are taken from a list: ten times the largest list that readers are known to keep."""

MOST_BYTES: Final = 16 * 1024 * 1024


class End(StrEnum):
    """What became of an entry of a list."""

    WRITTEN = "written"
    MERGED_FEED = "merged/feed"
    MERGED_OUTLET = "merged/outlet"
    KNOWN_FEED = "known/feed"
    KNOWN_OUTLET = "known/outlet"
    NO_ADDRESS = "invalid/no-address"
    ADDRESS = "invalid/address"
    XML = "invalid/xml"
    CARD = "invalid/card"
    TOO_MANY = "skipped/too-many"

    @property
    def is_trouble(self) -> bool:
        """Whether something of the list was lost."""
        return self.value.startswith(("invalid/", "skipped/"))


class Format(StrEnum):
    """How a list is written."""

    OPML = "opml"
    CSV = "csv"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list: a seed, or a home page alone; empty where the list says nothing.

    ``line`` counts from 1. Addresses are http(s) URLs; the other texts are as they stood there.
    """

    line: int
    seed: str = ""
    kind: SeedKind = SeedKind.FEED
    homepage: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    slug: str = ""
    licence: str = ""
    licence_url: str = ""

    @property
    def address(self) -> str:
        """What tells this entry from others."""
        return self.seed or self.homepage


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that cannot be used, and why."""

    line: int
    end: End
    words: str


Entry = Listed | Refused


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an entry; ``outlet`` is the slug of the card that has it now, ``words`` say more."""

    line: int
    end: End
    outlet: str = ""
    words: str = ""
