"""A change of an address, with the rule behind it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between an address as given and its form: the rule's name, and what it took or put."""

    rule: str
    detail: str


def note(changes: list[Change], rule: str, before: str, after: str) -> None:
    """Add a change, if there is one."""
    if before != after:
        changes.append(Change(rule, f"{before} → {after or 'nothing'}"))
