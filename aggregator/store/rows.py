"""Rows and frozen types, turned into each other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from aggregator.model.article import (
    Article,
    Block,
    BlockKind,
    Completeness,
    CutBlock,
    FieldLoser,
    FieldOrigin,
    Image,
)
from aggregator.model.crawl import Reason
from aggregator.model.duplicate import Copy, Fingerprint
from aggregator.model.edition import StoredArticle
from aggregator.model.page import ArchiveRef
from aggregator.model.revision import Change
from aggregator.store.schema import (
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    ArticleRow,
    FetchRow,
    ImageRow,
)


def article_values(article: Article, fingerprint: Fingerprint) -> dict[str, Any]:
    """The columns of ``article`` that each revision sets anew."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "source_link": article.source_link,
        "text_hash": fingerprint.text_hash,
        "source_key": fingerprint.source_key,
        "page_hash": fingerprint.page_hash,
        "language": article.language,
        "byline": list(article.byline),
        "agency": list(article.agency),
        "section": article.section,
        "tags": list(article.tags),
        "site_name": article.site_name,
        "licence": article.licence,
        "completeness": article.completeness.value,
        "robots": list(article.robots),
        "tdm_reserved": article.tdm_reserved,
        "tdm_policy": article.tdm_policy,
        "first_published": article.published,
        "modified": article.modified,
        "fetched_at": article.fetched_at,
        "extraction": None,
    }


def revision_values(
    article: Article, fingerprint: Fingerprint, stored_at: datetime, change: Change | None = None
) -> dict[str, Any]:
    """The columns of ``article_revision``, without the keys; ``change`` is None of a first revision."""
    return {
        "headline": article.headline,
        "dek": article.dek,
        "blocks": block_values(article.blocks),
        "text_chars": len(article.body),
        "text_hash": fingerprint.text_hash,
        "modified": article.modified,
        "stored_at": stored_at,
        "kinds": [kind.value for kind in change.kinds] if change else [],
        "sentences_added": change.added if change else None,
        "sentences_removed": change.removed if change else None,
        "sentences_changed": change.changed if change else None,
    }


def duplicate_values(copy_id: int, alike: Copy, found_at: datetime) -> dict[str, Any]:
    """The columns of ``duplicate``."""
    evidence = alike.evidence and {"shared_shingles": alike.shared_shingles, **asdict(alike.evidence)}
    return {
        "copy_id": copy_id,
        "original_id": alike.of,
        "kind": alike.kind.value,
        "score": alike.score,
        "evidence": evidence,
        "found_at": found_at,
    }


def block_values(blocks: Iterable[Block]) -> list[list[str | int]]:
    """Blocks as a column holds them: a list of [kind, level, text], with false behind it if not quotable."""
    return [
        [block.kind.value, block.level, block.text, *([] if block.is_quotable else [False])]
        for block in blocks
    ]


def field_values(article: Article) -> list[dict[str, Any]]:
    """The rows of ``article_field``, without the article's number."""
    taken = [(one.field, one.source, True, None) for one in article.origins]
    others = [(one.field, one.source, False, one.value) for one in article.losers]
    names = ("position", "field", "source", "is_taken", "value")
    return [dict(zip(names, (n, *one), strict=True)) for n, one in enumerate((*taken, *others))]


def blocks_of(stored: Sequence[Sequence[Any]]) -> tuple[Block, ...]:
    """The blocks that a column holds; ``block_values`` turned around."""
    return tuple(
        Block(kind=BlockKind(kind), text=text, level=level, is_quotable=all(rest))
        for kind, level, text, *rest in stored
    )


def stored_articles() -> Select[ArticleRow, ArticleRevisionRow]:
    """The query of articles with their newest revisions, for ``read_articles``."""
    return select(ArticleRow, ArticleRevisionRow).join(
        ArticleRevisionRow,
        (ArticleRevisionRow.article_id == ArticleRow.id) & (ArticleRevisionRow.number == ArticleRow.revision),
    )


