"""The demo's files: what its writers put down, checked and typed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from aggregator.errors import ConfigError

OUTLET_FILE = "outlet.toml"
AGENCY_FOLDER = "agency"
CARDS_FOLDER = "outlets"

_M = TypeVar("_M", bound=BaseModel)

Style = Literal["classic", "soup", "wordpress"]
FeedKind = Literal["rss", "atom", "rdf", "json"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OutletFile(_Part):
    """An invented outlet; ``path`` is a format string over year, month, day, slug and number.

    ``theme_language`` is the language of the words around the text (navigation, share bar) and of
    ``html lang``; by default the outlet's own.
    """

    slug: str
    name: str
    language: str
    country: str = Field(min_length=2, max_length=2)
    port: int = Field(ge=0, le=65535)
    style: Style
    feed: FeedKind
    path: str = Field(pattern=r"^/.*\{(slug|number)")
    tagline: str = ""
    dir: Literal["ltr", "rtl"] = "ltr"
    theme_language: str = ""
    licence_url: str | None = None


class ImageFile(_Part):
    """The picture of an article; the pictures themselves are drawn by the server."""

    caption: str
    credit: str


class ReadAlso(_Part):
    """A line to another article of the outlet, set after so many paragraphs."""

    after: int = Field(ge=1)
    article: str


class Replacement(_Part):
    """Words that a correction replaces in headline, dek and body."""

    old: str = Field(min_length=1)
    new: str


class Correction(_Part):
    """A correction that appears so long after the demo's first start."""

    after_minutes: float = Field(ge=0)
    note: str
    replace: tuple[Replacement, ...] = ()


class Withdrawal(_Part):
    """The end of an article, so long after the demo's first start."""

    after_minutes: float = Field(ge=0)


class Republishes(_Part):
    """The article of another outlet whose headline and text this page repeats."""

    outlet: str
    article: str


class AgencyFile(_Part):
    """A text of the invented agency, which outlets carry unchanged."""

    headline: str
    body: str
    dek: str = ""
    language: str = "en"


class ArticleFile(_Part):
    """An article as written; headline and body may come from the agency or from another outlet."""

    slug: str
    headline: str = ""
    dek: str = ""
    byline: tuple[str, ...] = ()
    section: str
    tags: tuple[str, ...] = ()
    age_hours: float = Field(ge=0)
    body: str = ""
    image: ImageFile | None = None
    read_also: tuple[ReadAlso, ...] = ()
    newsletter_after: int | None = None
    paywalled: bool = False
    shown_paragraphs: int = Field(default=2, ge=1)
    correction: Correction | None = None
    withdrawn: Withdrawal | None = None
    agency: str | None = None
    republishes: Republishes | None = None
    private: bool = False

    @model_validator(mode="after")
    def _has_text(self) -> "ArticleFile":
        borrowed = self.agency or self.republishes
        if not borrowed and not (self.headline and self.body):
            raise ValueError("needs headline and body, or agency, or republishes")
        return self


@dataclass(frozen=True, slots=True)
class Demo:
    """All of the demo; ``articles`` maps an outlet's slug to its articles by slug."""

    outlets: Mapping[str, OutletFile]
    articles: Mapping[str, Mapping[str, ArticleFile]]
    agency: Mapping[str, AgencyFile]


def read(folder: Path) -> Demo:
    """Read the demo's folder; an outlet whose folder is missing is left out.

    Raises:
        ConfigError: the folder holds no outlet, or a file is wrong; the message names file and key.
    """
    homes = sorted(path.parent for path in folder.glob(f"*/{OUTLET_FILE}"))
    if not homes:
        raise ConfigError(f"{folder}: no outlet here; expected <slug>/{OUTLET_FILE}")
    outlets = {home.name: _model(OutletFile, home / OUTLET_FILE, home.name) for home in homes}
    articles = {
        home.name: MappingProxyType(
            {
                path.stem: _model(ArticleFile, path, path.stem)
                for path in sorted(home.glob("*.toml"))
                if path.name != OUTLET_FILE
            }
        )
        for home in homes
    }
    agency = {
        path.stem: _model(AgencyFile, path, None) for path in sorted((folder / AGENCY_FOLDER).glob("*.toml"))
    }
    return Demo(MappingProxyType(outlets), MappingProxyType(articles), MappingProxyType(agency))


def _model(model: type[_M], path: Path, slug: str | None) -> _M:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return model.model_validate(data if slug is None else {"slug": slug, **data})
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors(include_url=False)
        )
        raise ConfigError(f"{path}: {found}") from error
