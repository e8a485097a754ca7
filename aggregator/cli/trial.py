"""A trial in words: what was found on a page, where each field came from, what was cut and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aggregator.extract.explanation import fields_of
from aggregator.extract.reasons import in_words

if TYPE_CHECKING:
    from aggregator.crawling import Trial
    from aggregator.model.article import Article

_FIRST_BLOCKS = 4
_LINE_CHARS = 160
_MOST_CUTS = 20
_LABEL_CHARS = 14


def lines_of(number: int, trial: "Trial") -> Iterator[str]:
    """What is told of one page of a trial, line by line."""
    yield f"{number}. {trial.page_url}"
    if trial.article is None:
        yield _field("no article", f"{trial.reason.value}{': ' + trial.detail if trial.detail else ''}")
    else:
        yield from _article(trial.article)
    yield ""


def _article(article: "Article") -> Iterator[str]:
    for field in fields_of(article):
        yield _field(field.name, _sourced(field.value, field.source))
        for loser in field.losers:
            yield _field("  not taken", _sourced(loser.value, loser.source))
    sources = {origin.field: origin.source for origin in article.origins}
    body = f"{len(article.blocks)} blocks, {len(article.body)} characters"
    yield _field("body", _sourced(body, sources.get("blocks", "")))
    for block in article.blocks[:_FIRST_BLOCKS]:
        yield _field("", f"| {_short(block.text)}")
    if len(article.blocks) > _FIRST_BLOCKS:
        yield _field("", f"| … {len(article.blocks) - _FIRST_BLOCKS} more")
    for cut in article.cuts[:_MOST_CUTS]:
        yield _field("cut", f"{_sourced(cut.text, cut.rule)}: {in_words(cut.rule)}")
    if len(article.cuts) > _MOST_CUTS:
        yield _field("cut", f"… {len(article.cuts) - _MOST_CUTS} more")


def _sourced(value: str, source: str) -> str:
    return f"{_short(value) or '-'}{f'   <- {source}' if source else ''}"


def _field(name: str, value: str) -> str:
    return f"   {name:{_LABEL_CHARS}} {value}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE_CHARS else line[: _LINE_CHARS - 1] + "…"
