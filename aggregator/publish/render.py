"""What readers will see of an article: its decision becomes a new publication."""

from aggregator.model.article import Article, Block, BlockKind, plain_text
from aggregator.model.edition import (
    NewPublication,
    PublicationState,
    Publish,
    Refuse,
    StoredArticle,
)
from aggregator.model.outlet import Outlet, RightsMode
from aggregator.publish.excerpt import excerpt
from aggregator.publish.rights import republishes_another

# A heading or a table row at the end of an excerpt promises a text that does not come.
_RUNNING_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})


def render(decision: Publish | Refuse, stored: StoredArticle, outlet: Outlet) -> NewPublication:
    """The publication that a decision makes of an article; a refused one carries no text."""
    article = stored.article
    match decision:
        case Publish(mode, chars, reasons):
            state, blocks = PublicationState.PUBLISHED, blocks_in_mode(article, mode, chars)
        case Refuse(reason):
            mode, state = RightsMode.NEVER, PublicationState.REFUSED
            blocks, reasons = (), (reason,)
    return NewPublication(
        article_id=stored.id,
        state=state,
        mode=mode,
        headline=_one_line(article.headline),
        blocks=blocks,
        licence=licence(article, outlet),
        credit=credit(article, outlet),
        reasons=reasons,
        revision=stored.revision,
    )


def blocks_in_mode(article: Article, mode: RightsMode, excerpt_chars: int) -> tuple[Block, ...]:
    """As much of the article's text as the mode gives readers.

    An excerpt is cut from the running text, else from the dek, into paragraphs; ``excerpt_chars`` is its
    greatest length.
    """
    match mode:
        case RightsMode.FULL:
            return article.blocks
        case RightsMode.EXCERPT:
            running = plain_text(block for block in article.blocks if block.kind in _RUNNING_TEXT)
            shown = excerpt(running.strip() or article.dek or "", excerpt_chars, article.language)
            return tuple(Block(BlockKind.PARAGRAPH, line) for line in shown.split("\n") if line)
        case RightsMode.LINK | RightsMode.NEVER:
            return ()


def credit(article: Article, outlet: Outlet) -> str:
    """The attribution line: the one that the card asks for, else the byline's names and the outlet."""
    if outlet.rights.credit:
        return outlet.rights.credit
    return ", ".join((*(_one_line(name) for name in article.byline if name.strip()), outlet.name))


def licence(article: Article, outlet: Outlet) -> str | None:
    """The licence in force: the card's, else the page's own word.

    None for a page that republishes another outlet: it cannot license what is not its own.
    """
    if republishes_another(article):
        return None
    return outlet.rights.licence or article.licence


def _one_line(text: str) -> str:
    return " ".join(text.split())
