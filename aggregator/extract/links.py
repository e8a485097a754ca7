"""The links of a page, read once for all steps that ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml.html import HtmlElement


class Link(NamedTuple):
    """A link's element, where it leads (None: nowhere) and its ``rel`` as written, its text as it stands."""

    element: HtmlElement
    href: str | None
    rel: str
    text: str


@dataclass(frozen=True, slots=True)
class Links:
    """The ``a`` elements of a page and its ``link`` elements, each in their order."""

    anchors: tuple[Link, ...] = ()
    heads: tuple[Link, ...] = ()

    @classmethod
    def of(cls, tree: HtmlElement) -> "Links":
        """All links of a page."""
        anchors: list[Link] = []
        heads: list[Link] = []
        for one in tree.iter("a", "link"):
            link = Link(one, one.get("href"), one.get("rel", ""), _text(one))
            (anchors if one.tag == "a" else heads).append(link)
        return cls(tuple(anchors), tuple(heads))

    def related(self, rel: str) -> str | None:
        """The address of the first ``link`` element that has this ``rel``."""
        return next((one.href for one in self.heads if one.rel == rel and one.href is not None), None)

    def licences(self) -> Iterator[Link]:
        """Those that lead to a licence."""
        for one in (*self.heads, *self.anchors):
            if "license" in one.rel and one.href is not None and "license" in one.rel.lower().split():
                yield one


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""
