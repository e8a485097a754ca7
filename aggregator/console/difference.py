"""What differs between two texts, line by line, with a few lines around."""

import difflib
from dataclasses import dataclass

_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line: ``same``, ``gone`` or ``new``; ``gap`` where lines that do not differ are left out."""

    how: str
    text: str


def difference(before: str, after: str) -> tuple[LineChange, ...]:
    """The lines that differ with their neighbours; none if nothing differs."""
    made = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=_CONTEXT, lineterm=""):
        if line.startswith(("---", "+++")):
            continue
        how = {"-": "gone", "+": "new", "@": "gap"}.get(line[:1], "same")
        made.append(LineChange(how, "…" if how == "gap" else line[1:]))
    return tuple(made)
