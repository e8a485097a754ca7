"""``aggregator user``, ``token`` and ``audit``: who may work at the desk, and what was done."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner

from aggregator import clock, config
from aggregator.cli.main import app
from aggregator.errors import AggregatorError, DeskError, UnknownUserError
from aggregator.passwords import digest, is_right
from aggregator.store import desk_tokens, desk_users
from aggregator.store.engine import Database


class Run(Protocol):
    def __call__(self, *arguments: str, typed: str = "") -> str: ...


@pytest.fixture
def run(tmp_path: Path, migrated_sqlite: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The commands over a store of their own, in this process: twelve programs would take a minute."""
    monkeypatch.setenv("AGGREGATOR_HOME", str(tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aggregator.sqlite3").write_bytes(migrated_sqlite)
    config.settings.cache_clear()

    def command(*arguments: str, typed: str = "") -> str:
        done = CliRunner().invoke(app, list(arguments), input=f"{typed}\n" if typed else None)
        if isinstance(done.exception, AggregatorError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    yield command
    config.settings.cache_clear()


def test_users_and_tokens_are_added_changed_and_noted(run: Run, tmp_path: Path) -> None:
    assert "nobody may log in yet" in run("user", "list")
    with pytest.raises(DeskError, match="12 to 200 characters"):
        run("user", "add", "Ada", "--role", "operator", typed="gull")
    added = run("user", "add", "Ada", "--role", "operator", typed="seven gulls on a pier")
    assert "ada may log in as operator: http://127.0.0.1:8000/desk" in added
    run("user", "password", "ada", typed="nine herons by the lock")
    assert "was operator and is viewer" in run("user", "role", "ada", "viewer")
    assert "viewer" in run("user", "list")
    with pytest.raises(UnknownUserError, match="none of this name"):
        run("user", "remove", "bea")
    secret = run("token", "add", "wall", "--scope", "read", "--scope", "review").strip()
    db = Database.open(f"sqlite:///{tmp_path}/data/aggregator.sqlite3")
    found = desk_users.to_verify(db, "ada")
    assert found is not None
    assert is_right(found[1], "nine herons by the lock")
    assert desk_tokens.find(db, digest(secret), clock.now()) is not None
    db.close()
    assert "read, review" in run("token", "list")
    assert "wall is revoked" in run("token", "revoke", "wall")
    assert "ada may not log in" in run("user", "remove", "ada")
    lines = run("audit", "--json").splitlines()
    assert [json.loads(line)["action"] for line in lines] == [
        "user removed", "token revoked", "token added", "role changed", "password changed", "user added",
    ]  # fmt: skip
    assert "operator -> viewer" in run("audit", "--subject", "ada")
