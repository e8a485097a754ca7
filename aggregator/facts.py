"""All that the store knows of one article, gathered to be shown."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from aggregator.config import Settings
from aggregator.dedupe.difference import difference
from aggregator.errors import UnknownArticleError
from aggregator.model.duplicate import Related
from aggregator.model.edition import Publication, StoredArticle
from aggregator.model.revision import Difference, Fate, Mark, Revised, SentenceChange
from aggregator.model.story import StoryHead
from aggregator.store import articles, editions, stories
from aggregator.store.engine import Database
from aggregator.store.history import history, is_furniture
from aggregator.store.related import related
from aggregator.urls import host, site

_MARKS = {Mark.SAME: "{}", Mark.DELETED: "[-{}-]", Mark.INSERTED: "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Facts:
    """An article with what hangs together with it; ``story`` is None while it waits for one."""

    stored: StoredArticle
    publication: Publication | None
    related: tuple[Related, ...]
    versions: tuple[Revised, ...]
    story: StoryHead | None

    @property
    def credited_site(self) -> str | None:
        """The site that the page names as the original's, crawled or not; None if it is the outlet's own."""
        article = self.stored.article
        there = site(article.source_link)
        return there if there and there != site(article.url) else None

    def changes(self, number: int) -> Difference:
        """What a revision, from 2 on, changed."""
        older, newer = (next(v for v in self.versions if v.number == n) for n in (number - 1, number))
        return difference(older.version, newer.version, is_furniture)


def read(db: Database, settings: Settings, wanted: str) -> Facts:
    """The facts of the article with this number, URL at the outlet, or address on our site.

    Raises:
        UnknownArticleError: nothing is stored under it.
    """
    stored = _stored(db, settings, wanted.strip())
    if stored is None:
        raise UnknownArticleError(
            f"{wanted}: no such article; give its number, its address at the outlet or its page on the site"
        )
    return of(db, stored)


def of(db: Database, stored: StoredArticle) -> Facts:
    """The facts of an article that is at hand."""
    story = stories.story_of(db, stored.id)
    return Facts(
        stored=stored,
        publication=editions.by_article(db, stored.id),
        related=tuple(related(db, stored.id)),
        versions=tuple(history(db, stored.id)),
        story=stories.story(db, story).head if story is not None else None,
    )


def _stored(db: Database, settings: Settings, wanted: str) -> StoredArticle | None:
    if wanted.isdecimal():
        return articles.get(db, int(wanted))
    base = (settings.site.base_url or "").rstrip("/")
    number = wanted.removeprefix(f"{base}/article/").partition("/")[0] if base and host(wanted) else ""
    if number.isdecimal():
        publication = editions.publication(db, int(number))
        return articles.get(db, publication.article_id) if publication else None
    return articles.find(db, wanted)


def marked(change: SentenceChange) -> str:
    """A sentence with what is gone in ``[-…-]`` and what came in ``{+…+}``."""
    return "".join(_MARKS[piece.mark].format(piece.text) for piece in change.pieces).strip()


def shown(found: Difference) -> list[tuple[str, str]]:
    """What changed, as pairs of a word for how and the sentence marked."""
    fields = (("headline", found.headline), ("standfirst", found.dek))
    told = [(name, marked(change)) for name, change in fields if change]
    return told + [(one.fate.value, marked(one)) for one in found.sentences if one.fate is not Fate.KEPT]


def as_json(facts: Facts, revision: int | None) -> dict[str, Any]:
    """The facts as JSON holds them: times in ISO 8601, what is not known null."""
    stored, publication = facts.stored, facts.publication
    article = stored.article
    told: dict[str, Any] = {
        "id": stored.id,
        "outlet": article.outlet,
        "headline": article.headline,
        "url": article.url,
        "source_link": article.source_link,
        "credited_site": facts.credited_site,
        "agency": article.agency,
        "byline": article.byline,
        "language": article.language,
        "first_published": _iso(article.published),
        "modified": _iso(article.modified),
        "stored_at": _iso(stored.stored_at),
        "copy_of": stored.copy_of,
        "state": publication.state.value if publication else None,
        "mode": publication.mode.value if publication else None,
        "related": [asdict(one) for one in facts.related],
        "revisions": [_revision(one) for one in facts.versions],
        "story": facts.story.id if facts.story else None,
    }
    if revision is not None:
        told["diff"] = [{"how": how, "text": text} for how, text in shown(facts.changes(revision))]
    return told


def _revision(one: Revised) -> dict[str, Any]:
    change = one.change
    return {
        "number": one.number,
        "headline": one.version.headline,
        "modified": _iso(one.modified),
        "stored_at": _iso(one.stored_at),
        "by": "extraction" if one.is_ours else "publisher",
        "kinds": [kind.value for kind in change.kinds] if change else [],
        "added": change.added if change else None,
        "removed": change.removed if change else None,
        "changed": change.changed if change else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
