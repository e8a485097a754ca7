"""Changes: other rules in robots.txt, another text on the licence page."""

import difflib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from aggregator.model.alarm import AlarmKind, Finding
from aggregator.model.licence_page import LicencePage
from aggregator.model.watched import RobotsFile

_RULES: Final = ("user-agent", "allow", "disallow", "crawl-delay", "request-rate")
_LONGEST: Final = 60


def rules_of(text: str) -> str:
    """What counts in a robots.txt: a line for each rule, without comments, sitemaps and white space."""
    lines = []
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        if (word := name.strip().lower()) in _RULES:
            lines.append(f"{word}: {value.strip()}")
    return "\n".join(lines)


def robots_changed(files: Iterable[RobotsFile]) -> Iterator[Finding]:
    """Each robots.txt whose rules are not the known ones, until they are again or a person says so."""
    for file in files:
        if file.changed_at is None:
            continue
        yield Finding(
            outlet=file.outlet,
            kind=AlarmKind.ROBOTS,
            since=file.changed_at,
            cause="robots-changed",
            words=f"other rules in {file.origin}/robots.txt: {_difference(file)}",
            aspect=file.origin,
            samples=1,
        )


def licence_changed(page: LicencePage | None, is_changed: bool, now: datetime) -> Finding | None:  # noqa: FBT001 - what the licence watch has decided
    """The licence page has another text, or cannot be read for so long that it counts as changed."""
    if page is None or not is_changed:
        return None
    what = "has another text" if page.changed_at else "cannot be read any more"
    return Finding(
        outlet=page.outlet,
        kind=AlarmKind.LICENCE,
        since=page.changed_at or page.failed_at or now,
        cause="licence-changed",
        words=f"its licence page {page.url} {what}: links only until "
        f"`aggregator rights confirm {page.outlet}`",
        samples=1,
    )


def _difference(file: RobotsFile) -> str:
    """The first lines that came or went."""
    lines = difflib.ndiff(file.known_rules.splitlines(), file.rules.splitlines())
    changed = [f"{line[0]} {line[2:]}"[:_LONGEST] for line in lines if line[0] in "+-"]
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""  # noqa: PLR2004 - one line holds three
    return "; ".join(changed[:3]) + more if changed else "their order"
