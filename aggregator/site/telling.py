"""Telling: the publications of one story stand together in a list, once, with a way to all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.model.story import Telling
from aggregator.site.card import TEASER_COLUMNS, Card, StoryLine, card, mention
from aggregator.site.links import Links

OTHERS = 3  # reports that a card names beside its own
_WORDS = {RightsMode.FULL: 2, RightsMode.EXCERPT: 1}


@dataclass(frozen=True, slots=True)
class Group:
    """A publication that stands for its story in a list, and the others of the same story in that list."""

    head: Publication
    others: tuple[Publication, ...] = ()


def grouped(items: Sequence[Publication], tellings: Mapping[int, Telling]) -> list[Group]:
    """The publications with those of one story together, where the first of them stood.

    The one that readers get most of is the head: a text, then an excerpt, then a link; else the first.
    """
    stories: dict[int, list[Publication]] = {}
    for item in items:
        # An article alone has no story to show: its own negative number keeps it apart.
        telling = tellings.get(item.article_id)
        stories.setdefault(telling.story if telling else -item.article_id, []).append(item)
    return [_group(members) for members in stories.values()]


def _group(members: Sequence[Publication]) -> Group:
    head = max(members, key=lambda item: _WORDS.get(item.mode, 0))
    return Group(head, tuple(item for item in members if item is not head))


def told(group: Group, tellings: Mapping[int, Telling], links: Links, columns: int = TEASER_COLUMNS) -> Card:
    """The card of a group's head, with the line about its story."""
    telling = tellings.get(group.head.article_id)
    if telling is None:
        return card(group.head, links, columns)
    return replace(card(group.head, links, columns), story=line(telling, group.others, links))


def line(telling: Telling, others: Sequence[Publication], links: Links) -> StoryLine:
    """The line about a story: the first others that tell it, without teasers, and the way to all."""
    named = tuple(mention(other, links) for other in others[:OTHERS])
    return StoryLine(links.story(telling.story), telling.reports, telling.outlets, named)
