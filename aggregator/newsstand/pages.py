"""An outlet's HTML pages, in its theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aggregator.newsstand.addresses import FEEDS, LATEST, NEWS_SITEMAP, media_path, section_path
from aggregator.newsstand.content import OutletFile
from aggregator.newsstand.newsroom import Shown
from aggregator.newsstand.phrases import phrases

_RELATED = 3
_MOST_READ = 5


@dataclass(frozen=True, slots=True)
class Site:
    """An outlet's site at a moment: who, where, and all that it shows, newest first."""

    outlet: OutletFile
    base: str
    articles: tuple[Shown, ...]
    changed: datetime

    @property
    def theme_language(self) -> str:
        """The language of the words around the text."""
        return self.outlet.theme_language or self.outlet.language

    @property
    def public(self) -> tuple[Shown, ...]:
        """What home and section pages list."""
        return tuple(article for article in self.articles if not article.private)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections in the order of their newest articles."""
        return tuple(dict.fromkeys(article.section for article in self.public))

    @property
    def feed_path(self) -> str:
        """Where the outlet's feed stands."""
        return FEEDS[self.outlet.feed]


@cache
def templates() -> Environment:
    """The themes; everything is escaped, and an undefined name is an error."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["iso"] = lambda moment: moment.isoformat(timespec="seconds")
    environment.filters["day"] = _day
    environment.globals.update(
        section_path=section_path, media_path=media_path, latest=LATEST, news_sitemap=NEWS_SITEMAP
    )
    return environment


def article_page(site: Site, article: Shown) -> str:
    """An article's page."""
    others = [other for other in site.public if other.slug != article.slug]
    nearest = sorted(others, key=lambda other: other.section != article.section)
    return _render(
        site,
        "article",
        article=article,
        words=phrases(article.language if not article.original else site.theme_language),
        related=nearest[:_RELATED],
        most_read=_most_read(site, article),
    )


def list_page(site: Site, heading: str, articles: Sequence[Shown]) -> str:
    """The home page, a section's page or the page of all news."""
    return _render(site, "list", heading=heading, articles=articles, most_read=_most_read(site, None))


def notice_page(site: Site, text: str) -> str:
    """A page that says one thing: gone, not found."""
    return _render(site, "notice", text=text, most_read=_most_read(site, None))


def _most_read(site: Site, shown: Shown | None) -> list[Shown]:
    others = [article for article in site.public if shown is None or article.slug != shown.slug]
    return sorted(others, key=lambda article: article.slug)[:_MOST_READ]


def _render(site: Site, kind: str, **values: object) -> str:
    template = templates().get_template(f"{site.outlet.style}/{kind}.html")
    return template.render(site=site, outlet=site.outlet, theme=phrases(site.theme_language), **values)


def _day(moment: datetime, language: str) -> str:
    locale = language.replace("-", "_")
    return f"{format_date(moment, 'long', locale)} {format_time(moment, 'short', locale=locale)}"
