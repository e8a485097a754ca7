"""The tables of the dump whose rows stand in several of the store: outlets, articles, texts, publications."""

from dataclasses import replace
from typing import Final

from sqlalchemy import and_, case, not_, null, select, type_coerce
from sqlalchemy.orm import aliased

from aggregator.model.edition import PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store.boilerplate_state import boilerplate_state
from aggregator.store.dump.columns import DumpColumn, DumpTable, Openness, PlainText, column, spdx
from aggregator.store.dump.following import following, opens
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    BoilerplateLineRow,
    BoilerplateOutletRow,
    OutletRow,
    PublicationRow,
    TakedownArticleRow,
)

Shown = aliased(PublicationRow, name="shown")
"""The publication of a row's article, as a public dump joins it."""

Gone = aliased(TakedownArticleRow, name="gone")
"""The takedown of a row's article, as a public dump joins it."""

IS_OUT: Final = Shown.state == PublicationState.PUBLISHED.value

HAS_TEXT: Final = and_(
    IS_OUT, Shown.is_minable, Shown.mode.in_([RightsMode.FULL.value, RightsMode.EXCERPT.value])
)
"""Whether readers get text, and nobody reserved its mining: what a dump is made for."""


def outlets() -> DumpTable:
    """Outlets, as their cards describe them."""
    open_at = opens(
        "slug name homepage language country licence licence_url mode feed canonical noindex is_active "
        "synced_at"
    )
    table = following(OutletRow, open_at, key=("slug",))
    return replace(table, columns=(*table.columns, spdx(OutletRow.licence, Openness.ALWAYS)))


def articles() -> DumpTable:
    """Articles with the words of their newest revision's headline, without the store's own bookkeeping."""
    open_at = opens(
        "id outlet revision language completeness robots tdm_reserved tdm_policy first_published modified "
        "fetched_at stored_at copy_of extraction",
        standing="url canonical_url source_link url_key text_hash source_key page_hash agency",
        out="byline section tags site_name licence",
    )
    table = following(ArticleRow, open_at, ["awaits_publishing", "taught_at"])
    newest = (ArticleRevisionRow.article_id == ArticleRow.id) & (
        ArticleRevisionRow.number == ArticleRow.revision
    )
    words = (
        replace(column(ArticleRevisionRow.headline, Openness.OUT), as_shown=Shown.headline),
        column(ArticleRevisionRow.dek),
        column(ArticleRevisionRow.text_chars, Openness.ALWAYS),
        spdx(ArticleRow.licence, Openness.OUT),
    )
    return replace(
        table,
        meaning="articles as they are now; their texts stand in article_text",
        columns=(*table.columns, *words),
        stem=table.stem.join(ArticleRevisionRow, newest),
        references={"outlet": "outlet (slug)", "copy_of": "article (id)"},
        indexes=(
            ("outlet", "first_published"),
            ("first_published",),
            ("copy_of",),
            ("text_hash",),
            ("stored_at",),
        ),
        article=ArticleRow.id,
    )


def article_texts() -> DumpTable:
    """The text of each revision; in a public dump of the one that is out, as readers get it."""
    text = DumpColumn(
        "text",
        "TEXT",
        "the body as plain text; each line is a block",
        type_coerce(ArticleRevisionRow.blocks, PlainText()),
        Openness.OUT,
        as_shown=type_coerce(Shown.blocks, PlainText()),
    )
    number = replace(column(ArticleRevisionRow.number, Openness.ALWAYS), name="revision")
    keys = (ArticleRevisionRow.article_id, ArticleRevisionRow.number)
    return DumpTable(
        name="article_text",
        meaning="the text of each revision of each article",
        columns=(column(keys[0], Openness.ALWAYS), number, text),
        stem=select().select_from(ArticleRevisionRow).order_by(*keys),
        key=("article_id", "revision"),
        references={"article_id": "article (id)"},
        article=ArticleRevisionRow.article_id,
        # The revision that is out; one whose text is its original's now has the number 0.
        only_public=HAS_TEXT
        & (ArticleRevisionRow.number == case((Shown.revision < 1, 1), else_=Shown.revision)),
    )


def boilerplate() -> DumpTable:
    """Lines that repeat, with what becomes of them; what was met once tells nothing."""
    open_at = opens("outlet id kind needs first_seen last_seen ruling ruled_at")
    table = following(BoilerplateLineRow, open_at, ["generation", "recent", "earlier"])
    pages, of_pages, state = boilerplate_state()
    always = Openness.ALWAYS
    more = (
        DumpColumn("pages", "INTEGER", "on how many of the outlet's last pages it stands", pages, always),
        DumpColumn("of_pages", "INTEGER", "how many last pages that is counted on", of_pages, always),
        DumpColumn(
            "state", "TEXT", "counted, shadow (would be cut), active (is cut), kept or dropped", state, always
        ),
    )
    joined = table.stem.join(BoilerplateOutletRow, BoilerplateOutletRow.outlet == BoilerplateLineRow.outlet)
    return replace(
        table,
        name="boilerplate",
        meaning="lines that repeat over an outlet's pages, as learned",
        columns=(*table.columns, *more),
        stem=joined.where(BoilerplateLineRow.sample.is_not(None)),
        key=("outlet", "id"),
        references={"outlet": "outlet (slug)"},
    )


def publications() -> DumpTable:
    """Publications; their text only where it is another one than the revision's."""
    open_at = opens(
        "id article_id edition_id state mode credit_position reason_codes is_verbatim has_images "
        "is_indexable is_minable revision dated_at published_at updated_at withdrawn_at "
        "withdrawn_reason withdrawn_by changed_at",
        out="headline licence credit licence_url",
    )
    table = following(PublicationRow, open_at, ["awaits_indexing", "outlet", "language", "blocks"])
    is_same = (PublicationRow.mode == RightsMode.FULL.value) & not_(PublicationRow.is_verbatim)
    text = DumpColumn(
        "text",
        "TEXT",
        "what readers get, as plain text; null if it is the revision's text, as article_text has it",
        type_coerce(case((is_same, null()), else_=PublicationRow.blocks), PlainText()),
    )
    return replace(
        table,
        columns=(*table.columns, spdx(PublicationRow.licence, Openness.OUT), text),
        references={"article_id": "article (id)", "edition_id": "edition (id)"},
        indexes=(("article_id",), ("edition_id",), ("published_at",)),
        article=PublicationRow.article_id,
    )
