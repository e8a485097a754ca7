"""schema.org data of an article: whose it is, who carries it, under which licence."""

import json

from markupsafe import Markup

from aggregator.model.article import Completeness
from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, language, prose
from aggregator.site.card import headline
from aggregator.site.links import Links, outward

# Inside a script element only these can end it or start a comment; JSON reads the escapes as the same text.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

Facts = dict[str, object]


def embedded(publication: Publication, links: Links, site_name: str) -> Markup:
    """The data as JSON that may stand inside ``<script type="application/ld+json">``."""
    text = json.dumps(news_article(publication, links, site_name), ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - every character that HTML reads is escaped


def news_article(publication: Publication, links: Links, site_name: str) -> Facts:
    """A schema.org ``NewsArticle``; publisher is the outlet, ``sdPublisher`` this site, no empty field."""
    outlet = _organization(
        "NewsMediaOrganization", publication.outlet_name, outward(publication.outlet_homepage)
    )
    facts: Facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline(publication),
        "url": links.absolute(links.article(publication)),
        "inLanguage": language.tag(publication.language),
        **_moments(publication),
        "author": _authors(publication) or [outlet],
        "publisher": outlet,
        "copyrightHolder": outlet,
        "sdPublisher": _organization("Organization", site_name, links.absolute(links.front())),
        "isBasedOn": outward(publication.source_link),
        "license": outward(publication.licence_url or "") or prose.line(publication.licence or ""),
        "creditText": prose.line(publication.credit),
        "articleSection": prose.line(publication.section or ""),
        "keywords": [label for label in (prose.line(each) for _, each in publication.topics) if label],
        "isAccessibleForFree": _is_free(publication),
    }
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


def _moments(publication: Publication) -> Facts:
    """When the outlet published and changed it, and when we wrote this."""
    first, changed = publication.first_published, publication.modified
    is_revised = publication.updated_at > publication.published_at
    if is_revised and (changed is None or changed < publication.updated_at):
        changed = publication.updated_at
    if changed is not None and first is not None:
        changed = max(first, changed)
    return {
        "datePublished": dates.iso(first) if first else "",
        "dateModified": dates.iso(changed) if changed else "",
        "sdDatePublished": dates.iso(max(publication.updated_at, publication.published_at)),
    }


def _authors(publication: Publication) -> list[Facts]:
    names = (prose.line(name) for name in publication.byline)
    return [{"@type": "Person", "name": name} for name in names if name]


def _is_free(publication: Publication) -> bool | None:
    """Whether the whole article can be read without paying; None if nobody knows."""
    if publication.completeness is Completeness.PAYWALLED:
        return False
    return True if publication.mode is RightsMode.FULL else None


def _organization(kind: str, name: str, url: str | None) -> Facts:
    known: Facts = {"@type": kind, "name": prose.line(name)}
    return known | ({"url": url} if url else {})
