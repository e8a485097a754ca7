"""schema.org data of an article: whose it is, who carries it, under which licence."""

import json

from markupsafe import Markup

from aggregator.model.article import Completeness
from aggregator.model.edition import Publication
from aggregator.site import dates, language, prose
from aggregator.site.card import headline
from aggregator.site.links import Links, outward

# Inside a script element only these can end it or start a comment; JSON reads the escapes as the same text.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def embedded(publication: Publication, links: Links, site_name: str) -> Markup:
    """The data as JSON that may stand inside ``<script type="application/ld+json">``."""
    text = json.dumps(news_article(publication, links, site_name), ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - every character that HTML reads is escaped


def news_article(publication: Publication, links: Links, site_name: str) -> dict[str, object]:
    """A schema.org ``NewsArticle``; publisher is the outlet, ``sdPublisher`` this site, no empty field."""
    source = outward(publication.source_link)
    published = publication.first_published
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline(publication),
        "url": links.absolute(links.article(publication)),
        "inLanguage": language.tag(publication.language),
        "datePublished": dates.iso(published) if published else "",
        "author": [{"@type": "Person", "name": name} for name in map(prose.line, publication.byline) if name],
        "publisher": _organization(
            "NewsMediaOrganization", publication.outlet_name, outward(publication.outlet_homepage)
        ),
        "sdPublisher": _organization("Organization", site_name, links.absolute(links.front())),
        "sdDatePublished": dates.iso(publication.published_at),
        "isBasedOn": source,
        "license": outward(publication.licence_url or "") or prose.line(publication.licence or ""),
        "creditText": prose.line(publication.credit),
        "articleSection": prose.line(publication.section or ""),
        "isAccessibleForFree": False if publication.completeness is Completeness.PAYWALLED else "",
    }
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


def _organization(kind: str, name: str, url: str | None) -> dict[str, str]:
    return {"@type": kind, "name": prose.line(name)} | ({"url": url} if url else {})
