"""Ready queries find what SQLAlchemy finds, of every type that columns have, and fail as it fails."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, func, select, text, union_all, update
from store.samples import outlet, pages

from aggregator.errors import StoreError
from aggregator.store import articles, outlets
from aggregator.store.engine import Database
from aggregator.store.ready import Ready
from aggregator.store.schema import ArticleRow, OutletRow
from aggregator.store.statements import fetched


@pytest.fixture
def stocked(db: Database) -> Database:
    outlets.sync(db, [outlet("harbour")])
    articles.save(db, None, pages(5))
    return db


def test_rows_are_those_of_sqlalchemy(stocked: Database) -> None:
    query = (
        select(*ArticleRow.__table__.columns, OutletRow.name, func.count().over().label("all"))
        .join_from(ArticleRow, OutletRow, OutletRow.slug == ArticleRow.outlet)
        .where(ArticleRow.id.in_(bindparam("numbers", expanding=True)), ArticleRow.completeness != "live")
        .where(ArticleRow.fetched_at < bindparam("until"))
        .order_by(ArticleRow.id)
        .limit(bindparam("most"))
    )
    ready = Ready(query)
    asked = {"until": datetime(2100, 1, 1, tzinfo=UTC), "most": 3}
    with stocked.reading() as session:
        for numbers in ([1, 2, 4, 5], [2], []):
            rows = fetched(session, ready, numbers=numbers, **asked)
            theirs = session.execute(query, {"numbers": numbers, **asked}).all()
            assert [tuple(row) for row in rows] == [tuple(row) for row in theirs]
            assert len(rows) == min(3, len(numbers))
        row = fetched(session, ready, numbers=[4], **asked)[0]
        assert (row.outlet, row.fetched_at.tzinfo, row.all) == ("harbour", UTC, 1)
        assert isinstance(row.byline, list)
        assert fetched(session, ready, numbers=[4], until=datetime(1999, 1, 1, tzinfo=UTC), most=3) == []


def test_a_union_has_names_too(stocked: Database) -> None:
    both = union_all(select(ArticleRow.id.label("number")), select(ArticleRow.id + 100))
    with stocked.reading() as session:
        found = fetched(session, Ready(both))
    assert sorted(row.number for row in found) == [1, 2, 3, 4, 5, 101, 102, 103, 104, 105]


def test_what_the_database_refuses_is_an_error_of_the_store(stocked: Database) -> None:
    with pytest.raises(StoreError, match="nowhere"), stocked.reading() as session:
        fetched(session, Ready(select(text("nowhere.x"))))


def test_a_query_sees_what_its_own_transaction_wrote(stocked: Database) -> None:
    ready = Ready(select(OutletRow.name))
    with stocked.session() as session:
        session.execute(update(OutletRow).values(name="The Quay"))
        assert [row.name for row in fetched(session, ready)] == ["The Quay"]
