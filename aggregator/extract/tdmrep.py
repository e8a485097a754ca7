"""A host's file on text and data mining: ``/.well-known/tdmrep.json`` (TDMRep, W3C community group, 2024)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aggregator.model.page import Reservation
from aggregator.urls import absolute

PATH = "/.well-known/tdmrep.json"
LARGEST_BYTES = 256 * 1024
"""The examples of the protocol have some hundred bytes; a larger file is no such file."""

_MOST_RULES = 500
_LONGEST_CHARS = 500


@dataclass(frozen=True, slots=True)
class TdmRule:
    """What one entry of the file says about the paths that begin like its ``location`` (``*``, ``$``)."""

    location: str
    is_reserved: bool
    policy: str | None = None

    def matches(self, path: str) -> bool:
        """Whether it speaks of this path, as patterns of robots.txt do (RFC 9309, 2.2.3)."""
        is_whole = self.location.endswith("$")
        first, *others = self.location.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        # The first place of each part leaves most for the next: no other has to be tried.
        at = len(first)
        for part in others:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if not is_whole or at == len(path):
            return True
        return bool(others) and path.endswith(others[-1]) and at <= len(path)


def rules(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of the file, in its order; what is not of its form is passed over, as the protocol asks."""
    if len(body) > LARGEST_BYTES:
        return ()
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    entries = listed if isinstance(listed, list) else [listed]
    return tuple(_rules(entries[:_MOST_RULES]))


def _rules(entries: Sequence[Any]) -> Iterator[TdmRule]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        location, value, policy = (entry.get(key) for key in ("location", "tdm-reservation", "tdm-policy"))
        if not isinstance(location, str) or str(value) not in {"0", "1"}:
            continue
        if len(location) <= _LONGEST_CHARS:
            yield TdmRule(location, str(value) == "1", policy if isinstance(policy, str) else None)


def reservation(found: Sequence[TdmRule], url: str) -> Reservation | None:
    """The reservation of a page; None if the file makes none.

    Where several rules match, some take the first and some the longest: either one that reserves counts.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    matching = [rule for rule in found if rule.matches(path)]
    if not matching:
        return None
    for rule in (matching[0], max(matching, key=lambda one: len(one.location))):
        if rule.is_reserved:
            return Reservation(f"file:{PATH}", absolute(url, rule.policy) if rule.policy else None)
    return None
