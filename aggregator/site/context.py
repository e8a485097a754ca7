"""What every page is made with: the store, the settings, our addresses and the templates."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, TypeVar

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aggregator.config import Settings
from aggregator.site import caching, dates, language, reader, wording
from aggregator.site.compiled import Compiled
from aggregator.site.links import Links, outward
from aggregator.site.security import PAGE_POLICY
from aggregator.store import freshness
from aggregator.store.engine import Database
from aggregator.store.milestones import Milestones

Piece = TypeVar("Piece")

VARY = "Accept-Language, Cookie"
"""What pages depend on beside their address."""


MOST_KEPT = 20_000
"""Pieces of some hundred bytes: what is said of each outlet in each language, ten times over."""


class Interface:
    """The page around the articles, as this request's reader gets it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Hashable, ...], Markup] = {}

    @property
    def lang(self) -> str:
        """The language of our own words, for ``lang``."""
        return wording.spoken()

    @property
    def dir(self) -> str:
        """Their direction."""
        return language.direction(wording.spoken())

    @property
    def size(self) -> str:
        """How large the text is."""
        return reader.current().size.value

    def kept(self, *what: Hashable, caller: Callable[[], Markup]) -> Markup:
        """What pages in a language have alike, made once: a template calls this with it.

        ``what`` is all that it depends on: a name, and the values that it says.
        """
        key = (*what, self.lang)
        made = self._kept.get(key)
        if made is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            made = self._kept[key] = caller()
        return made


@dataclass(frozen=True, slots=True)
class Site:
    """The site as its pages see it; ``release`` changes with templates, styles and settings.

    ``made`` are pages that were made lately, ``pieces`` what pages say alike, ``milestones`` what is known of
    the length of feeds.
    """

    db: Database
    settings: Settings
    links: Links
    templates: Environment
    release: str
    made: caching.Made = field(default_factory=caching.Made)
    pieces: caching.Alike = field(default_factory=caching.Alike)
    milestones: Milestones = field(default_factory=Milestones)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """An HTML page from a template, in the reader's language and by their settings."""
        made = self.templates.get_template(template).render(values)
        return HTMLResponse(made, status_code=status, headers={"Vary": VARY})

    def macro(self, name: str, *args: Any, **values: Any) -> Markup:
        """A piece of a page from a macro of ``cards.html``, in the reader's language."""
        made: Markup = getattr(self.templates.get_template("cards.html").module, name)(*args, **values)
        return made

    def alike(self, key: tuple[str, ...], make: Callable[[], Piece]) -> Piece:
        """What pages in a language say alike until anything that readers see changes."""
        return self.pieces.get(freshness.changed_at(self.db), (*key, wording.spoken()), make)

    def cached(self, request: Request, make: Callable[[], Response]) -> Response:
        """The response with validators, or 304 if the reader's copy still holds.

        The moment of the last change and all of the page are read from one moment of the store.
        """
        read_by = f"{self.release} {wording.spoken()} {reader.current().cookie}"
        with self.db.moment():
            version = caching.validators(request, freshness.changed_at(self.db), read_by)
            response = caching.conditional(request, version, make, self.made)
        response.headers["Vary"] = VARY
        if "content-encoding" in response.headers:
            response.headers.add_vary_header("Accept-Encoding")
        return response


_COMPILED = Compiled()


def build(
    db: Database, settings: Settings, loader: BaseLoader | None = None, links: Links | None = None
) -> Site:
    """The site over a database; templates that ``loader`` has go before our own, ``links`` replace ours."""
    links = links or Links(settings.site.base_url)
    release = _release(settings)
    ours = PackageLoader("aggregator.site")
    templates = Environment(
        loader=ours if loader is None else ChoiceLoader([loader, ours]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a page would look at each file it is made from
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.newstyle_gettext = True  # type: ignore[attr-defined]
    templates.globals.update(
        _=wording.gettext,
        gettext=wording.gettext,
        ngettext=wording.ngettext,
        site=settings.site,
        links=links,
        lang=language,
        ui=Interface(),
        when=dates.words,
        outward=outward,
        release=release,
        policy=PAGE_POLICY,
    )
    templates.filters["thousands"] = wording.thousands
    return Site(db, settings, links, templates, release)


def _release(settings: Settings) -> str:
    digest = hashlib.sha256(settings.site.model_dump_json().encode())
    for folder in ("templates", "static"):
        files = resources.files("aggregator.site").joinpath(folder).iterdir()
        for file in sorted(files, key=lambda each: each.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
