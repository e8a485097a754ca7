"""What readers ask of a store: addresses of each kind of page, drawn at random from all of it."""

import random
from collections.abc import Callable, Mapping
from typing import Final

from sites.filling import OUTLETS, SECTIONS, slug
from sites.texts import Words
from sqlalchemy import func, select

from aggregator.model.edition import Publication, PublicationState
from aggregator.site.links import Links
from aggregator.store import cursors, editions
from aggregator.store.engine import Database
from aggregator.store.schema import PublicationRow, StoryArticleRow

COMMON: Final = (10, 300)
"""Ranks of common words: in three of four texts to one of twenty."""
RARE: Final = (20_000, 100_000)


class Reading:
    """Draws addresses; the same for the same seed and store."""

    def __init__(self, db: Database, seed: int) -> None:
        self._db = db
        self._random = random.Random(seed)
        self._links = Links("http://127.0.0.1")
        self._ranked = Words(1).ranked
        with db.reading() as session:
            self._last = session.execute(select(func.max(PublicationRow.id))).scalar_one()

    @property
    def kinds(self) -> Mapping[str, Callable[[], str]]:
        """How an address of each kind is drawn."""
        links = self._links
        return {
            "front page": links.front,
            "front page, deep": lambda: links.front(before=self._place()),
            "front page of a language": lambda: links.front(language=self._random.choice(("en", "ja", "uk"))),
            "article": lambda: links.article(self._publication()),
            "outlet": lambda: links.outlet(slug(self._random.choice((0, 1, 20, OUTLETS - 1)))),
            "outlet, deep": lambda: links.outlet(slug(0), before=self._place()),
            "story": lambda: links.story(self._story()),
            "section": lambda: links.topic(self._random.choice(SECTIONS).lower()),
            "section, deep": lambda: links.topic(SECTIONS[0].lower(), before=self._place()),
            "archive day": lambda: links.archive(self._day()),
            "archive month": links.archive,
            "search, common word": lambda: links.search(self._word(*COMMON)),
            "search, two common words": lambda: links.search(f"{self._word(*COMMON)} {self._word(*COMMON)}"),
            "search, rare word": lambda: links.search(self._word(*RARE)),
            "search, common and rare": lambda: links.search(f"{self._word(*COMMON)} {self._word(*RARE)}"),
            "search, narrowed": lambda: links.search(self._word(*COMMON), outlet=slug(OUTLETS - 1)),
            "feed": lambda: links.feed("atom"),
            "feed of an outlet": lambda: links.feed("atom", outlet=slug(0)),
            "feed of a section": lambda: links.feed("atom", topic=SECTIONS[0].lower()),
            "feed, older": lambda: links.feed(
                "atom", volume=self._random.randint(1, max(1, self._last // 60))
            ),
            "API articles": lambda: links.api("/articles", cursor=self._place()),
            "API stories": lambda: links.api("/stories"),
            "API search": lambda: links.api("/search", q=self._word(*COMMON)),
        }

    def _publication(self) -> Publication:
        """One that is out, and that has a text to read."""
        while True:
            found = editions.publication(self._db, self._random.randint(1, self._last))
            if found and found.state is PublicationState.PUBLISHED and found.blocks:
                return found

    def _place(self) -> str:
        found = self._publication()
        return cursors.write(found.first_published or found.published_at, found.id)

    def _day(self) -> str:
        found = self._publication()
        return (found.first_published or found.published_at).date().isoformat()

    def _story(self) -> int:
        """One with several articles that are out."""
        number = self._random.randint(1, self._last)
        several = (
            select(StoryArticleRow.story_id)
            .join(PublicationRow, PublicationRow.article_id == StoryArticleRow.article_id)
            .where(StoryArticleRow.story_id >= number)
            .where(func.coalesce(PublicationRow.state, "") == PublicationState.PUBLISHED.value)
            .group_by(StoryArticleRow.story_id)
            .having(func.count() > 1)
            .order_by(StoryArticleRow.story_id)
            .limit(1)
        )
        with self._db.reading() as session:
            found = session.execute(several).scalar()
        return found if found is not None else self._story()

    def _word(self, first: int, last: int) -> str:
        return self._random.choice(self._ranked[first:last])
