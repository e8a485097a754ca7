"""``aggregator story``: what outlets tell of one event, and an operator's word on it."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, options, stderr, stdout

if TYPE_CHECKING:
    from aggregator.dedupe.story_bulk import StoryReport
    from aggregator.model.story import Ruling, Story, StoryArticle, StoryHead
    from aggregator.store.engine import Database

_PIPE_CHARS = 200
_HEADLINE_CHARS = 90
_EMPTY = "no story yet: each article that a crawl stores gets one, and `aggregator story rebuild` places all"
_GROUP_EPILOG = """
Example: `aggregator story group --in articles.jsonl.gz --out stories.jsonl`

A line of the input holds id, title, body, url and published (ISO 8601, or null), perhaps lang. Articles are
taken in the order in which they were published. A line of the output is `{"id", "story", "of", "score"}`:
story is the id of the article that opened it, of that of the article whose text it carries. A line that is no
article gives one with `error`. With --across a line has event, too: the id of the first article on the same
event in any language.
"""
_Number = Annotated[int, typer.Argument(metavar="ID", help="The story's number as `list` prints it.")]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    story = typer.Typer(
        no_args_is_help=True, help="See what outlets tell of one event, and rule on what is one story."
    )
    story.command("list")(list_stories)
    story.command("show")(show)
    story.command("merge")(merge)
    story.command("split")(split)
    story.command("undo")(undo)
    story.command("rebuild")(rebuild)
    story.command("group", epilog=_GROUP_EPILOG)(group)
    app.add_typer(story, name="story")


def list_stories(
    *,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Only of this language, such as en.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Only with an article since.",
        ),
    ] = None,
    outlets: Annotated[int, typer.Option(min=1, help="Only of at least so many outlets.")] = 2,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: _Json = False,
) -> None:
    """List stories, the newest first: outlets, voices (agency copies count once), articles, since when.

    Example: `aggregator story list --language en --since 2026-11-01`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import stories

    from_moment = since.replace(tzinfo=UTC) if since else None
    with database(config.settings()) as db:
        found = stories.heads(db, language=language, since=from_moment, outlets=outlets, limit=limit)
    if as_json:
        typer.echo(_json([dataclasses.asdict(head) for head in found]))
    elif found:
        _print_heads(found)
    else:
        typer.echo("no story is like that; ask with --outlets 1 or without --since" if since else _EMPTY)


