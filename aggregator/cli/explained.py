"""``aggregator explain``: all that is known of one article, from the feed that named it to the edition."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.context import database, good_cards, stdout

if TYPE_CHECKING:
    from rich.console import Console

    from aggregator.explaining import Explained
    from aggregator.facts import Facts
    from aggregator.store.desk_article import Request, Way

_PIPE_CHARS = 160


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="Its address here or there, or its id.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Explain one stored article: how it came, what was made of it and why, what may be done with it.

    What the desk's page of an article tells: seeds, robots, requests with their WARC records, every field
    with its source and what else claimed to be it, each block kept or cut, copies with scores, story,
    revisions, the decision on its rights with its reasons, what is out.

    Examples: `aggregator explain 17`, `aggregator explain https://www.example.org/news/1 --json`
    """
    from aggregator import clock, config, explaining, facts  # late: --help must not wait for the store
    from aggregator.store import desk_article

    settings = config.settings()
    with database(settings) as db:
        known = facts.read(db, settings, article)
        way = desk_article.way(db, known.stored.id, known.stored.article.outlet)
        decided = explaining.explain_stored(db, good_cards(settings), settings, known.stored, clock.now())
    if as_json:
        typer.echo(json.dumps(_as_object(known, way, decided), ensure_ascii=False, indent=2, default=str))
        return
    console = stdout()
    if not console.is_terminal:
        console.width = max(console.width, _PIPE_CHARS)
    _print(console, known, way, decided)


def _print(console: "Console", known: "Facts", way: "Way", decided: "Explained") -> None:
    from aggregator.cli import article_print, rights_told  # late: beside the command's own
    from aggregator.cli.explain import print_explanation
    from aggregator.extract import explanation

    article_print.print_facts(console, known, None)
    _head(console, "How it came")
    for line in _came(way):
        console.print(line, markup=False, soft_wrap=True)
    print_explanation(console, explanation.explain(known.stored.article, 0.0))
    _head(console, "What may be done with it")
    for line in rights_told.of_decision(decided):
        console.print(line, markup=False, soft_wrap=True)
    if out := known.publication:
        words = f"{out.state.value} as {out.mode.value}, edition {out.edition_id}"
        console.print(f"out: publication {out.id}, {words}", markup=False, soft_wrap=True)


def _head(console: "Console", words: str) -> None:
    console.print()
    console.print(words, style="bold", markup=False)


def _came(way: "Way") -> Iterator[str]:
    from aggregator.extract.plain import folded  # late: beside the command's own

    if not (way.visits or way.requests):
        yield "nothing is known of it any more"
    for seed in way.visits:
        detail = f" ({seed.detail})" if seed.detail else ""
        listed = f"{seed.new} of {seed.found} entries new"
        yield folded(f"{seed.at:%Y-%m-%d %H:%M} {seed.kind} {seed.url}: {seed.reason}, {listed}{detail}")
    for host in way.robots:
        answer = f"status {host.status}" if host.status else "no answer"
        changed = f", changed {host.changed_at:%Y-%m-%d %H:%M}" if host.changed_at else ""
        yield folded(f"{host.checked_at:%Y-%m-%d %H:%M} {host.origin}/robots.txt: {answer}{changed}")
    for one in reversed(way.requests):
        yield folded(f"{one.at:%Y-%m-%d %H:%M} {one.url}: {', '.join(_ended(one))}")


def _ended(one: "Request") -> Iterator[str]:
    yield f"run {one.run or 'unknown'}"
    yield f"status {one.status}" if one.status else "no answer"
    yield f"{one.reason} ({one.detail})" if one.detail else one.reason
    if validators := [each for each in (one.etag, one.last_modified) if each]:
        yield f"validators {' '.join(validators)}"
    if (lies := one.archived) is not None:
        yield f"kept in {lies.file}, {lies.length_bytes} bytes at {lies.offset_bytes}"


def _as_object(known: "Facts", way: "Way", decided: "Explained") -> dict[str, Any]:
    from aggregator import facts  # late: beside the command's own
    from aggregator.cli.rights_told import as_object
    from aggregator.extract.record import record

    return {
        "article": facts.as_json(known, None),
        "way": asdict(way),
        "extraction": json.loads(record(str(known.stored.id), known.stored.article)),
        "rights": as_object(decided),
    }