def read_articles(session: Session, query: Select[ArticleRow, ArticleRevisionRow]) -> list[StoredArticle]:
    """The articles of a query, whole: four statements, however many they are."""
    rows = session.execute(query).all()
    ids = [row.ArticleRow.id for row in rows]
    details = _Details(session, ids)
    return [details.article(row) for row in rows]


class _Details:
    """What hangs on articles in other tables, by the article's number."""

    def __init__(self, session: Session, ids: Sequence[int]) -> None:
        self.images = _by_article(session, ImageRow, ids)
        self.fields = _by_article(session, ArticleFieldRow, ids)
        self.cuts = _by_article(session, ArticleCutRow, ids)
        self.archived = _archived(session, ids)

    def article(self, row: Row[ArticleRow, ArticleRevisionRow]) -> StoredArticle:
        stored, revision = row
        fields = self.fields[stored.id]
        article = Article(
            outlet=stored.outlet,
            url=stored.url,
            canonical_url=stored.canonical_url,
            source_link=stored.source_link,
            headline=revision.headline,
            blocks=blocks_of(revision.blocks),
            language=stored.language,
            fetched_at=stored.fetched_at,
            dek=revision.dek,
            byline=tuple(stored.byline),
            agency=tuple(stored.agency),
            published=stored.first_published,
            modified=stored.modified,
            section=stored.section,
            tags=tuple(stored.tags),
            images=tuple(Image(i.url, i.alt, i.caption, i.credit) for i in self.images[stored.id]),
            site_name=stored.site_name,
            licence=stored.licence,
            completeness=Completeness(stored.completeness),
            robots=tuple(stored.robots),
            tdm_reserved=stored.tdm_reserved,
            tdm_policy=stored.tdm_policy,
            origins=tuple(FieldOrigin(f.field, f.source) for f in fields if f.is_taken),
            losers=tuple(FieldLoser(f.field, f.source, f.value or "") for f in fields if not f.is_taken),
            cuts=tuple(_cut(row) for row in self.cuts[stored.id]),
        )
        return StoredArticle(
            stored.id,
            article,
            stored.copy_of,
            stored.revision,
            stored.stored_at,
            self.archived.get(stored.id),
        )


def cut_values(cut: CutBlock) -> dict[str, Any]:
    """The columns of ``article_cut``, without the keys."""
    return {
        "text": cut.text,
        "rule": cut.rule,
        "kind": cut.kind.value,
        "level": cut.level,
        "stands_after": cut.after,
        "chars_before": cut.behind,
        "paragraph": cut.before or None,
    }


def _cut(row: Row[Any]) -> CutBlock:
    return CutBlock(
        row.text,
        row.rule,
        behind=row.chars_before,
        after=row.stands_after,
        kind=BlockKind(row.kind),
        level=row.level,
        before=row.paragraph or "",
    )


def _archived(session: Session, ids: Sequence[int]) -> dict[int, ArchiveRef]:
    # In the order of fetches, so that the newest page that became a revision stays.
    query = (
        select(
            FetchRow.article_id,
            FetchRow.archive_file,
            FetchRow.archive_offset_bytes,
            FetchRow.archive_length_bytes,
        )
        .where(FetchRow.article_id.in_(ids), FetchRow.archive_file.is_not(None))
        .where(FetchRow.reason.not_in((Reason.UNCHANGED.value, Reason.DROPPED_OLDER.value)))
        .order_by(FetchRow.id)
    )
    found = {}
    for number, file, start, length in session.execute(query):
        if number is not None and file is not None:
            found[number] = ArchiveRef(file, start or 0, length or 0)
    return found


def _by_article(
    session: Session, table: type[ImageRow | ArticleFieldRow | ArticleCutRow], ids: Sequence[int]
) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    columns = table.__table__
    query = (
        select(columns)
        .where(columns.c.article_id.in_(ids))
        .order_by(columns.c.article_id, columns.c.position)
    )
    for row in session.execute(query):
        found[row.article_id].append(row)
    return found
