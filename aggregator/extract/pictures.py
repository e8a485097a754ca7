"""The pictures of an article: those of its figures with captions, those its metadata names."""

from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from aggregator import urls
from aggregator.extract.claims import Found
from aggregator.extract.flattened import Caption
from aggregator.extract.plain import key, plain
from aggregator.model.article import Image

_MOST = 10
_LONGEST_CAPTION_CHARS = 600
_FIGURES = ".//figure[.//img and .//figcaption]"
_CREDIT = (
    './/*[contains(@class, "credit") or contains(@class, "copyright") or contains(@class, "source")'
    ' or @itemprop="copyrightHolder"]'
)
# Figures in these belong to other articles.
_ELSEWHERE = frozenset({"aside", "nav", "footer"})


def find(
    tree: HtmlElement, base: str, claimed: Found[tuple[str, ...]] | None, headline: str
) -> tuple[Image, ...]:
    """At most ten pictures, metadata's first; absolute http(s) URLs, each once, with caption and credit."""
    found: dict[str, Image] = {}
    for image in (*_claimed(base, claimed), *_figures(tree, base), *_named(tree, base, headline)):
        known = found.get(image.url)
        if known is None or (known.caption is None and image.caption):
            found[image.url] = image
    return tuple(found.values())[:_MOST]


def _claimed(base: str, claimed: Found[tuple[str, ...]] | None) -> Iterator[Image]:
    for written in claimed.value if claimed else ():
        if url := urls.absolute(base, written):
            yield Image(url)


def _figures(tree: HtmlElement, base: str) -> Iterator[Image]:
    for figure in tree.xpath(_FIGURES)[:_MOST]:
        if any(parent.tag in _ELSEWHERE for parent in figure.iterancestors()):
            continue
        picture, words = figure.find(".//img"), figure.find(".//figcaption")
        url = urls.absolute(base, picture.get("src") or picture.get("data-src") or "")
        if url:
            credit = next((plain(one.text_content(), 200) for one in words.xpath(_CREDIT)), "")
            caption = plain(words.text_content(), _LONGEST_CAPTION_CHARS)
            if credit and caption.endswith(credit):
                caption = caption.removesuffix(credit).strip()
            yield Image(url, plain(picture.get("alt") or "") or None, caption or None, credit or None)


def _named(tree: HtmlElement, base: str, headline: str) -> Iterator[Image]:
    # WordPress themes give the lead picture the headline as its alternative text, and often no figure.
    for picture in tree.iter("img"):
        alt = picture.get("alt") or ""
        if alt and key(alt) == key(headline):
            if url := urls.absolute(base, picture.get("src") or picture.get("data-src") or ""):
                yield Image(url, plain(alt) or None)
            return


def with_caption(images: tuple[Image, ...], caption: Caption | None) -> tuple[Image, ...]:
    """The pictures with a caption that stood before the text given to the first, if that has none."""
    if caption is None or not images or images[0].caption:
        return images
    return (replace(images[0], caption=caption.text, credit=images[0].credit or caption.credit), *images[1:])
