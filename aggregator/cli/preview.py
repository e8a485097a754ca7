"""A preview in words: a line for each page, the texts that changed most, and the verdict."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.extract.compare import PageChange
    from aggregator.previewing import Preview

_LINE_CHARS = 160
_MOST_LINES = 30
_MEANING = {
    "hurts": "a page loses its article or half of its text",
    "stale": "most pages lose their text by the rules, which are not followed there: of an older layout?",
    "helps": "pages gain an article or twice the text, and none loses",
    "changes": "no page loses its text; see the differences",
    "unchanged": "no page changes",
    "unknown": "there are no kept pages to try them on",
}


def summary(preview: "Preview") -> str:
    """The verdict in a line, with what it rests on."""
    fates = Counter(change.fate.value for change in preview.changes)
    counts = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    ignored = sum(not change.is_followed for change in preview.changes)
    parts = [f"{len(preview.changes)} pages", counts]
    if ignored:
        parts.append(f"{ignored} on which the rules are not followed")
    if preview.unreadable:
        parts.append(f"{len(preview.unreadable)} not readable")
    told = "; ".join(part for part in parts if part)
    return f"verdict: {preview.verdict.value} ({told}): {_MEANING[preview.verdict.value]}"


def lines_of(preview: "Preview", diffs: int) -> Iterator[str]:
    """A line for each page, newest first, then the texts of those that changed most."""
    if preview.changes:
        yield f"{'before':>7} {'after':>7} {'changed':>8}  {'fate':8} page"
    for change in preview.changes:
        before, after = change.chars
        yield f"{before:7} {after:7} {change.changed_share:8.1%}  {change.fate.value:8} {change.url}"
        for note in _notes(change):
            yield f"{'':34}{note}"
    for problem in preview.unreadable:
        yield f"not readable: {problem}"
    yield ""
    most = sorted(preview.changes, key=lambda change: change.changed_share, reverse=True)
    for change in most[:diffs]:
        yield from text_diff(change)


def _notes(change: "PageChange") -> Iterator[str]:
    if not change.is_followed:
        yield "the rules lose its text and are not followed"
    for name in change.fields:
        yield f"{name}: {_short(getattr(change.before, name))} -> {_short(getattr(change.after, name))}"
    for when, one in (("before", change.before), ("after", change.after)):
        if isinstance(one, str):
            yield f"{when}: {_short(one)}"


def text_diff(change: "PageChange") -> Iterator[str]:
    """What differs between the texts, under the page's address; nothing if they are the same."""
    lines = list(change.diff())
    if not lines:
        return
    yield f"{change.url}"
    for line in lines[:_MOST_LINES]:
        yield f"  {line[:_LINE_CHARS]}"
    if len(lines) > _MOST_LINES:
        yield f"  … {len(lines) - _MOST_LINES} more lines"
    yield ""


def _short(value: object) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value if value is not None else "-")
    line = " ".join(text.split())
    return line if len(line) <= _LINE_CHARS else line[: _LINE_CHARS - 1] + "…"
