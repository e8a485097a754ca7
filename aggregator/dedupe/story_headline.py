"""The headline of a story: of the article that tells most of what all tell."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from aggregator.dedupe.story import Member
from aggregator.dedupe.story_vector import product

FULL = 1.25
"""A full article stands before a teaser that is as central."""

STAYS = 1.25
"""A headline stays until another article is so much more central: readers recognise a story by it."""


def headline_article(members: Sequence[Member], full: AbstractSet[int], current: int | None) -> int:
    """The article whose headline stands for a story of these members, none of them a copy.

    ``full`` lists the articles that are complete, ``current`` is the one that stands there now.
    """

    def rank(member: Member) -> tuple[float, int]:
        likeness = sum([product(member.vector, other.vector) for other in members])
        if member.article_id in full:
            likeness *= FULL
        if member.article_id == current:
            likeness *= STAYS
        return round(likeness, 6), -member.article_id

    return max(members, key=rank).article_id
