"""A trial in words: what was found on a page, where each field came from, what was cut and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    sources = {origin.field: origin.source for origin in article.origins}
    fields = {
        "headline": article.headline,
        "dek": article.dek,
        "byline": ", ".join(article.byline),
        "published": article.published and article.published.isoformat(" ", "minutes"),
        "modified": article.modified and article.modified.isoformat(" ", "minutes"),
        "language": article.language,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "licence": article.licence,
        "canonical_url": article.canonical_url,
        "source_link": article.source_link,
        "images": str(len(article.images)) if article.images else None,
        "completeness": article.completeness.value,
        "body": f"{len(article.blocks)} blocks, {len(article.body)} characters",
    }
    for name, value in fields.items():
        source = sources.get(name) or sources.get("blocks" if name == "body" else name)
        yield _field(name, f"{_short(value) if value else '-'}{f'   <- {source}' if source else ''}")
    for block in article.blocks[:_FIRST_BLOCKS]:
        yield _field("", f"| {_short(block.text)}")
    if len(article.blocks) > _FIRST_BLOCKS:
        yield _field("", f"| … {len(article.blocks) - _FIRST_BLOCKS} more")
    for cut in article.cuts[:_MOST_CUTS]:
        yield _field("cut", f"{_short(cut.text)}   <- {cut.rule}")
    if len(article.cuts) > _MOST_CUTS:
        yield _field("cut", f"… {len(article.cuts) - _MOST_CUTS} more")


def _field(name: str, value: str) -> str:
    return f"   {name:{_LABEL_CHARS}} {value}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE_CHARS else line[: _LINE_CHARS - 1] + "…"
