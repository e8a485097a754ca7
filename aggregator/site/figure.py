"""A figure: one of our pictures as pages show it, in sizes from which the browser chooses."""

from dataclasses import dataclass

from aggregator.model.edition import Publication
from aggregator.model.picture import Copy, Picture
from aggregator.site import prose
from aggregator.site.links import Links


@dataclass(frozen=True, slots=True)
class Figure:
    """What a page shows of a picture: our files' addresses with their widths, cleaned words.

    ``avif`` is empty if there are no such files. ``width`` and ``height`` are pixels of ``src``, so that the
    place is known before the file has come. ``alt`` is empty if the caption says the same.
    """

    src: str
    webp: str
    avif: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


def figure(picture: Picture, publication: Publication, links: Links) -> Figure:
    """A picture of a publication; one without a credit of its own has the publication's."""
    copy = picture.copy
    alt, caption = prose.line(picture.alt or ""), prose.line(picture.caption or "")
    return Figure(
        src=address(copy, links),
        webp=_sizes(copy, "webp", links),
        avif=_sizes(copy, "avif", links) if copy.has_avif else "",
        width=copy.width,
        height=copy.height,
        alt="" if alt == caption else alt,
        caption=caption,
        credit=prose.line(picture.credit or publication.credit or publication.outlet_name),
    )


def address(copy: Copy, links: Links) -> str:
    """The path of the widest file that every browser and feed reader takes."""
    return links.picture(f"{copy.name}-{copy.width}.webp")


def _sizes(copy: Copy, kind: str, links: Links) -> str:
    return ", ".join(f"{links.picture(f'{copy.name}-{width}.{kind}')} {width}w" for width in copy.widths)
