"""Discovering: the home pages of a list are looked at, and tell what the list does not."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Final

from aggregator import clock, crawling, outlets
from aggregator.config import Settings
from aggregator.errors import CardError, CrawlError
from aggregator.interchange.looks import Looked, Notebook
from aggregator.interchange.merging import New, Plan
from aggregator.model.outlet import SeedKind
from aggregator.seeds.discover import discover
from aggregator.seeds.draft import draft
from aggregator.urls import host

AT_ONCE: Final = 4
"""Home pages of different hosts that are looked at together; each look is a process of its own."""

_FACTS: Final = ("language", "country", "name", "licence")

Told = Callable[[Looked], object]


def discovered(
    settings: Settings, plan: Plan, notebook: Notebook, *, on_look: Told, stop: threading.Event
) -> tuple[Plan, tuple[Looked, ...]]:
    """The plan with what home pages told, and all looks in the order of its outlets.

    What was seen lately is not asked for again. Once ``stop`` is set no other page is asked for, and the
    outlets that are left stay as the list has them.
    """
    homes = [one.outlet.homepage for one in plan.new]
    seen = {home: looked for home, looked in notebook.read(clock.now()).items() if home in homes}
    for looked in seen.values():
        on_look(looked)
    for looked in _looks(settings, [home for home in homes if home not in seen], stop):
        notebook.add(looked)
        seen[looked.homepage] = looked
        on_look(looked)
    new = tuple(better(one, seen.get(one.outlet.homepage)) for one in plan.new)
    return Plan(new, plan.ends), tuple(seen[home] for home in homes if home in seen)


def _looks(settings: Settings, homes: Sequence[str], stop: threading.Event) -> Iterator[Looked]:
    """Looks at home pages as they come; those of one host follow one another."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for home in dict.fromkeys(homes):
        by_host[host(home)].append(home)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(_of_host, settings, mine, stop) for mine in by_host.values()]
        try:
            for done in as_completed(waiting):
                yield from done.result()
        finally:
            for each in waiting:
                each.cancel()


def _of_host(settings: Settings, homes: Sequence[str], stop: threading.Event) -> list[Looked]:
    return [look(settings, home) for home in homes if not stop.is_set()]


def look(settings: Settings, homepage: str) -> Looked:
    """What a home page, its robots.txt and its feeds tell of an outlet."""
    at = clock.now()
    try:
        seen = crawling.look(settings, homepage)
    except CrawlError as error:
        return Looked(homepage, at, problem=str(error))
    page = discover(seen.body, seen.charset, seen.url)
    made = draft(page, seen.url, seen.robots_txt, dict(seen.found), agent=settings.crawl.user_agent)
    known = tuple(name for name in _FACTS if getattr(page, name))
    return Looked(homepage, at, made.outlet, known, made.findings, made.doubts)


def better(one: New, looked: Looked | None) -> New:
    """An outlet with what its home page told; what the list itself says stays as it is."""
    if looked is None or looked.outlet is None:
        return one
    found, outlet = looked.outlet, one.outlet
    is_bare = all(seed.kind is SeedKind.SECTION for seed in outlet.seeds)
    is_unlicensed = outlet.rights.licence is None and outlet.rights.licence_url is None
    told = {name for name in one.guesses if name in looked.known}
    made = replace(
        outlet,
        language=found.language if "language" in told else outlet.language,
        country=found.country if "country" in told else outlet.country,
        name=found.name if "name" in told else outlet.name,
        politeness=found.politeness,
        seeds=found.seeds if is_bare else outlet.seeds,
        rights=found.rights if is_unlicensed else outlet.rights,
    )
    text = outlets.dumps(made)
    try:
        outlets.loads(text, Path(f"{made.slug}.toml"))
    except CardError:  # the page tells what no card may hold
        return one
    return New(made, text, tuple(name for name in one.guesses if name not in {*told, "homepage"}))
