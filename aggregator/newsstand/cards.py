"""The demo outlets' cards, with the addresses on which they are served."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aggregator import outlets
from aggregator.model.outlet import Outlet


def cards(folder: Path, bases: Mapping[str, str]) -> list[Outlet]:
    """The cards of ``folder`` for the outlets in ``bases`` (slug -> address without a closing slash).

    Home page and seeds are moved to the outlet's address there.
    """
    found = outlets.load(folder)
    return [_moved(found[slug], base) for slug, base in sorted(bases.items()) if slug in found]


def write(moved: list[Outlet], folder: Path) -> None:
    """Write cards into a folder as ``<slug>.toml``, so that a crawl of its own process finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    for outlet in moved:
        outlets.write(outlet, folder)


def _moved(outlet: Outlet, base: str) -> Outlet:
    old = outlet.homepage.rstrip("/")
    seeds = tuple(replace(seed, url=seed.url.replace(old, base, 1)) for seed in outlet.seeds)
    return replace(outlet, homepage=f"{base}/", seeds=seeds)
