"""An article as one JSON object: the line that the bulk command writes."""

import json
from dataclasses import asdict
from datetime import datetime

from aggregator.model.article import Article


def record(name: str, article: Article) -> str:
    """One line of JSON, with the article's own id in front; times in ISO 8601 with their offset.

    ``body`` is the blocks' texts with a line feed between them; ``blocks`` tells their kinds.
    """
    row = {
        "id": name,
        "url": article.url,
        "title": article.headline,
        "authors": article.byline,
        "agency": article.agency,
        "published": _iso(article.published),
        "lang": article.language,
        "body": article.body,
        "dek": article.dek,
        "modified": _iso(article.modified),
        "canonical_url": article.canonical_url,
        "source_link": article.source_link,
        "section": article.section,
        "tags": article.tags,
        "images": [asdict(image) for image in article.images],
        "completeness": article.completeness,
        "site_name": article.site_name,
        "licence": article.licence,
        "robots": article.robots,
        "tdm_reserved": article.tdm_reserved,
        "tdm_policy": article.tdm_policy,
        "blocks": [
            {"kind": block.kind, "level": block.level, "chars": len(block.text)} for block in article.blocks
        ],
        "origins": {origin.field: origin.source for origin in article.origins},
        "losers": [asdict(loser) for loser in article.losers],
        "cuts": [{"text": cut.text, "rule": cut.rule} for cut in article.cuts],
    }
    return json.dumps(row, ensure_ascii=False)


def failure(name: str, url: str, error: str) -> str:
    """The line of a page without an article: its id and why."""
    return json.dumps({"id": name, "url": url, "error": error}, ensure_ascii=False)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
