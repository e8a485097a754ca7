"""Syndication: what a page tells search engines about the original."""

from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.site.links import Links, outward


def may_index(publication: Publication) -> bool:
    """Whether search engines may list our page: neither what its original keeps from them, nor a full copy.

    The outlet's card can allow full copies ([syndication]).
    """
    is_kept_out = publication.mode is RightsMode.FULL and publication.noindex
    return publication.is_indexable and not is_kept_out


def canonical(publication: Publication, links: Links) -> str:
    """The address that counts: the original's for a full copy, unless the card says otherwise; else ours."""
    source = outward(publication.source_link)
    if source and publication.mode is RightsMode.FULL and publication.canonical:
        return source
    return links.absolute(links.article(publication))
