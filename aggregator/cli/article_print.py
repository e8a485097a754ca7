"""An article's facts on the terminal."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.clock import to_utc
from aggregator.facts import Facts, shown
from aggregator.model.duplicate import Evidence, Related
from aggregator.model.revision import Revised

_WIDEST_CHARS = 160
_HOW_STYLES = {"added": "green", "removed": "red", "moved": "dim"}


def print_facts(console: Console, facts: Facts, revision: int | None) -> None:
    """Print all that is known of an article; with ``revision`` also what that one changed."""
    width = min(console.width, _WIDEST_CHARS)
    console.print(Text(facts.stored.article.headline, style="bold"), soft_wrap=True)
    console.print(_table(_head(facts)), width=width)
    parts = [
        ("Original and copies", list(map(_related, facts.related)), "none known"),
        ("Revisions", [_revised(one) for one in facts.versions], "none"),
    ]
    if revision is not None:
        parts.append(
            (f"What revision {revision} changed", shown(facts.changes(revision)), "nothing in the words")
        )
    for title, rows, nothing in parts:
        console.print()
        console.print(Text(title, style="bold"))
        console.print(_table(rows) if rows else Text(nothing, style="dim"), width=width)


def _table(rows: list[tuple[str, str]]) -> Table:
    # Foreign words stand in Text: a table reads "[bold]" in a string as an order.
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(style="cyan", max_width=28, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value, style=_HOW_STYLES.get(name, "")))
    return table


def _head(facts: Facts) -> list[tuple[str, str]]:
    stored, article = facts.stored, facts.stored.article
    return [
        ("article", f"{stored.id} at {article.outlet}"),
        ("address", article.url),
        ("source", _source(facts)),
        ("agency", _agency(facts)),
        ("byline", ", ".join(article.byline) or "none"),
        ("published", f"{_minute(article.published)}; changed {_minute(article.modified)}"),
        ("stored", _minute(stored.stored_at)),
        ("state", _state(facts)),
        ("story", _story(facts)),
    ]


def _source(facts: Facts) -> str:
    link = facts.stored.article.source_link
    return f"{link} (republished from {facts.credited_site})" if facts.credited_site else link


def _agency(facts: Facts) -> str:
    article = facts.stored.article
    where = next((origin.source for origin in article.origins if origin.field == "agency"), "")
    return f"{', '.join(article.agency)} ({where})" if article.agency else "none credited"


def _state(facts: Facts) -> str:
    if facts.publication is None and facts.stored.copy_of is not None:
        return f"a copy of {facts.stored.copy_of}; of one text, one article goes out"
    if facts.publication is None:
        return "nothing was decided yet"
    return (
        f"{facts.publication.state.value}, {facts.publication.mode.value}: publication {facts.publication.id}"
    )


def _story(facts: Facts) -> str:
    story = facts.story
    return f"{story.id}: {story.headline} ({story.articles} articles)" if story else "none yet"


def _related(one: Related) -> tuple[str, str]:
    if one.is_copy:
        role = "copy of" if one.is_earlier else "its copy"
    else:
        role = "shares text with" if one.is_earlier else "shares its text"
    words = (
        f"{one.outlet}: {one.headline}\n{one.kind.value}, {one.score:.2f}; {evidence_in_words(one.evidence)}"
    )
    return f"{role} {one.article_id}", words


def evidence_in_words(evidence: Evidence | None) -> str:
    """What speaks for it that two texts are one, as a phrase."""
    if evidence is None:
        return "all words are equal"
    return (
        f"{evidence.equal_words} words in common: {evidence.of_older:.0%} of the older text, "
        f"{evidence.of_newer:.0%} of the newer; {evidence.replaced} places replaced, "
        f"{evidence.replaced_facts} of them numbers or names; words of their own: "
        f"{evidence.own_older} of {evidence.words_older}, {evidence.own_newer} of {evidence.words_newer}"
    )


def _revised(one: Revised) -> tuple[str, str]:
    name = f"{one.number}  {_minute(one.stored_at)}"
    if one.is_ours:
        return name, "the same page, read better"
    if one.change is None:
        return name, "the first" if one.number == 1 else "not classed"
    counts = "; ".join(_counts(one))
    return name, f"{', '.join(one.change.kinds)}{f' ({counts})' if counts else ''}: {one.version.headline}"


def _counts(one: Revised) -> Iterator[str]:
    change = one.change
    for number, word in (
        (change.changed, "changed"), (change.added, "added"), (change.removed, "removed"),
    ) if change else ():  # fmt: skip
        if number:
            yield f"{number} sentence{'' if number == 1 else 's'} {word}"


def _minute(moment: datetime | None) -> str:
    return f"{to_utc(moment):%Y-%m-%d %H:%M}" if moment else "unknown"
