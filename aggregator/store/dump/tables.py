"""The stored tables of the dump: which columns, from where, and when they are public."""

from typing import Final

from aggregator.store.dump.following import following, opens
from aggregator.store.dump.joined import (
    HAS_TEXT,
    Shown,
    article_texts,
    articles,
    boilerplate,
    outlets,
    publications,
)
from aggregator.store.schema import (
    AlarmRow,
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    BoilerplateOutletRow,
    CrawlRunOutletRow,
    CrawlRunRow,
    DecisionRow,
    DuplicateRow,
    EditionRow,
    FetchRow,
    ImageRow,
    LicencePageRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    TakedownArticleRow,
    TakedownRow,
)

_OF_ARTICLE: Final = {"article_id": "article (id)"}
_OF_OUTLET: Final = {"outlet": "outlet (slug)"}

DUMP_TABLES: Final = (
    outlets(),
    articles(),
    article_texts(),
    following(
        ArticleRevisionRow,
        opens(
            "article_id number text_chars modified stored_at cause kinds sentences_added sentences_removed "
            "sentences_changed",
            standing="text_hash",
        ),
        ["blocks"],
        name="revision",
        key=("article_id", "number"),
        references=_OF_ARTICLE,
        indexes=(("stored_at",),),
        article=ArticleRevisionRow.article_id,
    ),
    following(
        ArticleFieldRow,
        opens("article_id position field source is_taken"),
        name="provenance",
        key=("article_id", "position"),
        references=_OF_ARTICLE,
        article=ArticleFieldRow.article_id,
    ),
    following(
        ArticleCutRow,
        opens("article_id position rule kind level stands_after chars_before"),
        name="cut",
        key=("article_id", "position"),
        references=_OF_ARTICLE,
        article=ArticleCutRow.article_id,
    ),
    following(
        ImageRow,
        opens("article_id position", out="url alt caption credit"),
        key=("article_id", "position"),
        references=_OF_ARTICLE,
        article=ImageRow.article_id,
        only_public=HAS_TEXT & Shown.has_images,
    ),
    following(
        DuplicateRow,
        opens("copy_id original_id kind score found_at"),
        key=("copy_id",),
        references={"copy_id": "article (id)", "original_id": "article (id)"},
        indexes=(("original_id",),),
        article=DuplicateRow.copy_id,
    ),
    following(
        StoryRow,
        opens("id language headline_article first_seen last_seen merged_into"),
        ["round"],
        references={"headline_article": "article (id)", "merged_into": "story (id)"},
        indexes=(("last_seen",),),
    ),
    following(
        StoryArticleRow,
        opens("article_id story_id joined score at"),
        key=("article_id",),
        references={"article_id": "article (id)", "story_id": "story (id)"},
        indexes=(("story_id", "at"),),
        article=StoryArticleRow.article_id,
    ),
    following(
        StoryRulingRow,
        opens("id kind story_id other_id articles ruled_at undone_at"),
        references={"story_id": "story (id)", "other_id": "story (id)"},
    ),
    boilerplate(),
    following(
        BoilerplateOutletRow,
        opens("outlet pages version text_chars cut_chars learned_at"),
        key=("outlet",),
        references=_OF_OUTLET,
    ),
    following(EditionRow, opens("id closed_at article_count refused_count")),
    publications(),
    following(
        TakedownRow,
        opens("id scope reason asked_at done_at undone_at erased_at"),
        ["subject", "ordered_by"],
    ),
    following(
        TakedownArticleRow,
        opens("article_id takedown_id"),
        ["runs", "kept"],
        key=("article_id",),
        references={"article_id": "article (id)", "takedown_id": "takedown (id)"},
        article=TakedownArticleRow.article_id,
    ),
    following(
        DecisionRow,
        opens("article_id revision state until code mode decided_at"),
        key=("article_id",),
        references=_OF_ARTICLE,
        article=DecisionRow.article_id,
    ),
    following(
        LicencePageRow,
        opens("outlet url checked_at text_hash changed_at new_hash failed_at confirmed_at"),
        key=("outlet",),
        references=_OF_OUTLET,
    ),
    following(
        AlarmRow,
        opens(
            "id outlet kind aspect state since raised_at seen_at cause expected observed samples group_id "
            "last_good_article acknowledged_at resolved_at"
        ),
        references=_OF_OUTLET,
        indexes=(("outlet", "since"),),
    ),
    following(CrawlRunRow, opens("id state started_at ended_at"), ["pid", "process", "machine"]),
    following(
        CrawlRunOutletRow,
        opens("run_id position outlet"),
        key=("run_id", "position"),
        references={"run_id": "crawl_run (id)", "outlet": "outlet (slug)"},
    ),
    following(
        FetchRow,
        opens(
            "id run_id outlet reason status at article_id attempt entry_updated",
        ),
        references={"run_id": "crawl_run (id)", "article_id": "article (id)", "outlet": "outlet (slug)"},
        indexes=(("at",), ("outlet", "at"), ("run_id",), ("article_id",)),
        article=FetchRow.article_id,
    ),
)
"""All tables that follow the store's, in the order in which they are filled."""
