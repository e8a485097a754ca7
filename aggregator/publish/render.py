"""What readers will see of an article: its decision becomes a new publication."""

from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.decision import Publish, Refuse
from aggregator.model.edition import NewPublication, PublicationState, StoredArticle
from aggregator.model.outlet import Outlet, RightsMode
from aggregator.publish import licence
from aggregator.publish.excerpt import excerpt
from aggregator.publish.quotable import quotable
from aggregator.publish.signals import republishes_another
from aggregator.publish.verbatim import verbatim


def render(decision: Publish | Refuse, stored: StoredArticle, outlet: Outlet) -> NewPublication:
    """The publication that a decision makes of an article; a refused one carries no text."""
    article = stored.article
    match decision:
        case Publish():
            shown, state = decision, PublicationState.PUBLISHED
            blocks = blocks_in_mode(article, decision)
        case Refuse(reason):
            shown, state = Publish(RightsMode.NEVER, 0, (reason,)), PublicationState.REFUSED
            blocks = ()
    name, address = licence_of(article, outlet)
    return NewPublication(
        article_id=stored.id,
        state=state,
        mode=shown.mode,
        headline=_one_line(article.headline),
        blocks=blocks,
        licence=name,
        credit=credit(article, outlet),
        reasons=shown.reasons,
        revision=stored.revision,
        licence_url=address,
        credit_position=outlet.rights.credit_position,
        is_verbatim=shown.is_verbatim and shown.mode is RightsMode.FULL,
        has_images=shown.has_images,
        is_indexable=shown.is_indexable,
        is_minable=shown.is_minable,
    )


def blocks_in_mode(article: Article, decision: Publish) -> tuple[Block, ...]:
    """As much of the article's text as the decision gives readers.

    An excerpt is cut from the quotable text into paragraphs; ``excerpt_chars`` is its greatest length. A
    verbatim text is the work as its outlet wrote it, with what was cut of it in its place again.
    """
    match decision.mode:
        case RightsMode.FULL:
            return verbatim(article) if decision.is_verbatim else article.blocks
        case RightsMode.EXCERPT:
            shown = excerpt(quotable(article), decision.excerpt_chars, article.language)
            return tuple(Block(BlockKind.PARAGRAPH, line) for line in shown.split("\n") if line)
        case RightsMode.LINK | RightsMode.NEVER:
            return ()


def credit(article: Article, outlet: Outlet) -> str:
    """The attribution line: the one that the card asks for, else the byline's names and the outlet."""
    if outlet.rights.credit:
        return outlet.rights.credit
    return ", ".join((*(_one_line(name) for name in article.byline if name.strip()), outlet.name))


def licence_of(article: Article, outlet: Outlet) -> tuple[str | None, str | None]:
    """The licence in force and its URL: the card's, or the page's own word if it is narrower.

    None for a page that republishes another outlet: it cannot license what is not its own.
    """
    if republishes_another(article):
        return None, None
    return licence.in_force(article, outlet.rights)


def _one_line(text: str) -> str:
    return " ".join(text.split())
