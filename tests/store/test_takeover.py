"""An original that is stored after its copies."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from store.samples import NOON, article, lines, page

from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions
from aggregator.store.engine import Database


def original(number: int = 1) -> PageArticle:
    return page(article(number, outlet="harbour"))


def republished(outlet: str, number: int = 1) -> PageArticle:
    """The same words at another outlet, which links the original as its source."""
    theirs = article(number, outlet=outlet)
    return page(
        replace(theirs, blocks=original(number).article.blocks, source_link=original(number).article.url)
    )


def save(db: Database, *pages: PageArticle) -> list[Reason]:
    return articles.save(db, None, pages)


@pytest.mark.parametrize("together", [True, False])
def test_an_original_that_comes_late_is_no_copy_and_its_copies_are(db: Database, *, together: bool) -> None:
    late = [republished("echo"), republished("mirror"), original()]
    reasons = save(db, *late) if together else [reason for one in late for reason in save(db, one)]
    assert reasons == [Reason.STORED, Reason.COPY, Reason.STORED]
    echo, mirror, harbour = articles.every(db)
    assert harbour.copy_of is None
    assert (echo.copy_of, mirror.copy_of) == (harbour.id, harbour.id)
    with db.reading() as session:
        pairs = session.execute(text("SELECT copy_id, original_id FROM duplicate ORDER BY copy_id")).all()
    assert [tuple(pair) for pair in pairs] == [(echo.id, harbour.id), (mirror.id, harbour.id)]


def test_what_readers_have_of_the_copy_becomes_the_originals(db: Database) -> None:
    save(db, republished("echo"))
    [echo] = articles.unpublished(db, 10)
    link = NewPublication(echo.id, PublicationState.PUBLISHED, RightsMode.LINK, "Pier", (), None, "Echo", ())
    editions.publish(db, [link], NOON)
    address = editions.front(db).items[0].id
    save(db, original())
    [harbour] = articles.revised(db, 10)
    assert articles.unpublished(db, 10) == []
    whole = replace(
        link, article_id=harbour.id, mode=RightsMode.FULL, blocks=lines("Words"), credit="Harbour"
    )
    editions.publish(db, [whole], NOON)
    [shown] = editions.front(db).items
    assert (shown.id, shown.outlet, shown.text) == (address, "harbour", "Words")
    assert shown.updated_at == shown.published_at
    assert [name for name, _ in shown.also_in] == ["echo"]
    assert articles.revised(db, 10) == []


@pytest.mark.parametrize("is_out", [False, True])
def test_an_article_that_became_a_copy_while_its_edition_was_made_does_not_go_out(
    db: Database, *, is_out: bool
) -> None:
    save(db, republished("echo"))
    [echo] = articles.unpublished(db, 10)
    link = NewPublication(
        echo.id, PublicationState.PUBLISHED, RightsMode.LINK, "Pier", (), None, "Echo", (), 1
    )
    if is_out:
        editions.publish(db, [link], NOON)
    save(db, original())
    assert editions.publish(db, [replace(link, headline="Late")], NOON) is None
    assert [item.headline for item in editions.front(db).items] == (["Pier"] if is_out else [])
    assert editions.by_article(db, echo.id) is None


def test_copies_do_not_wait_for_the_publisher(db: Database) -> None:
    save(db, republished("echo"), republished("mirror"), original())
    save(db, page(replace(republished("mirror").article, headline="The same words under another headline")))
    with db.reading() as session:
        waiting = session.execute(text("SELECT outlet FROM article WHERE awaits_publishing")).scalars().all()
    assert waiting == ["harbour"]
