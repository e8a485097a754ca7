"""Twins: cards that describe one outlet twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from aggregator.model.outlet import Outlet, SeedKind
from aggregator.urls import canonical_url, site, url_key


def twins(outlets: Iterable[Outlet]) -> dict[str, tuple[str, ...]]:
    """For each card that has any the slugs of the others that describe its outlet, too.

    Two cards are of one outlet if they share a feed, or if their homepages are of one site. Editions of a
    site under paths of their own (``/en/`` and ``/fr/``) are outlets of their own; its front page is all
    of it.
    """
    every = list(outlets)
    found: dict[str, set[str]] = defaultdict(set)
    for group in (*_sharing_feeds(every).values(), *_sharing_sites(every).values()):
        for one in group:
            found[one.slug] |= {other.slug for other in group if other is not one and _are_one(one, other)}
    return {slug: tuple(sorted(others)) for slug, others in sorted(found.items()) if others}


def _sharing_feeds(outlets: Iterable[Outlet]) -> Mapping[str, list[Outlet]]:
    groups: dict[str, list[Outlet]] = defaultdict(list)
    for outlet in outlets:
        for key in _feeds(outlet):
            groups[key].append(outlet)
    return groups


def _sharing_sites(outlets: Iterable[Outlet]) -> Mapping[str, list[Outlet]]:
    groups: dict[str, list[Outlet]] = defaultdict(list)
    for outlet in outlets:
        groups[site(outlet.homepage)].append(outlet)
    return groups


def _are_one(one: Outlet, other: Outlet) -> bool:
    if _feeds(one) & _feeds(other):
        return True
    (where, path), (other_site, other_path) = place(one.homepage), place(other.homepage)
    return where == other_site and (path == other_path or not (path and other_path))


def place(homepage: str) -> tuple[str, str]:
    """Site and path of a home page, with what its query tells: what makes two of them one outlet's."""
    parts = urlsplit(canonical_url(homepage))  # without what only tracks
    return site(homepage), parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def _feeds(outlet: Outlet) -> set[str]:
    return {url_key(seed.url) for seed in outlet.seeds if seed.kind is SeedKind.FEED}
