"""An outlet's lists for machines: feed, sitemaps, robots.txt."""

import json
from collections.abc import Mapping
from email.utils import format_datetime
from types import MappingProxyType

from aggregator.newsstand.addresses import NEWS_SITEMAP, SITEMAP_INDEX
from aggregator.newsstand.newsroom import Shown
from aggregator.newsstand.pages import Site, templates

FEED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "rdf": "application/rdf+xml; charset=utf-8",
        "json": "application/feed+json",
    }
)
_TEMPLATES = {"rss": "rss.xml", "atom": "atom.xml", "rdf": "rdf.xml"}
_CRAWL_DELAY_SECONDS = 0.05


def feed(site: Site) -> str:
    """The outlet's feed in its own format; private pages are listed, too, as careless systems do."""
    if site.outlet.feed == "json":
        return _json_feed(site)
    template = templates().get_template(f"feeds/{_TEMPLATES[site.outlet.feed]}")
    return template.render(site=site, outlet=site.outlet, rfc822=format_datetime)


def sitemap_index(site: Site) -> str:
    """A sitemap index that names the news sitemap."""
    return templates().get_template("feeds/sitemap_index.xml").render(site=site)


def news_sitemap(site: Site) -> str:
    """The sitemap of news.

    Real ones list two days only; this one lists all, so that the demo does not fade when it is left running.
    """
    return templates().get_template("feeds/news_sitemap.xml").render(site=site, outlet=site.outlet)


def robots(site: Site) -> str:
    """The robots.txt: all but ``/private/``, and a delay too small to be felt."""
    return (
        f"User-agent: *\nDisallow: /private/\nCrawl-delay: {_CRAWL_DELAY_SECONDS}\n\n"
        f"Sitemap: {site.base}{SITEMAP_INDEX}\nSitemap: {site.base}{NEWS_SITEMAP}\n"
    )


def _json_feed(site: Site) -> str:
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.outlet.name,
        "home_page_url": f"{site.base}/",
        "feed_url": site.base + site.feed_path,
        "description": site.outlet.tagline,
        "language": site.outlet.language,
        "items": [_json_item(site, article) for article in site.articles],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _json_item(site: Site, article: Shown) -> Mapping[str, object]:
    url = site.base + article.path
    return {
        "id": url,
        "url": url,
        "title": article.headline,
        "summary": article.dek,
        "content_text": article.dek or article.headline,
        "date_published": article.published.isoformat(timespec="seconds"),
        "date_modified": article.modified.isoformat(timespec="seconds"),
        "authors": [{"name": name} for name in article.byline],
        "tags": list(article.tags),
        "language": article.language,
    }
