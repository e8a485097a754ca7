"""A card as text: TOML that people read and change."""

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Item, Table

from aggregator.model.outlet import (
    Adaptive,
    Cron,
    Interval,
    Layout,
    Outlet,
    Pace,
    Politeness,
    Rights,
    Rules,
    Schedule,
    Syndication,
)
from aggregator.outlets.card import (
    Card,
    LayoutPart,
    PolitenessPart,
    PublishPart,
    RulesPart,
    SchedulePart,
    SyndicationPart,
)
from aggregator.outlets.rights import RightsPart

_SINGLE = frozenset({"body", "within", "headline", "byline", "published"})
_HEADER = "Outlet card: docs/cards.md tells every key. Check it with `aggregator outlet check {slug}`."


def dumps(outlet: Outlet, *, whole: bool = False) -> str:
    """An outlet's card; ``read`` of it gives the same outlet.

    Each key has a comment. Keys that hold their default are left out, or stand there too if ``whole``.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEADER.format(slug=outlet.slug)))
    values = {
        "name": outlet.name,
        "homepage": outlet.homepage,
        "language": outlet.language,
        "country": outlet.country,
        "paused": outlet.paused,
        "include": outlet.include,
        "exclude": outlet.exclude,
    }
    defaults = {"paused": False, "include": (), "exclude": ()}
    _put(document, values, {} if whole else defaults, Card)
    document.add("seeds", _seeds(outlet))
    parts: tuple[tuple[str, Any, Any, type[BaseModel]], ...] = (
        ("politeness", outlet.politeness, Politeness(), PolitenessPart),
        ("rights", outlet.rights, Rights(), RightsPart),
        ("syndication", outlet.syndication, Syndication(), SyndicationPart),
        ("publish", outlet.publish, Pace(), PublishPart),
        ("rules", outlet.rules, Rules(), RulesPart),
    )
    for key, part, default, shape in parts:
        _add_table(document, key, _values(part, shape), {} if whole else _values(default, shape), shape)
    if outlet.rules.layouts:
        _add_layouts(document, outlet.rules.layouts)
    if whole or outlet.schedule != Adaptive():
        _add_table(document, "schedule", _schedule(outlet.schedule), {}, SchedulePart)
    return tomlkit.dumps(document)


def schedule_table(schedule: Schedule) -> Table | None:
    """``[schedule]`` with its comments; None for the schedule of a card that says nothing of it."""
    if schedule == Adaptive():
        return None
    table = tomlkit.table()
    _put(table, _schedule(schedule), {}, SchedulePart)
    return table


def _values(part: object, shape: type[BaseModel]) -> dict[str, Any]:
    # Layouts are tables of their own.
    return {key: getattr(part, key) for key in shape.model_fields if key != "layouts"}


def _schedule(schedule: Schedule) -> dict[str, Any]:
    match schedule:
        case Cron(expression, zone):
            return {"cron": expression, "timezone": zone}
        case Interval(minutes, jitter):
            return {"every_minutes": minutes, "jitter_seconds": jitter}
        case Adaptive(fastest, slowest):
            return {"fastest_minutes": fastest, "slowest_minutes": slowest}


def _seeds(outlet: Outlet) -> AoT:
    array = tomlkit.aot()
    for seed in outlet.seeds:
        table = tomlkit.table()
        table.add("kind", seed.kind.value)
        table.add("url", seed.url)
        array.append(table)
    return array


def _add_layouts(document: TOMLDocument, layouts: Iterable[Layout]) -> None:
    """``[[rules.layouts]]``, whatever else stands in ``[rules]``."""
    array = tomlkit.aot()
    for layout in layouts:
        table = tomlkit.table()
        table.add("until", layout.until)
        _put(table, _values(layout.rules, LayoutPart), _values(Rules(), LayoutPart), LayoutPart)
        array.append(table)
    rules = document.setdefault("rules", tomlkit.table(is_super_table=True))
    rules.add("layouts", array)


def _add_table(
    document: TOMLDocument,
    key: str,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    shape: type[BaseModel],
) -> None:
    table = tomlkit.table()
    _put(table, values, defaults, shape)
    if len(table):
        document.add(tomlkit.nl())
        document.add(key, table)


def _put(
    place: TOMLDocument | Table,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    shape: type[BaseModel],
) -> None:
    """Add the values that are not defaults; a value of None has no place in TOML."""
    for key, value in values.items():
        if value is None or (key in defaults and defaults[key] == value):
            continue
        item = as_item(key, value)
        item.comment(_comment(shape.model_fields[key]))
        place.add(key, item)


def as_item(key: str, value: Any) -> Item:
    """A key's value as TOML has it: one selector of a field stands there without a list."""
    if isinstance(value, tuple):
        value = (
            value[0] if key in _SINGLE and len(value) == 1 else [getattr(one, "value", one) for one in value]
        )
    item: Item = tomlkit.item(getattr(value, "value", value))
    return item


def _comment(field: FieldInfo) -> str:
    return field.description or ""
