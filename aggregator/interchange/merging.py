"""Merging: the entries of a list become outlets, each once, beside the cards that are there."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Final

from aggregator import licences, outlets
from aggregator.errors import CardError
from aggregator.interchange.address import home_of, is_carrier
from aggregator.interchange.listed import End, Ended, Entry, Listed, Refused
from aggregator.model.outlet import Outlet, Rights, Seed, SeedKind
from aggregator.outlets import checks
from aggregator.outlets.twins import place
from aggregator.seeds.discover import Discovered, country_of
from aggregator.seeds.draft import SLUG_CHARS, as_slug, draft, slug_of
from aggregator.seeds.plain import plain
from aggregator.urls import host, url_key

_NAME_CHARS: Final = 80
_JOINTS: Final = " -–—:|,·/"
"""What parts a name from its section."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What holds where a list says nothing."""

    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class New:
    """An outlet that gets a card: its text, and which of its facts are guesses."""

    outlet: Outlet
    text: str
    guesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes of a list: the new outlets in its order, and what became of each entry."""

    new: tuple[New, ...]
    ends: tuple[Ended, ...]


def plan(
    entries: Iterable[Entry],
    cards: Mapping[str, Outlet],
    wanted: Wanted,
    *,
    taken: Iterable[str] = (),
    on_outlet: Callable[[], object] = lambda: None,
) -> Plan:
    """What a list comes to beside these cards; ``taken`` are slugs of cards that cannot be read.

    Entries with one feed are one, and so are those whose home pages make two cards one outlet's
    (``outlets.twins``); those of an outlet that has a card already change nothing.
    """
    ends: list[Ended] = []
    fresh = _unknown(entries, cards, ends)
    groups = _grouped(fresh)
    used = {*cards, *taken}
    new = []
    for group in groups:
        made = _made(group, wanted, used)
        if isinstance(made, New):
            used.add(made.outlet.slug)
            new.append(made)
        ends += _ends(group, made)
        on_outlet()
    return Plan(tuple(new), tuple(sorted(ends, key=lambda end: end.line)))


def _unknown(entries: Iterable[Entry], cards: Mapping[str, Outlet], ends: list[Ended]) -> list[Listed]:
    """The entries of outlets without a card; what became of the others is added to ``ends``."""
    feeds = {url_key(seed.url): slug for slug, card in cards.items() for seed in card.seeds}
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    for slug, card in cards.items():
        where, path = place(card.homepage)
        homes[where].setdefault(path, slug)
    found = []
    for entry in entries:
        if isinstance(entry, Refused):
            ends.append(Ended(entry.line, entry.end, words=entry.words))
        elif known := feeds.get(url_key(entry.address)):
            ends.append(Ended(entry.line, End.KNOWN_FEED, known, entry.address))
        elif there := _at(homes, entry):
            ends.append(Ended(entry.line, End.KNOWN_OUTLET, there, entry.address))
        else:
            found.append(entry)
    return found


def _at(homes: Mapping[str, Mapping[str, str]], entry: Listed) -> str | None:
    """The card of an entry's home page: of the same path, or one of both is the front page of all."""
    where, path = place(_home(entry))
    there = homes.get(where)
    if not there:
        return None
    return there.get(path) or there.get("") or (next(iter(there.values())) if not path else None)


def _home(entry: Listed) -> str:
    return entry.homepage or home_of(entry.seed)


def _grouped(entries: Sequence[Listed]) -> list[list[Listed]]:
    """The entries of each outlet together, in the order in which the list first names it."""
    fronts = {where for where, path in (place(_home(entry)) for entry in entries) if not path}
    groups: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    by_feed: dict[str, tuple[str, str]] = {}
    for entry in entries:
        where, path = place(_home(entry))
        own = ("slug", entry.slug) if entry.slug else (where, "" if where in fronts else path)
        groups[by_feed.setdefault(url_key(entry.address), own)].append(entry)
    return list(groups.values())


