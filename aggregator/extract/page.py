"""The recipe: what a fetched page goes through until it is an article."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from aggregator import urls
from aggregator.extract import (
    agency,
    behind,
    completeness,
    container,
    corrections,
    credit_line,
    cuts,
    flattened,
    form,
    header,
    known,
    language,
    licence,
    losers,
    metatags,
    nosnippet,
    pictures,
    reservation,
    robots,
    ruled,
    sheet,
    source,
)
from aggregator.extract.claims import Found, Statement
from aggregator.extract.completeness import Judgement
from aggregator.extract.errors import NotArticleError, NoTextError
from aggregator.extract.flattened import Caption
from aggregator.extract.known import Known
from aggregator.extract.plain import plain
from aggregator.extract.sheet import Sheet
from aggregator.model.article import CONTAINER, Article, Block, CutBlock, FieldLoser, FieldOrigin
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage, Reservation

# The shortest news flash of one sentence has more; menus that were taken for text have less.
_SHORTEST_BODY_CHARS = 25
# Claims that are no fields of an article, or whose origin is told elsewhere.
_LONGEST_ORIGIN_CHARS = 120
_NO_FIELDS = frozenset({"original", "licence", "statement", "houses"})


@dataclass(frozen=True, slots=True)
class _Text:
    """The blocks that stay, what was cut by the card and by rules, a caption that led, the body's origin."""

    blocks: tuple[Block, ...]
    cuts: tuple[CutBlock, ...]
    caption: Caption | None
    origin: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What page and text together tell."""

    target: Found[str]
    complete: Judgement
    agency: Found[tuple[str, ...]] | None
    written: str | None
    language: Found[str] | None
    reserved: Reservation | None


def extract(
    page: FetchedPage, rules: Rules, *, homepage: str | None = None, usual_chars: int | None = None
) -> Article:
    """The article on a page.

    ``homepage`` is the outlet's, to which dead links are often redirected; without it any page may be one.
    ``usual_chars`` is the median length of the outlet's articles: a hint whether a text is a part of one.

    Raises:
        NotHtmlError: the page is another kind of file.
        NoTextError: no running text was found.
        NotArticleError: a home page, or a page that nobody gave a headline.
        CardError: a selector or an expression of the card is not valid, or its page class cannot be loaded.
        PageClassError: the page class failed.
    """
    if homepage is not None:
        _refuse_home(page.url, homepage)
    about = sheet.read(page, rules)
    text = _text(about)
    told = _told(about, text, usual_chars)
    blocks, gone = corrections.with_notices(about.own.tree, text.blocks, text.cuts)
    return _with_claims(_article(about, replace(text, blocks=blocks, cuts=gone), told), about)


def _refuse_home(url: str, homepage: str) -> None:
    parts = urlsplit(url)
    if urls.url_key(url) == urls.url_key(homepage) or (parts.path in {"", "/"} and not parts.query):
        raise NotArticleError(f"{url}: the home page, not an article")


def _text(about: Sheet) -> _Text:
    """The text of the page; its tree is used up."""
    itself = _known(about)
    body = ruled.find(about.own, itself)
    kept, gone = cuts.cut(body.found, itself)
    if sum(len(block.text) for block in kept) < _SHORTEST_BODY_CHARS:
        raise NoTextError(f"{about.page.url}: no running text found")
    kept, inside, caption = flattened.cut_inside(kept, itself.links)
    return _Text(kept, (*body.removed, *gone, *inside), caption, body.source)


def _known(about: Sheet) -> Known:
    """What the page says of itself, to recognise its repetition in the body."""
    claims, meta = about.claims, about.meta
    headlines = [about.headline, *header.headings(about.own.tree)[:1]]
    headlines += [text for name in ("og:title", "twitter:title") for text in meta.get(name, ())]
    people = claims.byline.value if claims.byline else ()
    moments = (found.value.at for found in (claims.published, claims.modified) if found)
    deks = [claims.dek.value if claims.dek else ""]
    deks += [plain(text) for name in metatags.DEK for text in meta.get(name, ())]
    return Known(
        known.keys(headlines),
        known.keys(people),
        known.link_texts(about.links.anchors),
        about.own.rules.cut_lines,
        known.days(*moments),
        known.keys(deks),
        is_news=claims.statement is not None and claims.statement.value.is_news,
    )


def _told(about: Sheet, text: _Text, usual_chars: int | None) -> _Told:
    address = about.original or about.canonical
    lost = _lost(about, text) if about.original is None else None
    written = metatags.language(about.own.tree, about.meta)
    return _Told(
        # The origin tells if the page has lost its link to the source.
        Found(address.value, f"stripped:{plain(lost, _LONGEST_ORIGIN_CHARS)}") if lost else address,
        _completeness(about, text, usual_chars),
        agency.find(about.authors(), text.blocks, text.cuts, (about.page.url, address.value)),
        written,
        language.detect(_sample(text.blocks, about.headline), written),
        reservation.find(about.page, about.meta),
    )


def _lost(about: Sheet, text: _Text) -> str | None:
    """The words by which a page says that its text is another outlet's, without a link to it."""
    own = credit_line.own_names(about.page.url, _value(about.claims.site_name))
    return source.lost(text.cuts, about.links, about.page.url) or credit_line.find(
        text.blocks, text.cuts, own
    )


