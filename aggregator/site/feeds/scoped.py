"""The feed of a scope: the site, an outlet, a language, a topic or a search."""

from datetime import UTC, datetime

from aggregator.site import language, prose
from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.site.feeds.feed import Feed, Ways
from aggregator.site.feeds.item import gone, items
from aggregator.site.pages.outlet import summary
from aggregator.store import volumes
from aggregator.store.volumes import Scope, Volume

TOMBSTONES = 200  # of older volumes, in the one that people subscribe to
# An empty feed's date: it must have one, and not a moving one.
_EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def feed(site: Site, kind: str, scope: Scope, number: int | None) -> Feed:
    """The scope's feed in a format: what is newest, or the older document of this number.

    Raises:
        NotFoundError: there is no such outlet, nothing of such a language or topic, or no such document.
    """
    found = volumes.volume(site.db, scope, number, site.milestones)
    if found is None:
        raise NotFoundError
    title, description = _words(site, scope, found)
    withdrawn = gone(found.withdrawn, site.links)
    if number is None:
        older = gone(volumes.withdrawn(site.db, scope, TOMBSTONES), site.links)
        withdrawn = tuple(dict.fromkeys((*withdrawn, *older)))
    moments = [max(each.updated_at, each.published_at) for each in found.publications]
    return Feed(
        title=title,
        description=description,
        page=site.links.absolute(page(site, scope)),
        address=_address(site, kind, scope, number),
        updated=max([*moments, *(each.at for each in withdrawn)], default=_EMPTY_SINCE),
        items=items(found.publications, site.links),
        gone=withdrawn,
        ways=_ways(site, kind, scope, found),
        language=language.tag(scope.language) or "en",
        hubs=site.settings.websub.hubs,
    )


def page(site: Site, scope: Scope) -> str:
    """The path of the page that the scope's feed follows."""
    links = site.links
    if scope.words is not None:
        return links.search(scope.words, outlet=scope.outlet, language=scope.language)
    if scope.topic is not None:
        return links.topic(scope.topic)
    return links.outlet(scope.outlet) if scope.outlet else links.front(language=scope.language)


def _words(site: Site, scope: Scope, found: Volume) -> tuple[str, str]:
    """The feed's title and description."""
    name = prose.line(site.settings.site.name)
    if scope.words is not None:
        return f"{scope.words} · {name}", f"What {name} finds for {scope.words}, the newest first"
    if scope.outlet is not None:
        wrote = prose.line(summary(site, scope.outlet).name)
        return f"{wrote} · {name}", f"What {name} carries of {wrote}"
    if scope != Scope() and not found.publications:
        raise NotFoundError
    if scope.topic is not None:
        label = prose.line(volumes.topic_label(site.db, scope.topic) or scope.topic)
        return f"{label} · {name}", f"What {name} carries under {label}"
    if scope.language is not None:
        spoken = language.name(scope.language)
        return f"{spoken} · {name}", f"What {name} carries in {spoken}"
    return name, prose.line(site.settings.site.tagline)


def _ways(site: Site, kind: str, scope: Scope, found: Volume) -> Ways:
    newest = _address(site, kind, scope, None)
    newer = None
    if found.number is not None:
        newer = newest if found.number == found.bound else _address(site, kind, scope, found.number + 1)
    return Ways(
        newest=newest,
        oldest=_address(site, kind, scope, 1) if found.bound else newest,
        older=_address(site, kind, scope, found.older) if found.older else None,
        newer=newer,
        is_lasting=scope.is_lasting,
        is_archive=found.number is not None and scope.is_lasting,
    )


def _address(site: Site, kind: str, scope: Scope, number: int | None) -> str:
    path = site.links.feed(
        kind,
        outlet=scope.outlet,
        language=scope.language,
        topic=scope.topic,
        words=scope.words,
        volume=number,
    )
    return site.links.absolute(path)
