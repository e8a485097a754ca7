"""The pictures of an article: the lead that its metadata names, then those of its figures with captions."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from aggregator import urls
from aggregator.extract.claims import Found
from aggregator.extract.flattened import Caption
from aggregator.extract.plain import key, plain
from aggregator.model.article import Image

_MOST = 10
_LONGEST_CAPTION_CHARS = 600
# WordPress wrote a div with this class before it wrote figures.
_FIGURES = XPath(
    "descendant::figure[descendant::img and descendant::figcaption]"
    ' | descendant::div[contains(@class, "wp-caption") and descendant::img]'
)
_CAPTIONS = './/figcaption | .//*[contains(@class, "wp-caption-text")]'
_CREDIT = (
    './/*[contains(@class, "credit") or contains(@class, "copyright") or contains(@class, "source")'
    ' or contains(@class, "photographer") or @itemprop="copyrightHolder"]'
)
_CREDIT_AT_END = re.compile(
    r"(?:^|(?<=[\s.!?(|]))(?P<credit>(?:©|\(c\)\s|(?:photos?|fotos?|fot|bild(?:er)?|images?|imagen|picture|quelle|"
    r"source|credits?|crédits?)(?:\s(?:credits?|by|courtesy(?:\sof)?))?\s?[:：.]\s|(?:photo|image|foto)(?:graph)?\sby\s)"
    r"\s*[^.!?]{2,80})\)?\.?$",
    re.IGNORECASE,
)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset")
_PLACEHOLDER = re.compile(r"placeholder|/(?:blank|spacer|pixel|1x1|transparent)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+")
# In a picture's address: a number or a hash of at least so many characters, or a word of so many letters.
_SHORTEST_NUMBER, _SHORTEST_WORD = 6, 8
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?")
# All pictures of an article may carry its number; crops share more.
_LEAST_SHARE = 0.5
# Names of formats, not of pictures.
_FORMATS = frozenset(
    ["landscape", "portrait", "original", "thumbnail", "alternates", "httpimage", "fileimage"]
)
# Figures in these belong to other articles.
_ELSEWHERE = frozenset({"aside", "nav", "footer"})


def find(
    tree: HtmlElement, base: str, claimed: Found[tuple[Image, ...]] | None, headline: str
) -> tuple[Image, ...]:
    """At most ten pictures, metadata's first; absolute http(s) URLs, each once, with caption and credit.

    The first is the lead. Publishers name it in several crops, of which one stays, and show it in a figure,
    which gives it its caption.
    """
    named = list(_claimed(base, claimed))
    figures = list(_figures(tree, base))
    if named:
        lead, *others = named
        shown = next((figure for figure in figures if _is_same(figure.url, lead.url)), None)
        if shown:
            figures.remove(shown)
        others = [other for other in others if not _is_same(other.url, lead.url)]
        named = [_with(lead, shown), *others]
    found: dict[str, Image] = {}
    for image in (*named, *figures, *_named(tree, base, headline)):
        known = found.get(image.url)
        found[image.url] = _with(known, image) if known else image
    return tuple(found.values())[:_MOST]


def _with(image: Image, other: Image | None) -> Image:
    """The picture, with what only the other tells."""
    if other is None:
        return image
    return replace(
        image,
        alt=image.alt or other.alt,
        caption=image.caption or other.caption,
        credit=image.credit or other.credit,
    )


def _is_same(some: str, other: str) -> bool:
    """Whether two addresses are one picture's crops: the ends of their paths share numbers or long words."""
    if some == other:
        return True
    ours, theirs = _tokens(some), _tokens(other)
    return bool(ours and theirs) and len(ours & theirs) >= _LEAST_SHARE * min(len(ours), len(theirs))


def _tokens(url: str) -> set[str]:
    path = urlsplit(url).path.casefold()
    tokens = _TOKEN.findall(" ".join(path.rsplit("/", 2)[-2:]))
    return {token for token in tokens if _tells(token)}


def _tells(token: str) -> bool:
    if token in _FORMATS or _DATE.fullmatch(token):
        return False
    has_digit = any(char.isdigit() for char in token)
    return len(token) >= (_SHORTEST_NUMBER if has_digit else _SHORTEST_WORD)


def _claimed(base: str, claimed: Found[tuple[Image, ...]] | None) -> Iterator[Image]:
    for written in claimed.value if claimed else ():
        if url := urls.absolute(base, written.url):
            yield replace(written, url=url)


def _figures(tree: HtmlElement, base: str) -> Iterator[Image]:
    for figure in _FIGURES(tree)[:_MOST]:
        if any(parent.tag in _ELSEWHERE for parent in figure.iterancestors()):
            continue
        picture, words = figure.find(".//img"), next(iter(figure.xpath(_CAPTIONS)), None)
        if words is not None and (url := _address(picture, base)):
            caption, credit = _told(words)
            yield Image(url, plain(picture.get("alt") or "") or None, caption or None, credit or None)


def _address(picture: HtmlElement, base: str) -> str | None:
    """Where a picture lies; what is loaded late has a placeholder where others have the address."""
    for name in _SOURCES:
        written = (picture.get(name) or "").strip()
        first = written.split()[0].rstrip(",") if written and "srcset" in name else written
        if first and not _PLACEHOLDER.search(first) and (url := urls.absolute(base, first)):
            return url
    return None


def _told(words: HtmlElement) -> tuple[str, str]:
    """The caption and the credit in it: an element of its own, or the end, such as 'Photo: Jane Roe'."""
    caption = plain(" ".join(words.itertext()), _LONGEST_CAPTION_CHARS)
    credit = next(
        (text for one in words.xpath(_CREDIT) if (text := plain(" ".join(one.itertext()), 200))), ""
    )
    if not credit and (ending := _CREDIT_AT_END.search(caption)):
        return caption[: ending.start()].rstrip(" (|"), _freed(ending["credit"])
    return caption.replace(credit, " ", 1).strip() if credit else caption, _freed(credit)


def _freed(credit: str) -> str:
    """A credit out of the brackets that it stood in."""
    text = credit.removeprefix("(") if credit.endswith(")") else credit
    return text.rstrip(")") if text.count(")") > text.count("(") else text


def _named(tree: HtmlElement, base: str, headline: str) -> Iterator[Image]:
    # WordPress themes give the lead picture the headline as its alternative text, and often no figure.
    for picture in tree.iter("img"):
        alt = picture.get("alt") or ""
        if alt and key(alt) == key(headline):
            if url := _address(picture, base):
                yield Image(url, plain(alt) or None)
            return


def with_caption(images: tuple[Image, ...], caption: Caption | None) -> tuple[Image, ...]:
    """The pictures with a caption that stood before the text given to the first, if that has none."""
    if caption is None or not images or images[0].caption:
        return images
    return (replace(images[0], caption=caption.text, credit=images[0].credit or caption.credit), *images[1:])
