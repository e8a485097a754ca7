"""The desk's users, sessions, tokens, locks and log, in both databases."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from aggregator.errors import DeskError, UnknownUserError
from aggregator.model.desk import (
    MOST_OF_ACCOUNT,
    MOST_OF_ADDRESS,
    PAUSE,
    Action,
    Attempts,
    Lifetime,
    Outcome,
    Role,
    Scope,
    Token,
    account,
    address,
)
from aggregator.store import audit, desk_logins, desk_sessions, desk_tokens, desk_users
from aggregator.store.dump import dump
from aggregator.store.engine import Database
from aggregator.store.schema import metadata

AT = datetime(2031, 4, 5, 6, tzinfo=UTC)
LIFETIME = Lifetime(timedelta(hours=1), timedelta(hours=12))
MINUTE = timedelta(minutes=1)


def test_a_user_is_added_once_changed_and_removed(db: Database) -> None:
    assert not desk_users.is_anybody(db)
    ada = desk_users.add(db, "ada", Role.EDITOR, "hash", AT)
    assert desk_users.is_anybody(db)
    with pytest.raises(DeskError, match="one already"):
        desk_users.add(db, "ada", Role.VIEWER, "other", AT)
    desk_sessions.begin(db, "k", ada, AT, LIFETIME)
    assert desk_users.set_role(db, "ada", Role.OPERATOR).role is Role.EDITOR
    assert desk_sessions.find(db, "k", AT, LIFETIME) is None
    desk_users.note_login(db, ada, AT + MINUTE)
    found = desk_users.to_verify(db, "ada")
    assert found is not None
    assert (found[0].role, found[0].logged_in_at, found[1]) == (Role.OPERATOR, AT + MINUTE, "hash")
    desk_users.remove(db, "ada")
    assert desk_users.every(db) == []
    for change in (desk_users.remove, lambda db, name: desk_users.set_password(db, name, "x")):
        with pytest.raises(UnknownUserError):
            change(db, "ada")


@pytest.mark.parametrize("name", ["", "Ada", "a b", "-a", "a/b", "a" * 65, "ad\u0430"])
def test_a_name_is_of_plain_letters(name: str) -> None:
    with pytest.raises(DeskError, match="expected up to 64"):
        desk_users.check_name(name)


def test_a_session_ends_when_idle_and_in_any_case(db: Database) -> None:
    ada = desk_users.add(db, "ada", Role.VIEWER, "hash", AT)
    desk_sessions.begin(db, "k", ada, AT, LIFETIME)
    found = desk_sessions.find(db, "k", AT + timedelta(minutes=59), LIFETIME)
    assert found is not None
    assert found.user.name == "ada"
    assert desk_sessions.find(db, "k", AT + timedelta(minutes=118), LIFETIME) is not None
    assert desk_sessions.find(db, "k", AT + timedelta(minutes=179), LIFETIME) is None
    assert desk_sessions.find(db, "other", AT, LIFETIME) is None
    for minutes in range(0, 12 * 60, 30):
        desk_sessions.begin(db, f"k{minutes}", ada, AT + minutes * MINUTE, LIFETIME)
        assert desk_sessions.find(db, "k0", AT + minutes * MINUTE, LIFETIME) is not None
    assert desk_sessions.find(db, "k0", AT + timedelta(hours=12), LIFETIME) is None
    desk_sessions.end(db, "k690")
    assert desk_sessions.find(db, "k690", AT + 690 * MINUTE, LIFETIME) is None


def test_a_session_from_the_future_is_none() -> None:
    assert LIFETIME.is_over(AT + timedelta(days=1), AT + timedelta(days=1), AT)
    assert not LIFETIME.is_over(AT, AT, AT)


def test_of_forms_that_come_at_once_one_is_taken(db: Database) -> None:
    desk_sessions.begin(db, "k", desk_users.add(db, "ada", Role.VIEWER, "hash", AT), AT, LIFETIME)
    taken: list[bool] = []
    threads = [Thread(target=lambda: taken.append(desk_sessions.take_form(db, "k", "n"))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 4 + [True]
    assert desk_sessions.take_form(db, "k", "other")
    assert not desk_sessions.take_form(db, "no session", "n")


def test_wrong_passwords_lock_account_and_address_for_a_while(db: Database) -> None:
    subjects = account("ada"), address("192.0.2.1")
    for number in range(MOST_OF_ACCOUNT):
        assert desk_logins.enter(db, subjects, AT + number * timedelta(seconds=1)) is None
    last = AT + (MOST_OF_ACCOUNT - 1) * timedelta(seconds=1)
    assert desk_logins.enter(db, subjects, last + MINUTE) == last + PAUSE
    assert set(desk_logins.locked(db, last + MINUTE)) == {account("ada")}
    others = account("bea"), address("192.0.2.1")
    for _ in range(MOST_OF_ADDRESS - MOST_OF_ACCOUNT):
        assert desk_logins.enter(db, [others[1]], last + MINUTE) is None
    assert desk_logins.enter(db, others, last + MINUTE) is not None
    assert desk_logins.enter(db, subjects, last + PAUSE + MINUTE) is None
    desk_logins.forgive(db, *subjects)
    assert desk_logins.locked(db, last + PAUSE + MINUTE) == {}


def test_tries_that_come_at_once_are_all_counted(db: Database) -> None:
    let_in: list[bool] = []

    def enter() -> None:
        let_in.append(desk_logins.enter(db, [account("ada"), address("192.0.2.1")], AT) is None)

    threads = [Thread(target=enter) for _ in range(3 * MOST_OF_ACCOUNT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == MOST_OF_ACCOUNT


def test_old_wrong_passwords_are_forgotten() -> None:
    attempts = Attempts(0, AT)
    for _ in range(MOST_OF_ACCOUNT - 1):
        attempts = attempts.and_one_more(MOST_OF_ACCOUNT, AT)
    assert not attempts.is_locked(AT)
    assert attempts.and_one_more(MOST_OF_ACCOUNT, AT + PAUSE).count == 1
    assert attempts.and_one_more(MOST_OF_ACCOUNT, AT + PAUSE - MINUTE).is_locked(AT + PAUSE)


def test_a_token_is_good_until_it_is_over_or_revoked(db: Database) -> None:
    scopes = desk_tokens.scopes_of(["read", "review"])
    desk_tokens.add(db, Token(0, "wall", scopes, AT, "ada", AT + timedelta(days=1)), "key")
    with pytest.raises(DeskError, match="one already"):
        desk_tokens.add(db, Token(0, "wall", scopes, AT, "ada"), "other")
    found = desk_tokens.find(db, "key", AT)
    assert found is not None
    assert found.scopes == {Scope.READ, Scope.REVIEW}
    assert desk_tokens.every(db)[0].used_at == AT
    assert desk_tokens.find(db, "key", AT + timedelta(days=1)) is None
    assert desk_tokens.find(db, "other", AT) is None
    assert desk_tokens.revoke(db, "wall", AT) == 1
    assert desk_tokens.find(db, "key", AT) is None
    assert desk_tokens.revoke(db, "wall", AT) == 0
    with pytest.raises(UnknownUserError):
        desk_tokens.revoke(db, "none", AT)
    for words in ([], ["read", "everything"]):
        with pytest.raises(DeskError, match="expected some of read"):
            desk_tokens.scopes_of(words)


def test_the_log_is_read_newest_first_by_person_and_thing(db: Database) -> None:
    for number, who in enumerate(("ada", "bea", "ada")):
        action = Action(who, "paused", f"outlet-{number}", "on\x00", "off", Outcome.DONE)
        audit.note(db, action, AT + number * MINUTE)
    found = audit.entries(db, limit=10)
    assert [one.action.subject for one in found] == ["outlet-2", "outlet-1", "outlet-0"]
    assert (found[0].action.before, found[0].at) == ("on", AT + 2 * MINUTE)
    assert [one.id for one in audit.entries(db, limit=10, who="ada")] == [found[0].id, found[2].id]
    assert [one.id for one in audit.entries(db, limit=10, subject="outlet-1")] == [found[1].id]
    assert [one.id for one in audit.entries(db, limit=1, before_id=found[0].id)] == [found[1].id]


def test_no_dump_has_anything_of_the_desk(tmp_path: Path, migrated_sqlite: bytes) -> None:
    (tmp_path / "store.sqlite3").write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{tmp_path / 'store.sqlite3'}")) as db:
        desk_users.add(db, "ada", Role.OPERATOR, "the-hash-of-ada", AT)
        audit.note(db, Action("ada", "what-ada-did"), AT)
        made = dump(db, tmp_path / "news.sqlite3").path
    content = made.read_bytes()
    assert b"the-hash-of-ada" not in content
    assert b"what-ada-did" not in content
    with closing(sqlite3.connect(made)) as file:
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_schema")}
    private = {table.name for table in metadata.sorted_tables if table.name.startswith("desk_")}
    assert len(private) >= 6
    assert names & private == set()
