"""One page: read from a file, standard input or the web, extracted, and told as text."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from aggregator import config, crawling, urls
from aggregator.cli.context import stderr, stdout
from aggregator.cli.explain import print_explanation
from aggregator.cli.explanation_page import explanation_page
from aggregator.cli.outlet import card_of
from aggregator.cli.taught import taught
from aggregator.config import Settings
from aggregator.errors import ExtractError
from aggregator.extract import bulk, record
from aggregator.extract.decode import LARGEST_BYTES
from aggregator.extract.explanation import Explanation, explain
from aggregator.extract.plain import folded
from aggregator.extract.pool import ExtractorPool
from aggregator.extract.saved import contents, page_of, stated_url
from aggregator.extract.teachers import Teachers
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.outlet import Outlet, Rules
from aggregator.model.page import FetchedPage

STDIN = "-"
_WIDEST_CHARS = 88


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page to extract and how: a file, ``-`` or an address; its URL if it is saved; whose card.

    ``learn_from`` is a file of learned boilerplate that is read and not changed.
    """

    source: str
    url: str | None = None
    outlet: str | None = None
    learn_from: Path | None = None
    page_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What to show of it: the explanation instead of the text, a page of it, or one JSON object."""

    explains: bool = False
    html: Path | None = None
    as_json: bool = False
    is_quiet: bool = False


def run(wanted: Wanted, shown: Shown) -> None:
    """Extract one page and show it.

    Raises:
        ExtractError: the file cannot be read, or the page gives no article; the message says why.
        CrawlError: the page cannot be fetched, or may not be.
        OutputError: the page of the explanation cannot be written.
    """
    settings = config.settings()
    outlet = card_of(settings, wanted.outlet) if wanted.outlet else None
    page = _read(settings, wanted, outlet)
    told = _extracted(page, outlet, wanted, settings)
    if shown.as_json:
        sys.stdout.write(record.record(wanted.source, told.article) + "\n")
    elif shown.explains:
        print_explanation(stdout(), told)
    else:
        _print_article(stdout(), told.article)
    if shown.html is not None:
        with bulk.output(shown.html) as file:
            file.write(explanation_page(told))
        if not shown.is_quiet:
            stderr().print(f"wrote {shown.html}", markup=False, soft_wrap=True)


def _read(settings: Settings, wanted: Wanted, outlet: Outlet | None) -> FetchedPage:
    """The page; a saved one that nobody gives a URL has the one it states itself, else its place here."""
    source = wanted.source
    if urls.is_web(source):
        if wanted.url:
            raise typer.BadParameter("--url is for saved pages; this one is fetched")
        return crawling.page(settings, source, outlet)
    if "://" in source:
        raise typer.BadParameter(f"{source}: a file, - or an address with http:// or https:// expected")
    if wanted.url and not urls.is_web(wanted.url):
        raise typer.BadParameter(f"--url {wanted.url}: an address with http:// or https:// expected")
    if source == STDIN:
        body, place = sys.stdin.buffer.read(LARGEST_BYTES), "stdin:page"
    else:
        body, place = _contents(Path(source)), Path(source).resolve().as_uri()
    return page_of(wanted.url or stated_url(body) or place, body)


def _contents(path: Path) -> bytes:
    try:
        return contents(path)
    except ExtractError as error:
        raise ExtractError(f"{error}; name a saved page, or an address with https://") from error


def _extracted(page: FetchedPage, outlet: Outlet | None, wanted: Wanted, settings: Settings) -> Explanation:
    """The article and what it cost; a process of its own bounds the time and may crash."""
    rules, homepage = (outlet.rules, outlet.homepage) if outlet else (Rules(), None)
    known = taught(settings, outlet.slug) if outlet else None
    usual_chars = known.usual_chars if known else None
    with ExtractorPool(1, wanted.page_seconds) as pool:
        article = pool.submit(page, rules, homepage, usual_chars=usual_chars).result()
        if wanted.learn_from:
            article = Teachers.load(wanted.learn_from).clean(article)
        if known is not None:
            article = known.learned.clean(article)
        return explain(article, pool.cpu_seconds)


def _print_article(console: Console, article: Article) -> None:
    """Print an article to be read; on a terminal in lines of a page's width, else one block a line."""
    width = min(console.width, _WIDEST_CHARS) if console.is_terminal else None
    for style, line in _lines(article):
        console.print(Text(line, style=style), width=width, soft_wrap=width is None)


def _lines(article: Article) -> Iterator[tuple[str, str]]:
    yield "bold", article.headline
    if article.dek:
        yield "italic", article.dek
    dates = [("", article.published), ("changed ", article.modified)]
    told = [f"{word}{moment:%Y-%m-%d %H:%M %Z}" for word, moment in dates if moment]
    about = [", ".join(article.byline), *told, article.language or "", article.completeness.value]
    yield "dim", " · ".join(filter(None, about))
    yield "dim", folded(article.source_link)
    last: BlockKind | None = None
    for block in article.blocks:
        if not block.kind is last is BlockKind.LIST_ITEM:
            yield "", ""
        yield _styled(block)
        last = block.kind


def _styled(block: Block) -> tuple[str, str]:
    match block.kind:
        case BlockKind.HEADING:
            return "bold", block.text
        case BlockKind.LIST_ITEM:
            return "", f"• {block.text}"
        case BlockKind.QUOTE:
            return "italic", f"> {block.text}"
        case _:
            return "", block.text
