"""The quotable text: what excerpts may be taken from."""

from aggregator.model.article import Article, BlockKind, plain_text

# A heading or a table row at the end of an excerpt promises a text that does not come.
_RUNNING_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})


def quotable(article: Article) -> str:
    """The running text without what the page keeps out of excerpts; the dek of an article without text."""
    running = [block for block in article.blocks if block.kind in _RUNNING_TEXT and block.text.strip()]
    if not running:
        return (article.dek or "").strip()
    return plain_text(block for block in running if block.is_quotable).strip()
