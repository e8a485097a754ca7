"""Rules from elsewhere, put into a card's own text: what a person wrote there stays, comments too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from aggregator.errors import CardError
from aggregator.model.outlet import Rules, Schedule
from aggregator.outlets.text import as_item, schedule_table

_FIELDS = ("within", "headline", "byline", "published")


@dataclass(frozen=True, slots=True)
class Merged:
    """A card's rules with others added; ``own`` are the keys that the card kept as it had them."""

    rules: Rules
    own: tuple[str, ...]


def merge(card: Rules, others: Rules) -> Merged:
    """The card's rules, and of the others what it has none of; cuts are added to its own."""
    given = {name: getattr(others, name) for name in _FIELDS if getattr(others, name)}
    has = {name: bool(getattr(card, name)) for name in _FIELDS} | {"within": bool(card.within or card.body)}
    added: dict[str, Any] = {name: value for name, value in given.items() if not has[name]}
    added["cuts"] = tuple(dict.fromkeys((*card.cuts, *others.cuts)))
    own = tuple(name for name in given if has[name] and given[name] != getattr(card, name))
    return Merged(replace(card, **added), own)


def with_rules(text: str, card: Rules, merged: Rules, origin: str) -> str:
    """The text of a card with rules ``card``, with ``merged`` in their place; comments name the origin.

    Raises:
        CardError: the text is written in a way that cannot be changed by program.
    """
    changed = [name for name in (*_FIELDS, "cuts") if getattr(merged, name) != getattr(card, name)]
    if not changed:
        return text
    try:
        document = tomlkit.parse(text)
        if "rules" not in document:
            if not text.endswith("\n\n"):
                document.add(tomlkit.nl())
            document.add("rules", tomlkit.table())
        table: Any = document["rules"]
        for name in changed:
            if name == "cuts":
                _add_cuts(table, [one for one in merged.cuts if one not in card.cuts], origin)
                continue
            item: Any = as_item(name, getattr(merged, name))
            item.comment(f"from {origin}")
            table[name] = item
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise CardError(f"rules: cannot be added by program ({error}); add by hand: {changed}") from error


def with_paused(text: str, *, paused: bool) -> str:
    """The text of a card with another ``paused``; a card that is not paused says nothing of it.

    Raises:
        CardError: the text is written in a way that cannot be changed by program.
    """
    try:
        document = tomlkit.parse(text)
        if "paused" in document:
            document["paused"] = paused
        elif paused:
            document.add("paused", as_item("paused", value=True))
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise CardError(f"paused: cannot be changed by program ({error}); change it by hand") from error


def with_schedule(text: str, schedule: Schedule) -> str:
    """The text of a card with another ``[schedule]``; the usual one is not written down.

    Raises:
        CardError: the text is written in a way that cannot be changed by program.
    """
    try:
        document = tomlkit.parse(text)
        table = schedule_table(schedule)
        if table is None:
            document.pop("schedule", None)
        elif "schedule" in document:
            document["schedule"] = table
        else:
            if not text.endswith("\n\n"):
                document.add(tomlkit.nl())
            document.add("schedule", table)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise CardError(f"schedule: cannot be changed by program ({error}); change it by hand") from error


def _add_cuts(table: Any, cuts: Sequence[str], origin: str) -> None:
    """Add lines to the array, so that its own lines keep their comments."""
    if "cuts" not in table:
        table["cuts"] = tomlkit.array()
    array: Any = table["cuts"]
    ends_with_line = array.as_string().removesuffix("]").rstrip(" ").endswith("\n")
    for number, cut in enumerate(cuts):
        array.add_line(cut, comment=None if number else f"from {origin}")
    if not ends_with_line:
        array.add_line(indent="")