def _print_heads(found: "list[StoryHead]") -> None:
    from rich.table import Table  # late: only commands that print pay for it
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("id", "outlets", "voices", "articles", "first seen", "last seen", "language", "headline"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for head in found:
        numbers = (str(head.outlets), str(head.voices), str(head.articles))
        times = (_minute(head.first_seen), _minute(head.last_seen))
        row = (str(head.id), *numbers, *times, head.language or "", head.headline)
        table.add_row(*map(Text, row))  # a headline may look like markup
    console = stdout()
    if not console.is_terminal:
        console.width = _PIPE_CHARS
    console.print(table)


def show(number: _Number, *, as_json: _Json = False) -> None:
    """Show a story: its headline, its timeline by outlet, copies below the text that they carry, rulings.

    Example: `aggregator story show 17`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import stories

    with database(config.settings()) as db:
        found = stories.story(db, number)
    typer.echo(_json(dataclasses.asdict(found)) if as_json else "\n".join(_story_lines(found, number)))


def _story_lines(story: "Story", asked: int) -> list[str]:
    head = story.head
    lines = [f"story {head.id}: {head.headline}"]
    if asked != head.id:
        lines.append(f"story {asked} went into it")
    counts = ", ".join(
        _count(number, word)
        for number, word in ((head.outlets, "outlet"), (head.voices, "voice"), (head.articles, "article"))
    )
    times = f"first seen {_minute(head.first_seen)}, last {_minute(head.last_seen)} UTC"
    lines += [f"{counts}; {times}; {head.language or 'language unknown'}", ""]
    held = {article.id for article in story.articles}
    for article in story.articles:
        if article.copy_of not in held:
            lines.append(_article_line(article, is_headline=article.id == story.headline_article))
            lines += [
                f"    copy  {_article_line(copy)}" for copy in story.articles if copy.copy_of == article.id
            ]
    return lines + [_ruling_line(ruling) for ruling in story.rulings]


def _article_line(article: "StoryArticle", *, is_headline: bool = False) -> str:
    score = f"{article.score:.2f}" if article.score is not None else "opens"
    mark = "*" if is_headline else " "
    headline = article.headline[:_HEADLINE_CHARS]
    return f"{mark} {_minute(article.at)}  {score:<5} {article.outlet}  [{article.id}] {headline}"


def _ruling_line(ruling: "Ruling") -> str:
    word = "went into" if ruling.kind.value == "merge" else "was split from"
    undone = f", taken back {_minute(ruling.undone_at)}" if ruling.undone_at else ""
    return f"ruling {ruling.id}: {ruling.other} {word} {ruling.story} on {_minute(ruling.ruled_at)}{undone}"


def merge(
    one: _Number,
    other: Annotated[int, typer.Argument(metavar="OTHER", help="The story that tells of the same event.")],
) -> None:
    """Rule that two stories are one; the older number stays, the other leads there.

    Example: `aggregator story merge 17 23`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import story_rulings

    with database(config.settings()) as db:
        ruling = story_rulings.merge(db, one, other, clock.now())
    typer.echo(f"story {ruling.other} went into {ruling.story}; {_undo_words(ruling)}")


def split(
    number: _Number,
    articles: Annotated[
        list[int], typer.Argument(metavar="ARTICLE…", help="Numbers of the articles that are another story.")
    ],
) -> None:
    """Rule that articles are a story of their own, copies of them included; nothing joins the two again.

    Example: `aggregator story split 17 4211 4218`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import story_rulings

    with database(config.settings()) as db:
        ruling = story_rulings.split(db, number, articles, clock.now())
    count = _count(len(ruling.articles), "article")
    typer.echo(f"{count} of story {ruling.story} are story {ruling.other} now; {_undo_words(ruling)}")


def undo(
    ruling: Annotated[int, typer.Argument(metavar="RULING", help="The ruling's number as `show` prints it.")],
) -> None:
    """Take back a merge or a split.

    Example: `aggregator story undo 3`
    """
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import story_rulings

    with database(config.settings()) as db:
        undone = story_rulings.undo(db, ruling, clock.now())
    typer.echo(f"ruling {undone.id} on the stories {undone.story} and {undone.other} is taken back")


def rebuild(
    context: typer.Context,
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only place what has no story yet; nothing is placed anew.")
    ] = False,
) -> None:
    """Place all stored articles in stories anew, oldest first; what operators ruled stays.

    Crawls may run meanwhile. End it when you like: the next call, and each crawl, goes on where it was.

    Example: `aggregator story rebuild`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import story_rulings

    with database(config.settings()) as db:
        if not waiting and not story_rulings.begin_rebuild(db):
            stderr().print("a rebuild is under way; going on with it", markup=False)
        placed = _place_all(db, options(context))
    typer.echo(f"{_count(placed, 'article')} placed" if placed else "no article waits for a story")


def _place_all(db: "Database", wanted: Options) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from aggregator.store.placing import place_next  # late: --help must not wait for the store
    from aggregator.store.story_queue import waiting_count

    console = stderr()
    columns = (TextColumn("placing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = not (wanted.shows_progress and console.is_terminal)
    placed = 0
    with Progress(*columns, console=console, transient=True, disable=is_silent) as bars:
        task = bars.add_task("", total=waiting_count(db))
        while count := place_next(db):
            placed += count
            bars.advance(task, count)
    return placed


def group(
    context: typer.Context,
    *,
    source: Annotated[
        Path,
        typer.Option("--in", metavar="FILE", help="JSONL of articles, perhaps .gz; - for standard input."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output.")
    ],
    across: Annotated[
        bool, typer.Option("--across", help="Link stories of several languages on one event, too.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Group the articles of a file into stories; no store is needed."""
    is_quiet = quiet or not options(context).shows_progress
    report = _group(source, out, across=across, is_quiet=is_quiet)
    if not is_quiet:
        errors = f"; {report.errors} lines with an error" if report.errors else ""
        words = f"{report.articles} articles in {report.stories} stories, {report.shared} of several voices"
        stderr().print(words + errors, markup=False)


def _group(source: Path, out: Path, *, across: bool, is_quiet: bool) -> "StoryReport":
    from aggregator.cli.bulk import writing  # late: --help must not wait for it
    from aggregator.dedupe import story_bulk
    from aggregator.extract.language import detect

    def language_of(text: str) -> str | None:
        found = detect(text, None)
        return found.value if found else None

    with writing(source, out, is_quiet=is_quiet) as (spool, write, advance):
        return story_bulk.run(spool, language_of, write, advance, across=across)


def _undo_words(ruling: "Ruling") -> str:
    return f"`aggregator story undo {ruling.id}` takes it back"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _minute(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if at else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
