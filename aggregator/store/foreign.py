"""Foreign text at the database's border: what no database can hold is taken out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from aggregator.clock import to_utc
from aggregator.model.article import Article, Block

# PostgreSQL refuses NUL in text, and no driver can encode half of a surrogate pair; both were seen in
# JavaScript escapes of JSON-LD that a site cut off in the middle.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without NUL, and with U+FFFD for each lone surrogate."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda match: "" if match.group() == "\x00" else "\ufffd", text)


def clean_or_none(text: str | None) -> str | None:
    """``clean`` for a text that may be missing."""
    return None if text is None else clean(text)


def clean_moment(moment: datetime | None) -> datetime | None:
    """The moment in UTC; None if it does not exist there (year 1 east of Greenwich)."""
    try:
        return None if moment is None else to_utc(moment)
    except OverflowError:
        return None


def clean_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with texts that are fit for the database."""
    return tuple(replace(block, text=clean(block.text)) for block in blocks)


def clean_article(article: Article) -> Article:
    """The article with all of its texts and times fit for the database."""
    return replace(
        article,
        url=clean(article.url),
        canonical_url=clean(article.canonical_url),
        source_link=clean(article.source_link),
        headline=clean(article.headline),
        dek=clean_or_none(article.dek),
        language=clean_or_none(article.language),
        section=clean_or_none(article.section),
        site_name=clean_or_none(article.site_name),
        licence=clean_or_none(article.licence),
        tdm_policy=clean_or_none(article.tdm_policy),
        byline=tuple(map(clean, article.byline)),
        agency=tuple(map(clean, article.agency)),
        tags=tuple(map(clean, article.tags)),
        robots=tuple(map(clean, article.robots)),
        published=clean_moment(article.published),
        modified=clean_moment(article.modified),
        blocks=clean_blocks(article.blocks),
        images=tuple(
            replace(
                image,
                url=clean(image.url),
                alt=clean_or_none(image.alt),
                caption=clean_or_none(image.caption),
                credit=clean_or_none(image.credit),
            )
            for image in article.images
        ),
        origins=tuple(
            replace(origin, field=clean(origin.field), source=clean(origin.source))
            for origin in article.origins
        ),
        losers=tuple(
            replace(one, field=clean(one.field), source=clean(one.source), value=clean(one.value))
            for one in article.losers
        ),
        cuts=tuple(
            replace(cut, text=clean(cut.text), rule=clean(cut.rule), before=clean(cut.before))
            for cut in article.cuts
        ),
    )
