"""schema.org data of an article: whose it is, who carries it, under which licence."""

import json
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from aggregator import licences
from aggregator.model.article import Completeness
from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Picture
from aggregator.model.revision import ChangeKind, Revised
from aggregator.site import dates, language, prose
from aggregator.site.card import headline
from aggregator.site.figure import figure
from aggregator.site.links import Links, outward
from aggregator.site.updates import WORDS

# Inside a script element only these can end it or start a comment; JSON reads the escapes as the same text.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

_CORRECTIONS = frozenset({ChangeKind.CORRECTION, ChangeKind.RETRACTION})
_PUBLIC_DOMAIN = ("CC0-1.0", "CC-PDDC")

Facts = dict[str, object]


def embedded(
    publication: Publication, links: Links, site_name: str, versions: Sequence[Revised] = ()
) -> Markup:
    """The data as JSON that may stand inside ``<script type="application/ld+json">``."""
    facts = news_article(publication, links, site_name, versions)
    text = json.dumps(facts, ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - every character that HTML reads is escaped


def news_article(
    publication: Publication, links: Links, site_name: str, versions: Sequence[Revised] = ()
) -> Facts:
    """A schema.org ``NewsArticle``; publisher is the outlet, ``sdPublisher`` this site, no empty field.

    ``versions`` are the article's, for its corrections.
    """
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
        "copyrightNotice": _notice(publication),
        "sdPublisher": _organization("Organization", site_name, links.absolute(links.front())),
        "isBasedOn": outward(publication.source_link),
        "license": outward(publication.licence_url or "") or prose.line(publication.licence or ""),
        "creditText": prose.line(publication.credit),
        "articleSection": prose.line(publication.section or ""),
        "keywords": [label for label in (prose.line(each) for _, each in publication.topics) if label],
        "isAccessibleForFree": _is_free(publication),
        "image": [_image(picture, publication, links) for picture in publication.pictures],
        "correction": list(_corrections(publication, versions)),
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


def _notice(publication: Publication) -> str:
    """Whose the text is and under what terms, on one line; what is in the public domain is nobody's."""
    name, licence = prose.line(publication.outlet_name), prose.line(publication.licence or "")
    if any(licences.same(licence, free) for free in _PUBLIC_DOMAIN):
        return ""
    year = (publication.first_published or publication.published_at).year
    return f"© {year} {name}" + (f", {licence}" if licence else "")


def _image(picture: Picture, publication: Publication, links: Links) -> Facts:
    """A picture: our own copy of it."""
    shown = figure(picture, publication, links)
    facts: Facts = {
        "@type": "ImageObject",
        "url": links.absolute(shown.src),
        "width": shown.width,
        "height": shown.height,
        "caption": shown.caption or shown.alt,
        "creditText": shown.credit,
    }
    return {name: value for name, value in facts.items() if value}


def _corrections(publication: Publication, versions: Sequence[Revised]) -> Iterator[Facts]:
    """The outlet's corrections and retractions up to what is out, the newest first; other news is none."""
    for version in reversed(versions):
        if version.change is None or version.is_ours or version.number > publication.revision:
            continue
        kinds = [kind for kind in version.change.kinds if kind in _CORRECTIONS]
        if kinds:
            words = "; ".join(WORDS[kind] for kind in kinds)
            moment = dates.iso(version.stored_at)
            yield {"@type": "CorrectionComment", "text": words, "datePublished": moment}


def _organization(kind: str, name: str, url: str | None) -> Facts:
    known: Facts = {"@type": kind, "name": prose.line(name)}
    return known | ({"url": url} if url else {})
