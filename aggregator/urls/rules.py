"""The rules about addresses, read from ``rules.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameters:
    """Query parameters that a rule removes: by name, by the start of a name, or by name with such a value.

    ``alone`` are removed only where no other parameter is left.
    """

    names: frozenset[str]
    prefixes: tuple[str, ...]
    valued: Mapping[str, re.Pattern[str]]
    alone: Mapping[str, re.Pattern[str]]

    def match(self, name: str, value: str) -> bool:
        """Whether the rule removes the parameter; ``name`` in lower case, both decoded."""
        if name in self.names or (self.prefixes and name.startswith(self.prefixes)):
            return True
        return _has(self.valued, name, value)

    def match_alone(self, name: str, value: str) -> bool:
        """Whether the rule removes the parameter if it is the last one left."""
        return _has(self.alone, name, value)


def _has(patterns: Mapping[str, re.Pattern[str]], name: str, value: str) -> bool:
    pattern = patterns.get(name)
    return pattern is not None and pattern.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Wrapper:
    """Addresses that only lead to another: it stands in one of the parameters, or as a group of the path."""

    host: re.Pattern[str]
    path: re.Pattern[str]
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paths:
    """Segments and endings of paths that tell the view of a page and not the page."""

    amp: frozenset[str]
    amp_ending: re.Pattern[str]
    print: frozenset[str]
    print_ending: re.Pattern[str]
    index: re.Pattern[str]
    front: re.Pattern[str]
    listing: frozenset[str]
    session: re.Pattern[str]
    session_segment: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules; ``wrapped`` matches every host that has a wrapper or a cache."""

    tracking: Parameters
    session: Parameters
    view: Parameters
    labels: re.Pattern[str]
    inner: re.Pattern[str]
    path: Paths
    wrappers: tuple[Wrapper, ...]
    caches: tuple[Wrapper, ...]
    wrapped: re.Pattern[str]


@cache
def rules() -> Rules:
    """The rules of ``rules.toml``, which lies beside this module."""
    data = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    wrappers = tuple(_wrapper(row) for row in data["wrapper"])
    caches = tuple(_wrapper(row) for row in data["cache"])
    return Rules(
        tracking=_parameters(data["tracking"]),
        session=_parameters(data["session"]),
        view=_parameters(data["view"]),
        labels=_pattern(data["host"]["labels"]),
        inner=_pattern(data["host"]["inner"]),
        path=_paths(data["path"]),
        wrappers=wrappers,
        caches=caches,
        wrapped=_pattern("|".join(one.host.pattern for one in (*wrappers, *caches))),
    )


def _paths(table: Mapping[str, Any]) -> Paths:
    return Paths(
        amp=frozenset(table["amp"]),
        amp_ending=_pattern(table["amp_ending"]),
        print=frozenset(table["print"]),
        print_ending=_pattern(table["print_ending"]),
        index=_pattern(table["index"]),
        front=_pattern(table["front"]),
        listing=frozenset(table["listing"]),
        session=_pattern(table["session"]),
        session_segment=_pattern(table["session_segment"]),
    )


def _parameters(table: Mapping[str, Any]) -> Parameters:
    return Parameters(
        names=frozenset(table.get("names", ())),
        prefixes=tuple(table.get("prefixes", ())),
        valued=_patterns(table.get("valued", {})),
        alone=_patterns(table.get("alone", {})),
    )


def _wrapper(row: Mapping[str, Any]) -> Wrapper:
    return Wrapper(_pattern(row["host"]), _pattern(row["path"]), tuple(row.get("parameters", ())))


def _patterns(table: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    return {name: _pattern(text) for name, text in table.items()}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
