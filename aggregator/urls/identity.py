"""What a page is called whatever way it is served: its address without scheme, host labels and views."""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

from aggregator.urls.change import Change, note
from aggregator.urls.percent import name_and_value
from aggregator.urls.rules import Paths, rules

_LAST_SPACE = re.compile(r"(?:%20)+/?$")
# A letter and what follows it outside of ASCII: combining marks begin with CC or CD in UTF-8.
_MARKED = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+")


def identity(server: str, path: str, query: list[str], fragment: str, changes: list[Change]) -> str:
    """The identity of a normal form's parts: blind to what only serves the page in another way."""
    name = _without_labels(server)
    note(changes, "site", server, name)
    segments = [segment for segment in _composed(path).split("/") if segment]
    for rule, step in (("index", _without_index), ("amp", _without_amp), ("print", _without_print)):
        shorter = step(segments, rules().path)
        note(changes, rule, "/".join(segments), "/".join(shorter))
        segments = shorter
    shown = "&".join(_shown(query, changes))
    return (
        f"{name}/{'/'.join(segments)}" + (f"?{shown}" if shown else "") + (f"#{fragment}" if fragment else "")
    )


def _shown(query: list[str], changes: list[Change]) -> list[str]:
    """The parameters that choose what is shown, not how."""
    kept = []
    view = rules().view
    for piece in query:
        key, value = name_and_value(piece)
        # A name alone can be what the page is called (`?12345`); with an empty value it tells nothing.
        if view.match(key, value):
            changes.append(Change("view", piece))
        elif not value and "=" in piece:
            changes.append(Change("blank", piece))
        else:
            kept.append(piece)
    if len(kept) == 1 and view.match_alone(*name_and_value(kept[0])):
        changes.append(Change("view", kept.pop()))
    return kept


def _without_labels(server: str) -> str:
    labels = server.split(".")
    table = rules()
    while len(labels) > 2 and table.labels.fullmatch(labels[0]):  # noqa: PLR2004 - a name and its ending stay
        del labels[0]
    if len(labels) > 3:  # noqa: PLR2004 - language, view, name, ending
        labels[1:-2] = [label for label in labels[1:-2] if not table.inner.fullmatch(label)]
    return ".".join(labels)


def _composed(path: str) -> str:
    """The path with composed letters (RFC 3987, 5.3.2.2) and without an encoded space at its end."""
    path = _LAST_SPACE.sub("", path)
    return _MARKED.sub(_one_composed, path) if "%CC" in path or "%CD" in path else path


def _one_composed(found: re.Match[str]) -> str:
    try:
        return quote(unicodedata.normalize("NFC", unquote_to_bytes(found[0]).decode()))
    except UnicodeDecodeError:  # an older encoding
        return found[0]


def _without_index(segments: list[str], table: Paths) -> list[str]:
    if len(segments) > 1 and table.front.fullmatch(segments[0]):
        segments = segments[1:]
    return segments[:-1] if segments and table.index.fullmatch(segments[-1]) else segments


def _without_amp(segments: list[str], table: Paths) -> list[str]:
    kept = [
        segment
        for before, segment in zip(["", *segments], segments, strict=False)
        if segment.lower() not in table.amp or before.lower() in table.listing
    ] or segments
    return _without_ending(kept, table.amp_ending)


def _without_print(segments: list[str], table: Paths) -> list[str]:
    kept = segments
    if len(kept) > 1 and kept[-1].lower() in table.print and kept[-2].lower() not in table.listing:
        kept = kept[:-1]
    if len(kept) > 1 and kept[0].lower() in table.print:
        kept = kept[1:]
    return _without_ending(kept, table.print_ending)


def _without_ending(segments: list[str], ending: re.Pattern[str]) -> list[str]:
    found = ending.fullmatch(segments[-1]) if segments else None
    return [*segments[:-1], found["rest"] + (found["more"] or "")] if found else segments
