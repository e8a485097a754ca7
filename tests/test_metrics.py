"""Metrics: what stands in the store, under the names of the docs, for whom they are for."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from reading import Reader, site_over
from sqlalchemy import delete
from store.samples import NOON, outlet, pages

from aggregator import metrics, passwords
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.model.desk import Scope, Token
from aggregator.model.outlet import Rights, RightsMode
from aggregator.publishing import publish_all
from aggregator.store import articles, crawls, desk_tokens
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler
from aggregator.store.schema import CrawlRunOutletRow, CrawlRunRow

DOCS = Path(__file__).resolve().parent.parent / "docs" / "operations.md"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("metrics") / "a.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        card = outlet(rights=Rights(RightsMode.EXCERPT))
        stored_outlets.sync(db, [card])
        articles.save(db, None, pages(5))
        list(publish_all(db, {card.slug: card}, Settings(), NOON + timedelta(days=1)))
        crawls.start_run(db, ["harbour"], os.getpid())
        yield db


@pytest.fixture(scope="module")
def news(store: Database) -> Iterator[Reader]:
    with site_over(store, proxies=("127.0.0.1",), install=metrics.install) as reader:
        yield reader


def told(reader: Reader, **headers: str) -> dict[tuple[str, ...], float]:
    answer = reader.get("/metrics", **headers)
    assert answer.status == 200, answer.text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_tell_what_the_store_holds(news: Reader, store: Database) -> None:
    found = told(news)
    assert found["aggregator_database_up",] == 1
    assert found["aggregator_articles_total",] == found["aggregator_publications_total",] == 5
    assert found["aggregator_crawls_total",] == found["aggregator_crawls_running",] == 1
    assert found["aggregator_alarms", "raised"] == 0
    assert abs(found["aggregator_last_crawl_timestamp_seconds",] - now().timestamp()) < 600
    assert found["aggregator_scheduler_running",] == 0
    assert found["aggregator_disk_free_bytes", "database"] > 0
    with only_scheduler(store):
        assert told(news)["aggregator_scheduler_running",] == 1


def test_a_count_does_not_fall_with_the_row_that_came_last(news: Reader, store: Database) -> None:
    before = told(news)["aggregator_crawls_total",]
    run = crawls.start_run(store, ["quay"], os.getpid())
    assert told(news)["aggregator_crawls_total",] == before + 1
    with store.session() as session:
        session.execute(delete(CrawlRunOutletRow).where(CrawlRunOutletRow.run_id == run))
        session.execute(delete(CrawlRunRow).where(CrawlRunRow.id == run))
    assert told(news)["aggregator_crawls_total",] == before + 1


def test_requests_are_measured_by_area_and_status_and_never_by_address(news: Reader) -> None:
    before = told(news).get(("aggregator_request_seconds_count", "pages", "4xx"), 0)
    news.get("/article/999999")
    news.get("/nothing-of-the-kind?name=ada")
    after = told(news)
    assert after["aggregator_request_seconds_count", "pages", "4xx"] == before + 2
    assert not [name for name in after if "999999" in str(name) or "ada" in str(name)]


def test_who_asks_through_a_proxy_needs_a_token(news: Reader, store: Database) -> None:
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        refused = news.get("/metrics", **{header: "127.0.0.1"})
        assert refused.status == 403
        assert "aggregator_" not in refused.text
        assert "aggregator token add" in refused.text
    for scope, status in ((Scope.READ, 200), (Scope.REVIEW, 403)):
        secret, at = passwords.secret(), now()
        token = Token(0, scope.value, frozenset({scope}), at, at + timedelta(days=1), None, None)
        desk_tokens.add(store, token, passwords.digest(secret))
        headers = {"X-Forwarded-For": "192.0.2.7", "Authorization": f"Bearer {secret}"}
        assert news.get("/metrics", **headers).status == status
    wrong = {"X-Forwarded-For": "192.0.2.7", "Authorization": "Bearer nonsense"}
    assert news.get("/metrics", **wrong).status == 403


def test_every_metric_stands_in_the_docs_and_no_other_does(news: Reader) -> None:
    news.get("/")
    text = news.get("/metrics").text
    names = set(re.findall(r"^# TYPE (aggregator_\w+)", text, re.MULTILINE))
    names -= {name for name in names if name.endswith("_created")}
    documented = set(re.findall(r"^\| `(aggregator_\w+)", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert names == documented


def test_a_database_that_fails_is_told_and_not_ready(tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db, site_over(db, install=metrics.install) as reader:
        assert reader.get("/readyz").status == 200
        with db.session() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        answer = reader.get("/readyz")
        assert answer.status == 503
        assert "another version" in answer.text
        with db.session() as session:
            session.connection().exec_driver_sql("ALTER TABLE fetch RENAME TO elsewhere")
        found = told(reader)
        assert found["aggregator_database_up",] == 0
        assert ("aggregator_articles_total",) not in found


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_metrics_of_postgresql(db: Database) -> None:
    articles.save(db, None, pages(3))
    with site_over(db, install=metrics.install) as reader, only_scheduler(db):
        found = told(reader)
    assert (found["aggregator_articles_total",], found["aggregator_scheduler_running",]) == (3, 1)
