"""Addresses of the site's own pages, and which foreign addresses may become links."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from aggregator import urls
from aggregator.model.edition import Publication

SLUG_BYTES = 90  # about 60 Latin letters or 30 Chinese characters: long enough to read, short enough to share
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HYPHENS = re.compile("-+")


class _Kept(dict[int, int]):
    """What a slug has of each character, by its number: letters, marks and digits, else a hyphen."""

    def __missing__(self, number: int) -> int:
        kept = self[number] = number if unicodedata.category(chr(number))[0] in "LMN" else ord("-")
        return kept


_KEPT = _Kept()


def outward(url: str) -> str | None:
    """The URL if it may stand in a link (absolute, http or https, nothing hidden in it), else None."""
    return url if urls.is_web(url) and not _UNSAFE.search(url) else None


@lru_cache(maxsize=4_000)  # an article's page asks five times for that of each headline on it
def slug(headline: str) -> str:
    """The headline as part of an address: lower case, any script, words joined by hyphens; may be empty."""
    text = unicodedata.normalize("NFKC", headline.lower())
    joined = _HYPHENS.sub("-", text.translate(_KEPT)).strip("-")
    whole = joined.encode("utf-8", "ignore")
    if len(whole) <= SLUG_BYTES:
        return joined
    cut = whole[:SLUG_BYTES].decode("utf-8", "ignore")
    return (cut.rpartition("-")[0] or cut).strip("-")


@dataclass(frozen=True, slots=True)
class Links:
    """Paths of our pages as a browser asks for them; ``absolute`` makes a full URL of one.

    ``base_url`` may have a path of its own (a proxy that serves the site below ``/news``): every path
    starts with it.
    """

    base_url: str

    @property
    def is_static(self) -> bool:
        """Whether the site is files only: nothing can be sent."""
        return False

    @property
    def prefix(self) -> str:
        """The path that all our paths start with; empty for a site at the root of its host."""
        return urlsplit(self.base_url).path.rstrip("/")

    def absolute(self, path: str) -> str:
        """The full URL of one of our paths."""
        return self.base_url.rstrip("/").removesuffix(self.prefix) + path

    def front(self, *, before: str | None = None, language: str | None = None) -> str:
        """The front page, or the page of a language, or what is older there than a cursor."""
        return self._path(f"/language/{quote(language, safe='')}" if language else "/", before=before)

    def article(self, publication: Publication) -> str:
        """The page of a publication, with the slug of its headline."""
        words = slug(publication.headline)
        return self.permanent(publication.id) + (f"/{quote(words, safe='-')}" if words else "")

    def permanent(self, publication_id: int) -> str:
        """The address of a publication that stays when its headline changes."""
        return self._path(f"/article/{publication_id}")

    def archive(self, when: str | None = None, *, before: str | None = None) -> str:
        """The calendar of a month (``2026-03``) or the newest one, or what is dated on a day."""
        return self._path("/archive" + (f"/{when}" if when else ""), before=before)

    def story(self, number: int) -> str:
        """The page of a story."""
        return self._path(f"/story/{number}")

    def outlets(self) -> str:
        """The list of outlets."""
        return self._path("/outlets")

    def outlet(self, outlet: str, *, before: str | None = None) -> str:
        """An outlet's page, or what is older than a cursor."""
        return self._path(f"/outlet/{quote(outlet, safe='')}", before=before)

    def search(
        self,
        query: str = "",
        *,
        page: int = 1,
        **filters: str | None,
    ) -> str:
        """The search page, or a page (from 1) of what was found; ``filters`` as the form names them."""
        number = str(page) if page > 1 else None
        return self._path("/search", q=query or None, **filters, page=number)

    def about(self) -> str:
        """What this site is."""
        return self._path("/about")

    def settings(self) -> str:
        """What readers can choose."""
        return self._path("/settings")

    def takedown(self, about: str | None = None) -> str:
        """The form for takedown requests, about an address."""
        return self._path("/takedown", about=about)

    def topic(self, key: str, *, before: str | None = None) -> str:
        """The page of a topic, by its key, or what is older than a cursor."""
        return self._path(f"/topic/{quote(key, safe='')}", before=before)

    def feed(
        self,
        kind: str,
        *,
        outlet: str | None = None,
        language: str | None = None,
        topic: str | None = None,
        words: str | None = None,
        volume: int | None = None,
    ) -> str:
        """A feed, or an older document of it; ``kind`` is ``atom``, ``rss`` or ``json``."""
        number = str(volume) if volume else None
        if words is not None:
            path = f"/search/feed.{kind}"
            return self._path(path, q=words, outlet=outlet, language=language, volume=number)
        if topic is not None:
            return self._path(f"/topic/{quote(topic, safe='')}/feed.{kind}", volume=number)
        if outlet is not None:
            return self._path(f"/outlet/{quote(outlet, safe='')}/feed.{kind}", volume=number)
        return self._path(f"/feed.{kind}", language=language, volume=number)

    def api(self, path: str = "", **query: str | None) -> str:
        """The API, or what it has under a path such as ``/articles``."""
        return self._path(f"/api/v1{path}", **query)

    def api_pages(self) -> str:
        """The page that tells how to use the API."""
        return self._path("/api")

    def opml(self) -> str:
        """The list of our feeds for feed readers."""
        return self._path("/opml.xml")

    def sitemap(self) -> str:
        """The sitemap for search engines."""
        return self._path("/sitemap.xml")

    def news_sitemap(self) -> str:
        """The sitemap of the newest articles for news search engines."""
        return self._path("/news-sitemap.xml")

    def picture(self, name: str) -> str:
        """A file of one of our pictures."""
        return self._path(f"/picture/{name}")

    def poster(self, publication_id: int) -> str:
        """The picture under which a publication's link is passed on."""
        return self._path(f"/poster/{publication_id}.png")

    def static(self, name: str) -> str:
        """A file of the folder ``static``."""
        return self._path(f"/static/{name}")

    def _path(self, path: str, **query: str | None) -> str:
        given = {name: value for name, value in query.items() if value}
        return f"{self.prefix}{path}" + (f"?{urlencode(given)}" if given else "")
