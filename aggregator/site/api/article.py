"""An article as the API gives it: what its page shows, as data."""

from typing import Literal

from pydantic import BaseModel, Field

from aggregator.model.article import BlockKind, Completeness
from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Picture as Kept
from aggregator.model.story import Telling
from aggregator.site import language, prose
from aggregator.site.api.moment import Moment
from aggregator.site.card import TEASER_COLUMNS, headline, source_name
from aggregator.site.figure import figure
from aggregator.site.links import Links, outward


class OutletName(BaseModel):
    """Who wrote it."""

    slug: str = Field(description="What addresses name the outlet by.")
    name: str
    homepage: str | None = Field(description="The outlet’s own front page.")
    url: str = Field(description="The outlet in this API.")


class Source(BaseModel):
    """Where the original stands. Whoever shows the article links it."""

    name: str = Field(description="Who has the original: the outlet, or the one that it republished.")
    url: str | None = Field(description="The original’s address; null if it is no web address.")


class AlsoIn(BaseModel):
    """Another outlet that carries the same text."""

    name: str
    url: str | None


class TopicName(BaseModel):
    """A section or tag."""

    key: str = Field(description="What the filter `topic` takes.")
    label: str = Field(description="As the outlet writes it.")


class StoryNumber(BaseModel):
    """The story that the article belongs to, if others tell it, too."""

    number: int
    reports: int = Field(description="Published reports of it.")
    outlets: int = Field(description="Outlets that carry some of it.")
    url: str = Field(description="The story in this API.")


class Picture(BaseModel):
    """A picture that may be shown with the article: our own copy of it."""

    url: str = Field(description="The widest file that every browser takes (WebP), kept here.")
    width: int = Field(description="Pixels of that file.")
    height: int = Field(description="Pixels of that file.")
    alt: str = Field(description="What it shows, in the outlet’s words; empty if the caption says it.")
    caption: str
    credit: str = Field(description="Whose picture it is; belongs under it.")


class TextBlock(BaseModel):
    """A part of the text."""

    kind: BlockKind
    text: str = Field(description="Plain text on one line.")
    level: int = Field(description="A heading’s level in the original; 0 for anything else.")


class Article(BaseModel):
    """An article, as far as its outlet lets it be shown; with it belong its credit, licence and source."""

    number: int = Field(description="It stays; the headline may change.")
    url: str = Field(description="The article in this API.")
    page: str = Field(description="Its page on this site.")
    headline: str
    language: str | None = Field(description="A BCP 47 tag; null if unknown.")
    direction: Literal["ltr", "rtl", "auto"] = Field(description="Which way its letters run.")
    outlet: OutletName
    source: Source
    authors: list[str] = Field(description="As the outlet names them; none if it names nobody.")
    agency: list[str] = Field(description="News agencies that the page credits with the text.")
    also_in: list[AlsoIn]
    mode: RightsMode = Field(description="How much may be shown: `full`, `excerpt` or `link`.")
    completeness: Completeness = Field(description="How much of the article the outlet’s page showed us.")
    licence: str | None = Field(description="An SPDX id, or the outlet’s own words.")
    licence_url: str | None
    credit: str = Field(description="The attribution line that the outlet asks for.")
    tdm_reserved: bool = Field(description="Whether the outlet reserves text and data mining (TDMRep).")
    section: str | None
    topics: list[TopicName]
    published: Moment | None = Field(description="When the outlet first published it.")
    modified: Moment | None = Field(description="When the outlet says it changed it last.")
    carried: Moment = Field(description="When it went out here.")
    updated: Moment = Field(description="When readers here got its newest revision.")
    revision: int = Field(description="Counts what its outlet changed, from 1.")
    edition: int = Field(description="The edition that brought it out.")
    story: StoryNumber | None
    pictures: list[Picture] = Field(description="Those that may be shown, the first one first; often none.")
    summary: str = Field(description="The beginning of what may be shown; empty in mode `link`.")
    blocks: list[TextBlock] | None = Field(
        description="All text that may be shown; none in mode `link`. Null in lists, unless asked for."
    )


def article(publication: Publication, links: Links, telling: Telling | None, *, with_blocks: bool) -> Article:
    """The publication as the API gives it; all text is cleaned, all addresses are absolute or None."""
    return Article(
        number=publication.id,
        url=links.absolute(links.api(f"/articles/{publication.id}")),
        page=links.absolute(links.article(publication)),
        headline=headline(publication),
        language=language.tag(publication.language) or None,
        direction=language.direction(publication.language),
        outlet=_outlet(publication, links),
        source=Source(name=source_name(publication), url=outward(publication.source_link)),
        authors=_lines(publication.byline),
        agency=_lines(publication.agency),
        also_in=[AlsoIn(name=prose.line(name), url=outward(url)) for name, url in publication.also_in],
        mode=publication.mode,
        completeness=publication.completeness,
        licence=prose.line(publication.licence or "") or None,
        licence_url=outward(publication.licence_url or ""),
        credit=prose.line(publication.credit),
        tdm_reserved=not publication.is_minable,
        section=prose.line(publication.section or "") or None,
        topics=[TopicName(key=key, label=prose.line(label)) for key, label in publication.topics],
        published=publication.first_published,
        modified=publication.modified,
        carried=publication.published_at,
        updated=max(publication.updated_at, publication.published_at),
        revision=publication.revision,
        edition=publication.edition_id,
        story=_story(telling, links),
        pictures=[_picture(each, publication, links) for each in publication.pictures],
        summary=prose.teaser(publication, TEASER_COLUMNS),
        blocks=_blocks(publication) if with_blocks else None,
    )


def _outlet(publication: Publication, links: Links) -> OutletName:
    return OutletName(
        slug=publication.outlet,
        name=prose.line(publication.outlet_name),
        homepage=outward(publication.outlet_homepage),
        url=links.absolute(links.api(f"/outlets/{publication.outlet}")),
    )


def _story(telling: Telling | None, links: Links) -> StoryNumber | None:
    if telling is None:
        return None
    return StoryNumber(
        number=telling.story,
        reports=telling.reports,
        outlets=telling.outlets,
        url=links.absolute(links.api(f"/stories/{telling.story}")),
    )


def _picture(picture: Kept, publication: Publication, links: Links) -> Picture:
    shown = figure(picture, publication, links)
    return Picture(
        url=links.absolute(shown.src),
        width=shown.width,
        height=shown.height,
        alt=shown.alt,
        caption=shown.caption,
        credit=shown.credit,
    )


def _blocks(publication: Publication) -> list[TextBlock]:
    return [
        TextBlock(kind=block.kind, text=block.text, level=block.level) for block in prose.blocks(publication)
    ]


def _lines(texts: tuple[str, ...]) -> list[str]:
    return list(filter(None, map(prose.line, texts)))
