"""What a page's JSON-LD says of the article as a whole: whether it is free, what it is, how long it is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aggregator.extract.claims import Found, Statement
from aggregator.extract.plain import key, plain
from aggregator.model.article import Completeness

_IS_FREE = "json-ld:isAccessibleForFree"
_PART = "json-ld:hasPart.isAccessibleForFree"
_NO = frozenset({"false", "no", "0", "n"})
_YES = frozenset({"true", "yes", "1", "y"})
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review)$")
_PAGES = frozenset({"WebPage", "ItemPage", "CreativeWork", "Webpage", "itemPage"})
_GALLERIES = frozenset({"ImageGallery", "MediaGallery", "PhotoGallery"})
_NEWS = re.compile(r"NewsArticle$|^NewsMediaOrganization$")
_DEEPEST = 5
_MOST_PARTS = 20
_MOST_DIGITS = 7
_LONGEST_DESCRIPTION_CHARS = 600
# In a block that is no JSON even after repairs: one word about the article is better than none.
_UNREADABLE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:false|no)\b', re.IGNORECASE)
Node = Mapping[str, Any]


def read(nodes: Sequence[Node], article: Node | None) -> Statement:
    """The statement of a page's nodes; ``article`` is the one that is its article, if any is.

    Whether it is free is asked of the article first, then of other nodes of the same article, then of the
    page; a part that is not free (``hasPart``) counts where its owner says nothing. A page that is declared
    not free may carry its whole text all the same: that is no matter of this module.
    https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
    """
    own = [node for node in _same(nodes, article) if not _GALLERIES & types(node)]
    pages = [node for node in nodes if _PAGES & types(node)]
    free = next((said for node in (*own, *pages) if (said := _is_free(node))), None)
    films = [node for node in nodes if "VideoObject" in types(node)]
    films += [film for node in own[:1] for film in _objects(node.get("video"))]
    return Statement(
        is_free=free,
        kind=_kind(nodes, article),
        has_gallery=any(_GALLERIES & types(node) for node in nodes),
        films=tuple(plain(_text(film.get("description")), _LONGEST_DESCRIPTION_CHARS) for film in films),
        text=next((_text(node.get("articleBody")) for node in own if _text(node.get("articleBody"))), ""),
        words=next((words for node in own if (words := _count(node.get("wordCount")))), 0),
        is_news=any(_NEWS.search(kind) for node in nodes for kind in types(node)),
    )


def of_unreadable(text: str) -> Node | None:
    """A node for a block that cannot be decoded, if that calls anything on the page not free."""
    return {"@type": "WebPage", "isAccessibleForFree": False} if _UNREADABLE.search(text) else None


def types(node: Node) -> set[str]:
    """The types of a node, without their vocabulary."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if isinstance(kind, str)}


def _same(nodes: Sequence[Node], article: Node | None) -> list[Node]:
    """The article's node, then others with its headline: plugins write theirs beside the site's own."""
    if article is None:
        return []
    headline = key(_text(article.get("headline") or article.get("name")))
    others = (
        node
        for node in nodes
        if node is not article
        and any(_ARTICLE.search(kind) for kind in types(node))
        and headline
        and key(_text(node.get("headline") or node.get("name"))) == headline
    )
    return [article, *others]


def _is_free(node: Node) -> Found[bool] | None:
    said = _flag(node.get("isAccessibleForFree"))
    if said is not None:
        return Found(said, _IS_FREE)
    parts = list(_objects(node.get("hasPart")))[:_MOST_PARTS]
    is_sold = any(_flag(part.get("isAccessibleForFree")) is False for part in parts)
    return Found(value=False, source=_PART) if is_sold else None


def _flag(value: Any, depth: int = 0) -> bool | None:
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return next((said for one in value[:5] if (said := _flag(one, depth + 1)) is not None), None)
    if isinstance(value, dict):
        return _flag(value.get("@value"), depth + 1)
    word = str(value).strip().lower().rsplit("/", 1)[-1]
    return True if word in _YES else False if word in _NO else None


def _kind(nodes: Sequence[Node], article: Node | None) -> Found[Completeness] | None:
    live = next((node for node in nodes if "LiveBlogPosting" in types(node)), None)
    if live is not None:
        return Found(Completeness.LIVE, "json-ld:LiveBlogPosting")
    if article is not None and article.get("coverageStartTime"):
        return Found(Completeness.LIVE, "json-ld:coverageStartTime")
    main = article if article is not None and not _PAGES & types(article) else None
    shown = types(main) if main is not None else {kind for node in nodes for kind in types(node)}
    if gallery := next(iter(sorted(_GALLERIES & shown)), None):
        return Found(Completeness.GALLERY, f"json-ld:{gallery}")
    if "VideoObject" in shown and not any(_ARTICLE.search(kind) for kind in shown):
        return Found(Completeness.VIDEO, "json-ld:VideoObject")
    return None


def _objects(value: Any) -> Iterable[Node]:
    values = value if isinstance(value, list) else [value]
    return (one for one in values if isinstance(one, dict))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(one for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
