"""The API's limit: for each address its own, believed of proxies only where the settings name them."""

import json

import pytest
from published import fill
from reading import Reader, site_over

from aggregator.config import Settings, SiteSettings
from aggregator.errors import ConfigError
from aggregator.site.api.limit import MOST_CLIENTS, Limiter, client_of
from aggregator.store.engine import Database


def passed(limiter: Limiter, client: str, times: int, at: float) -> int:
    return sum(limiter.wait_seconds(client, at) == 0 for _ in range(times))


def test_a_minutes_worth_passes_at_once_and_the_rest_as_the_minute_goes() -> None:
    limiter = Limiter(60)
    assert passed(limiter, "a", 100, 1000.0) == 60
    assert limiter.wait_seconds("a", 1000.0) == pytest.approx(1.0)
    assert passed(limiter, "a", 100, 1010.0) == 10
    assert passed(limiter, "a", 100, 2000.0) == 60


def test_who_waits_as_long_as_told_may_go_on() -> None:
    limiter = Limiter(7)
    passed(limiter, "a", 7, 0.0)
    wait = limiter.wait_seconds("a", 0.3)
    assert limiter.wait_seconds("a", 0.3 + wait) == 0


def test_one_client_does_not_slow_another() -> None:
    limiter = Limiter(3)
    passed(limiter, "a", 50, 0.0)
    assert passed(limiter, "b", 3, 0.0) == 3


def test_the_memory_of_clients_is_bounded() -> None:
    limiter = Limiter(1)
    for number in range(MOST_CLIENTS + 10):
        limiter.wait_seconds(str(number), 0.0)
    assert limiter.wait_seconds(str(MOST_CLIENTS + 9), 0.0) > 0
    assert limiter.wait_seconds("0", 0.0) == 0


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("nonsense" * 50, "nonsense" * 8),
    ],
)
def test_a_client_is_an_address_or_a_subscribers_network(host: str, client: str) -> None:
    assert client_of({"type": "http", "client": (host, 1)}) == client


def test_without_a_peer_all_are_one_client() -> None:
    assert client_of({"type": "http", "client": None}) == "unknown"


def asked(reader: Reader, path: str, times: int, **headers: str) -> list[int]:
    return [reader.get(path, **headers).status for _ in range(times)]


@pytest.fixture
def filled(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Database:
    path = tmp_path_factory.mktemp("limit") / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    fill(db)
    return db


def test_who_asks_too_often_is_told_when_to_come_back(filled: Database) -> None:
    with site_over(filled, per_minute=5) as reader:
        assert asked(reader, "/api/v1/editions", 5) == [200] * 5
        refused = reader.get("/api/v1/editions", Origin="https://reader.example")
        assert refused.status == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 12
        assert refused.headers["cache-control"] == "no-store"
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["access-control-allow-origin"] == "*"
        assert "5 requests a minute" in json.loads(refused.body)["detail"]
        assert asked(reader, "/", 8) == [200] * 8
    filled.close()


def test_a_forwarded_address_is_believed_of_a_named_proxy_only(filled: Database) -> None:
    with site_over(filled, per_minute=2) as reader:
        forged = [reader.get("/api/v1/editions", X_Forwarded_For=f"192.0.2.{n}").status for n in range(1, 5)]
        assert forged == [200, 200, 429, 429]
    with site_over(filled, per_minute=2, proxies=("127.0.0.0/8",)) as reader:
        one, other = "192.0.2.1", "192.0.2.2"
        assert asked(reader, "/api/v1/editions", 3, X_Forwarded_For=one) == [200, 200, 429]
        assert asked(reader, "/api/v1/editions", 1, X_Forwarded_For=other) == [200]
        # What the client itself wrote before the proxy's own word counts for nothing.
        assert asked(reader, "/api/v1/editions", 1, X_Forwarded_For=f"203.0.113.9, {one}") == [429]
    filled.close()


def test_a_proxy_that_is_no_address_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SiteSettings(proxies=("10.0.0.1", "2001:db8::/32")).proxies == ("10.0.0.1/32", "2001:db8::/32")
    monkeypatch.setenv("AGGREGATOR_SITE__PROXIES", '["proxy.example"]')
    from aggregator.config import load

    with pytest.raises(ConfigError, match=r"IP address or a network"):
        load()
    assert Settings.model_fields["api"].default.requests_per_minute > 0