def _made(entries: list[Listed], wanted: Wanted, used: set[str]) -> New | CardError:
    home = _home(next((one for one in entries if one.homepage), entries[0]))
    language = _first(entries, "language", checks.language) or wanted.language
    country = _first(entries, "country", checks.country) or wanted.country
    name = _name([one.name for one in entries], home)
    page = Discovered(language=language, country=country or country_of(_region(language), home), name=name)
    drafted = draft(page, home, "", {}, agent="").outlet
    guesses = [
        *(() if language else ("language",)),
        *(() if country else ("country",)),
        *(() if any(one.homepage for one in entries) else ("homepage",)),
        *(() if any(one.name.strip() for one in entries) else ("name",)),
    ]
    slug = _slug(entries, home, name, used)
    outlet = replace(drafted, slug=slug, seeds=_seeds(entries, home), rights=_rights(entries))
    text = outlets.dumps(outlet)
    try:
        outlets.loads(text, Path(f"{slug}.toml"))
    except CardError as error:
        return error
    return New(outlet, text, tuple(guesses))


def _region(language: str | None) -> str | None:
    region = (language or "").rpartition("-")[2]
    return region if re.fullmatch("[A-Z]{2}", region) else None


def _seeds(entries: Sequence[Listed], home: str) -> tuple[Seed, ...]:
    """All seeds once, in their order; the home page where there is none."""
    found = {url_key(one.seed): Seed(one.kind, one.seed) for one in reversed(entries) if one.seed}
    return tuple(reversed(found.values())) or (Seed(SeedKind.SECTION, home),)


def _first(entries: Sequence[Listed], key: str, check: Callable[[str], str]) -> str | None:
    """The first value of the list that a card may hold, as a card writes it."""
    for entry in entries:
        value = getattr(entry, key).strip()
        if key == "language":
            value = _tag(value)
        elif key == "country":
            value = value.upper()
        try:
            if value:
                return check(value)
        except ValueError:
            continue
    return None


def _tag(language: str) -> str:
    """A language as BCP 47 writes it: ``en-us`` and ``en_US`` become ``en-US``."""
    head, *rest = language.replace("_", "-").split("-")
    return "-".join([head.lower(), *(one.upper() if len(one) == 2 else one.title() for one in rest)])  # noqa: PLR2004 - a region


def _name(names: Sequence[str], home: str) -> str:
    """The outlet's name: what the names of its feeds begin with in common, else the first of them."""
    clean = [name for text in names if (name := plain(text, _NAME_CHARS))]
    if not clean:
        return host(home)
    together = zip(*(name.split() for name in clean), strict=False)
    common = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, together)]
    shared = " ".join(common).strip(_JOINTS)
    try:
        return checks.words(shared or clean[0])
    except ValueError:
        return host(home)


def _rights(entries: Sequence[Listed]) -> Rights:
    """At most a link, whatever licence a list names: a person reads it first."""
    url = _first(entries, "licence_url", checks.web_address)
    named = _first(entries, "licence", lambda text: checks.licence(checks.words(text)))
    return Rights(licence=named or (licences.named(url) if url else None), licence_url=url)


def _slug(entries: Sequence[Listed], home: str, name: str, used: set[str]) -> str:
    """A slug that no card has: the list's own, else the site's with what tells two of one site apart."""
    own = _first(entries, "slug", checks.slug)
    if own and own not in used:
        return own
    base = as_slug(name) if is_carrier(home) else slug_of(home, name)
    tails = ["", *reversed(place(home)[1].split("/"))]
    for tail in filter(None, (as_slug(f"{base}-{tail}" if tail else base) for tail in tails)):
        if tail not in used:
            return tail
    number = 2
    while (slug := f"{base[: SLUG_CHARS - 6]}-{number}") in used:
        number += 1
    return slug


def _ends(entries: list[Listed], made: New | CardError) -> list[Ended]:
    if isinstance(made, CardError):
        words = "; ".join(str(made).splitlines())
        return [Ended(one.line, End.CARD, words=words) for one in entries]
    seen: set[str] = set()
    ends = []
    for entry in entries:
        key = url_key(entry.address)
        end = End.WRITTEN if not seen else End.MERGED_FEED if key in seen else End.MERGED_OUTLET
        seen.add(key)
        ends.append(Ended(entry.line, end, made.outlet.slug, entry.address))
    return ends
