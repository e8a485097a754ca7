"""The newsroom: which articles each outlet shows at a moment, in which words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from urllib.parse import quote

from aggregator.newsstand.body import Inserts, Part, insert, parse
from aggregator.newsstand.content import ArticleFile, Correction, Demo, OutletFile

AGENCY_NAME = "Nordwind"


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as its outlet shows it at a moment; ``original`` is the page that a republished one copies.

    ``path`` begins with a slash and is made of ASCII; ``modified`` is ``published`` until a correction.
    """

    slug: str
    path: str
    headline: str
    dek: str
    byline: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    language: str
    published: datetime
    modified: datetime
    parts: tuple[Part, ...]
    caption: str = ""
    credit: str = ""
    note: str = ""
    original: str = ""
    paywalled: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An article that is gone since a moment."""

    slug: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Text:
    headline: str
    dek: str
    body: str
    language: str
    byline: tuple[str, ...]
    original: str = ""


class Newsroom:
    """All outlets' articles over time.

    ``bases`` maps each outlet's slug to its address without a closing slash; ages, corrections and
    withdrawals count from ``first_start``.
    """

    def __init__(self, demo: Demo, bases: Mapping[str, str], first_start: datetime) -> None:
        self.demo = demo
        self.bases = bases
        self.first_start = first_start
        self._slugs = {
            slug: {
                self._path(outlet, article): article.slug
                for article in demo.articles[slug].values()
                if self._is_complete(article)
            }
            for slug, outlet in demo.outlets.items()
        }

    def outlet(self, slug: str) -> OutletFile:
        """The outlet with this slug."""
        return self.demo.outlets[slug]

    def front(self, outlet: str, now: datetime) -> tuple[Shown, ...]:
        """What the outlet shows now, newest first; without withdrawn articles."""
        found = (self.find(outlet, path, now) for path in self._slugs[outlet])
        shown = [article for article in found if isinstance(article, Shown)]
        return tuple(sorted(shown, key=lambda article: (article.published, article.slug), reverse=True))

    def find(self, outlet: str, path: str, now: datetime) -> Shown | Withdrawn | None:
        """What stands at this path of the outlet now."""
        slug = self._slugs[outlet].get(path)
        if slug is None:
            return None
        article = self.demo.articles[outlet][slug]
        if article.withdrawn:
            since = self._after(article.withdrawn.after_minutes)
            if now >= since:
                return Withdrawn(slug, since)
        return self._show(outlet, article, now)

    def changed(self, outlet: str, now: datetime) -> datetime:
        """When the outlet's lists last changed: an article came, was corrected or was withdrawn."""
        moments = [self.first_start - timedelta(days=30)]
        for article in self.demo.articles[outlet].values():
            moments.append(self._published(article))
            if article.correction:
                moments.append(self._after(article.correction.after_minutes))
            if article.withdrawn:
                moments.append(self._after(article.withdrawn.after_minutes))
        return max(moment for moment in moments if moment <= now or moment == moments[0])

    def url(self, outlet: str, article: str) -> str | None:
        """The address of an article, or None if the demo does not hold it."""
        found = self.demo.articles.get(outlet, {}).get(article)
        if found is None or not self._is_complete(found):
            return None
        return self.bases[outlet] + self._path(self.demo.outlets[outlet], found)

    def _show(self, outlet: str, article: ArticleFile, now: datetime) -> Shown:
        text, correction = self._text(outlet, article), article.correction
        published = modified = self._published(article)
        due = correction is not None and now >= self._after(correction.after_minutes)
        if correction and due:
            text, modified = _corrected(text, correction), self._after(correction.after_minutes)
        parts = insert(parse(text.body, text.language), self._inserts(outlet, article))
        return Shown(
            slug=article.slug,
            path=self._path(self.demo.outlets[outlet], article),
            headline=text.headline,
            dek=text.dek,
            byline=text.byline,
            section=article.section,
            tags=article.tags,
            language=text.language,
            published=published,
            modified=modified,
            parts=parts,
            caption=article.image.caption if article.image else "",
            credit=article.image.credit if article.image else "",
            note=correction.note if correction and due else "",
            original=text.original,
            paywalled=article.paywalled,
            private=article.private,
        )

    def _text(self, outlet: str, article: ArticleFile) -> _Text:
        if article.republishes:
            source = self.demo.articles[article.republishes.outlet][article.republishes.article]
            text = self._text(article.republishes.outlet, source)
            byline = article.byline or (self.demo.outlets[outlet].name,)
            original = self.url(article.republishes.outlet, source.slug) or ""
            return _Text(text.headline, text.dek, text.body, text.language, byline, original)
        if article.agency:
            agency = self.demo.agency[article.agency]
            headline, dek = article.headline or agency.headline, article.dek or agency.dek
            return _Text(headline, dek, agency.body, agency.language, article.byline or (AGENCY_NAME,))
        language = self.demo.outlets[outlet].language
        return _Text(article.headline, article.dek, article.body, language, article.byline)

    def _is_complete(self, article: ArticleFile) -> bool:
        if article.republishes:
            source = self.demo.articles.get(article.republishes.outlet, {}).get(article.republishes.article)
            return source is not None and source.republishes is None and self._is_complete(source)
        return article.agency is None or article.agency in self.demo.agency

    def _inserts(self, outlet: str, article: ArticleFile) -> Inserts:
        read_also = {}
        for line in article.read_also:
            url = self.url(outlet, line.article)
            if url:
                other = self._text(outlet, self.demo.articles[outlet][line.article])
                read_also[line.after] = (other.headline, url)
        shown = article.shown_paragraphs if article.paywalled else None
        return Inserts(read_also, article.newsletter_after, shown)

    def _path(self, outlet: OutletFile, article: ArticleFile) -> str:
        if article.private:
            return f"/private/{article.slug}"
        day = self._published(article)
        path = outlet.path.format(
            year=day.year, month=day.month, day=day.day, slug=article.slug, number=_number(article.slug)
        )
        return quote(path, safe="/-._~")

    def _published(self, article: ArticleFile) -> datetime:
        return self.first_start - timedelta(hours=article.age_hours)

    def _after(self, minutes: float) -> datetime:
        return self.first_start + timedelta(minutes=minutes)


def _number(slug: str) -> int:
    """Eight digits that never change, as systems that number their articles show them."""
    return 10_000_000 + int(hashlib.sha256(slug.encode()).hexdigest()[:12], 16) % 90_000_000


def _corrected(text: _Text, correction: Correction) -> _Text:
    def fix(words: str) -> str:
        return reduce(lambda so_far, one: so_far.replace(one.old, one.new), correction.replace, words)

    return _Text(fix(text.headline), fix(text.dek), fix(text.body), text.language, text.byline, text.original)
