"""What every page is made with: the store, the settings, our addresses and the templates."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aggregator.config import Settings
from aggregator.site import caching, dates, language
from aggregator.site.links import Links, outward
from aggregator.store import editions
from aggregator.store.engine import Database


@dataclass(frozen=True, slots=True)
class Site:
    """The site as its pages see it; ``release`` changes with templates, styles and settings."""

    db: Database
    settings: Settings
    links: Links
    templates: Environment
    release: str

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """An HTML page from a template."""
        return HTMLResponse(self.templates.get_template(template).render(values), status_code=status)

    def cached(self, request: Request, make: Callable[[], Response]) -> Response:
        """The response with validators, or 304 if the reader's copy still holds.

        The moment of the last change is read before the page is made: a change in between makes the page
        newer than its validators, never older.
        """
        version = caching.validators(request, editions.changed_at(self.db), self.release)
        return caching.conditional(request, version, make)


def build(db: Database, settings: Settings, loader: BaseLoader | None = None) -> Site:
    """The site over a database; templates that ``loader`` has go before our own."""
    links = Links(settings.site.base_url)
    release = _release(settings)
    ours = PackageLoader("aggregator.site")
    templates = Environment(
        loader=ours if loader is None else ChoiceLoader([loader, ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        site=settings.site, links=links, lang=language, when=dates.words, outward=outward, release=release
    )
    templates.filters["thousands"] = "{:,}".format
    return Site(db, settings, links, templates, release)


def _release(settings: Settings) -> str:
    digest = hashlib.sha256(settings.site.model_dump_json().encode())
    for folder in ("templates", "static"):
        files = resources.files("aggregator.site").joinpath(folder).iterdir()
        for file in sorted(files, key=lambda each: each.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