def _completeness(about: Sheet, text: _Text, usual_chars: int | None) -> Judgement:
    """Whether the text (what stays, what was cut) is whole, by all that the page and the feed tell."""
    blocks, claims, tree = text.blocks, about.claims, about.own.tree
    is_short = sum(len(block.text) for block in blocks) <= completeness.SHORT_CHARS
    return completeness.judge(
        completeness.Clues(
            blocks,
            text.cuts,
            claims.statement.value if claims.statement else Statement(),
            about.meta,
            behind.read(tree, blocks),
            form.read(tree, about.links, about.page.url, is_short=is_short),
            _value(claims.dek) or "",
            about.page.entry.dek or "",
            usual_chars,
        )
    )


def _sample(blocks: tuple[Block, ...], headline: str) -> str:
    """Text to tell the language by: the body, with the headline in front where the body is short."""
    text = "\n".join(block.text for block in blocks[:40])
    return text if len(text) >= language.PLENTY_CHARS else f"{headline}\n{text}"


def _article(about: Sheet, text: _Text, told: _Told) -> Article:
    page, reserved = about.page, told.reserved
    return Article(
        outlet=page.outlet,
        url=page.url,
        canonical_url=about.canonical.value,
        source_link=told.target.value,
        headline=about.headline,
        blocks=nosnippet.marked(text.blocks, about.withheld),
        language=told.language.value if told.language else None,
        fetched_at=page.fetched_at,
        agency=told.agency.value if told.agency else (),
        images=pictures.with_caption(about.images, text.caption),
        licence=_value(about.licence),
        completeness=told.complete.found.value,
        robots=robots.directives(page, about.meta),
        tdm_reserved=reserved is not None,
        tdm_policy=reserved.policy if reserved else None,
        origins=tuple(_origins(about, text, told)),
        losers=tuple(_losers(about, told)),
        cuts=text.cuts,
    )


def _with_claims(article: Article, about: Sheet) -> Article:
    """The article with what the page claims for it."""
    claims = about.claims
    return replace(
        article,
        dek=_value(claims.dek),
        byline=claims.byline.value if claims.byline else (),
        published=claims.published.value.at if claims.published else None,
        modified=claims.modified.value.at if claims.modified else None,
        section=_value(claims.section),
        tags=claims.tags.value if claims.tags else (),
        site_name=_value(claims.site_name),
    )


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _origins(about: Sheet, text: _Text, told: _Told) -> Iterator[FieldOrigin]:
    yield from (one for one in about.claims.origins() if one.field not in _NO_FIELDS)
    found: dict[str, Found[Any] | None] = {
        "canonical_url": about.canonical,
        "source_link": told.target,
        "language": told.language,
        "completeness": told.complete.found,
        "licence": about.licence,
        "agency": told.agency,
        "tdm_reserved": Found(True, told.reserved.source) if told.reserved else None,
        "blocks": Found("", text.origin),
    }
    yield from (FieldOrigin(name, one.source) for name, one in found.items() if one)
    if where := container.of(text.blocks):
        yield FieldOrigin(CONTAINER, where)


def _losers(about: Sheet, told: _Told) -> Iterator[FieldLoser]:
    claimed = source.stated(about.links, about.meta, about.page.url)
    yield from about.found.losers
    yield from losers.among("canonical_url", about.canonical, claimed)
    yield from losers.among("language", told.language, language.declared(told.written))
    yield from losers.among("licence", about.licence, licence.stated(about.links, about.found.licences))
    yield from told.complete.losers
