"""The recipe: what a fetched page goes through until it is an article."""

from typing import Any
from urllib.parse import urlsplit

from aggregator import urls
from aggregator.extract import (
    agency,
    behind,
    completeness,
    corrections,
    cuts,
    flattened,
    form,
    header,
    known,
    language,
    layouts,
    licence,
    losers,
    metadata,
    metatags,
    nosnippet,
    pictures,
    reservation,
    robots,
    ruled,
    source,
)
from aggregator.extract.claims import Claims, Found, Statement
from aggregator.extract.errors import NotArticleError, NoTextError
from aggregator.extract.flattened import Caption
from aggregator.extract.known import Known
from aggregator.extract.links import Links
from aggregator.extract.outlet_page import OutletPage
from aggregator.extract.parse import parse
from aggregator.extract.plain import plain
from aggregator.model.article import Article, Block, CutBlock, FieldOrigin
from aggregator.model.outlet import Rules
from aggregator.model.page import FetchedPage

# The shortest news flash of one sentence has more; menus that were taken for text have less.
_SHORTEST_BODY_CHARS = 25


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
    tree = parse(page)
    meta = metatags.tags(tree)
    own = OutletPage(page, tree, rules)
    found = metadata.read(page, tree, meta, own)
    if (other := layouts.pick(own, found.claims.published)) is not own:
        own, found = other, metadata.read(page, tree, meta, other)
    claims = found.claims
    if claims.headline is None or not claims.headline.value:
        raise NotArticleError(f"{page.url}: no headline, so no article")
    links = Links.of(tree)
    canonical = source.canonical(links, meta, page.url, claims.headline.value)
    original = source.original(links, page.url, canonical.value, claims.original)
    images = pictures.find(tree, page.url, claims.images, claims.headline.value)
    declared = licence.find(links, claims.licence)
    withheld = nosnippet.parts(tree)
    blocks, gone, caption, where = _body(own, _known(own, links, meta, claims))
    target = _source_link(
        original or canonical, source.lost(gone, links, page.url) if original is None else None
    )
    reserved = reservation.find(page, meta)
    images = pictures.with_caption(images, caption)
    complete = _completeness(own, links, meta, claims, text=(blocks, gone), usual_chars=usual_chars)
    credited = agency.find(_authors(found), blocks, gone, (page.url, (original or canonical).value))
    written = metatags.language(tree, meta)
    spoken = language.detect(_sample(blocks, claims.headline.value), written)
    blocks, gone = corrections.with_notices(own.tree, blocks, gone)
    return Article(
        outlet=page.outlet,
        url=page.url,
        canonical_url=canonical.value,
        source_link=target.value,
        headline=claims.headline.value,
        blocks=nosnippet.marked(blocks, withheld),
        language=spoken.value if spoken else None,
        fetched_at=page.fetched_at,
        dek=_value(claims.dek),
        byline=claims.byline.value if claims.byline else (),
        agency=credited.value if credited else (),
        published=claims.published.value.at if claims.published else None,
        modified=claims.modified.value.at if claims.modified else None,
        section=_value(claims.section),
        tags=claims.tags.value if claims.tags else (),
        images=images,
        site_name=_value(claims.site_name),
        licence=_value(declared),
        completeness=complete.found.value,
        robots=robots.directives(page, meta),
        tdm_reserved=reserved is not None,
        tdm_policy=reserved.policy if reserved else None,
        origins=(
            *(
                one
                for one in claims.origins()
                if one.field not in {"original", "licence", "statement", "houses"}
            ),
            *_origins(canonical_url=canonical, source_link=target, language=spoken),
            *_origins(
                completeness=complete.found,
                licence=declared,
                agency=credited,
                tdm_reserved=Found(True, reserved.source) if reserved else None,
                blocks=Found("", where),
            ),
        ),
        losers=(
            *found.losers,
            *losers.among("canonical_url", canonical, source.stated(links, meta, page.url)),
            *losers.among("language", spoken, language.declared(written)),
            *losers.among("licence", declared, licence.stated(links, found.licences)),
            *complete.losers,
        ),
        cuts=gone,
    )


def _authors(found: metadata.Metadata) -> tuple[str, ...]:
    """All names that any source gives for the byline."""
    taken = found.claims.byline.value if found.claims.byline else ()
    return (*taken, *(one.value for one in found.losers if one.field == "byline"))


def _source_link(found: Found[str], lost: str | None) -> Found[str]:
    """Where readers are sent; the origin tells if the page has lost its link to the source."""
    return Found(found.value, f"stripped:{plain(lost, 40)}") if lost else found


def _refuse_home(url: str, homepage: str) -> None:
    parts = urlsplit(url)
    if urls.url_key(url) == urls.url_key(homepage) or (parts.path in {"", "/"} and not parts.query):
        raise NotArticleError(f"{url}: the home page, not an article")


def _known(own: OutletPage, links: Links, meta: metatags.Tags, claims: Claims) -> Known:
    """What the page says of itself, to recognise its repetition in the body."""
    headlines = [claims.headline.value if claims.headline else "", *header.headings(own.tree)[:1]]
    headlines += [text for name in ("og:title", "twitter:title") for text in meta.get(name, ())]
    people = claims.byline.value if claims.byline else ()
    moments = (found.value.at for found in (claims.published, claims.modified) if found)
    deks = [claims.dek.value if claims.dek else ""]
    deks += [plain(text) for name in metatags.DEK for text in meta.get(name, ())]
    return Known(
        known.keys(headlines),
        known.keys(people),
        known.link_texts(links.anchors),
        own.rules.cut_lines,
        known.days(*moments),
        known.keys(deks),
        is_news=claims.statement is not None and claims.statement.value.is_news,
    )


def _body(
    own: OutletPage, about: Known
) -> tuple[tuple[Block, ...], tuple[CutBlock, ...], Caption | None, str]:
    """The blocks that stay, what was cut by the card and by rules, a caption that led, the body's origin."""
    ruled_body = ruled.find(own, about)
    kept, gone = cuts.cut(ruled_body.found, about)
    if sum(len(block.text) for block in kept) < _SHORTEST_BODY_CHARS:
        raise NoTextError(f"{own.page.url}: no running text found")
    kept, inside, caption = flattened.cut_inside(kept, about.links)
    return kept, (*ruled_body.removed, *gone, *inside), caption, ruled_body.source


def _completeness(
    own: OutletPage,
    links: Links,
    meta: metatags.Tags,
    claims: Claims,
    *,
    text: tuple[tuple[Block, ...], tuple[CutBlock, ...]],
    usual_chars: int | None,
) -> completeness.Judgement:
    """Whether the text (what stays, what was cut) is whole, by all that the page and the feed tell."""
    blocks, gone = text
    is_short = sum(len(block.text) for block in blocks) <= completeness.SHORT_CHARS
    return completeness.judge(
        completeness.Clues(
            blocks,
            gone,
            claims.statement.value if claims.statement else Statement(),
            meta,
            behind.read(own.tree, blocks),
            form.read(own.tree, links, own.page.url, is_short=is_short),
            _value(claims.dek) or "",
            own.page.entry.dek or "",
            usual_chars,
        )
    )


def _sample(blocks: tuple[Block, ...], headline: str) -> str:
    """Text to tell the language by: the body, with the headline in front where the body is short."""
    text = "\n".join(block.text for block in blocks[:40])
    return text if len(text) >= language.PLENTY_CHARS else f"{headline}\n{text}"


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _origins(**found: Found[Any] | None) -> tuple[FieldOrigin, ...]:
    return tuple(FieldOrigin(name, one.source) for name, one in found.items() if one)
