"""Hosts: which outlet a page belongs to, and whether its card wants it, given only the page's address."""

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from aggregator.model.outlet import Outlet
from aggregator.urls import site


def is_wanted(outlet: Outlet, url: str) -> bool:
    """Whether the patterns of an outlet's card let an address through."""
    if outlet.include and not any(re.search(pattern, url) for pattern in outlet.include):
        return False
    return not any(re.search(pattern, url) for pattern in outlet.exclude)


class Hosts:
    """Outlets by the host of their homepage; hosts below it are theirs, too, unless another has them.

    Of several outlets at one host (editions under ``/en/`` and ``/fr/``) a page belongs to the one whose
    homepage shares most of its path, from the left; to none if that is more than one, or nobody's path.
    """

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._at: dict[str, list[Outlet]] = defaultdict(list)
        for outlet in sorted(outlets, key=lambda each: (each.paused, each.slug)):
            if home := site(outlet.homepage):
                self._at[home].append(outlet)

    def outlet_of(self, url: str) -> Outlet | None:
        """The outlet of a page; None if no card is its host's."""
        host = site(url)
        while host:
            if found := self._at.get(host):
                return found[0] if len(found) == 1 else _nearest(found, url)
            host = host.partition(".")[2]
        return None


def _nearest(outlets: list[Outlet], url: str) -> Outlet | None:
    path = _path(url)
    # Two cards for one outlet have the same homepage: the first by name that is not paused has its pages.
    homes = {tuple(_path(each.homepage)): each for each in reversed(outlets)}
    shared = {home: _shared(list(home), path) for home in homes}
    most = max(shared.values())
    best = [home for home, count in shared.items() if count == most]
    if most == 0:
        # The front page is all of a site.
        return homes.get(())
    return homes[best[0]] if len(best) == 1 else None


def _path(url: str) -> list[str]:
    return [part for part in urlsplit(url).path.split("/") if part]


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
