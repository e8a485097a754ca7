"""The desk's door: who gets in, who does not, and what is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from console.desks import PASSWORD, Site, Worker, add_users, desk_over
from sqlalchemy import update

from aggregator import clock
from aggregator.config import DeskSettings
from aggregator.console.pages.login import _wanted
from aggregator.errors import DeskError
from aggregator.model.desk import MOST_OF_ACCOUNT, PAUSE, Role, account
from aggregator.passwords import check, is_right
from aggregator.store import audit, desk_logins, desk_users
from aggregator.store.engine import Database
from aggregator.store.schema import DeskLoginRow, DeskSessionRow


def test_there_is_no_desk_until_there_is_a_user(tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    with desk_over(db, tmp_path) as site:
        visitor = site.worker()
        paths = ("/desk", "/desk/", "/desk/login", "/desk/log", "/desk/static/desk.css", "/desk/api/outlets")
        assert [visitor.get(path).status for path in paths] == [404] * len(paths)
        assert "desk" not in visitor.get("/desk").text
        add_users(db)
        assert visitor.get("/desk").headers["location"] == "/desk/"
        assert visitor.get("/desk/login").status == 200
    with desk_over(db, tmp_path, DeskSettings(enabled=False)) as site:
        assert site.worker().get("/desk/login").status == 404
    db.close()


def test_a_login_opens_the_desk_and_a_logout_closes_it(site: Site) -> None:
    ada = site.worker()
    assert ada.get("/desk/log").headers["location"] == "/desk/login?next=/desk/log"
    answer = ada.log_in("Olga ", next="/desk/log")
    assert (answer.status, answer.headers["location"]) == (303, "/desk/log")
    cookie = answer.headers["set-cookie"]
    assert "logged in" in ada.get("/desk/log").text
    kept = dict(ada.cookies)
    assert ada.act("/desk/me", "/desk/logout").headers["location"] == "/desk/login?out"
    assert ada.cookies.get("desk") is None
    assert Worker(site.port, kept).get("/desk/me").status == 303
    assert cookie


def test_the_cookie_is_for_the_server_alone(site: Site) -> None:
    visitor = site.worker()
    form = visitor.form("/desk/login")
    body = f"name=olga&password={PASSWORD.replace(' ', '+')}&form={form}".encode()
    answer = visitor.ask(
        "POST", "/desk/login", body, content_type="application/x-www-form-urlencoded", origin=visitor.base
    )
    assert answer.status == 303
    given = answer.headers["set-cookie"].lower()
    assert given.startswith("desk-door=") or "httponly" in given
    assert PASSWORD not in answer.text
    assert len(visitor.cookies["desk"]) == 43


def test_over_https_the_cookie_never_travels_without(tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    add_users(db)
    with desk_over(db, tmp_path, base_url="https://news.example") as site:
        visitor = site.worker()
        given = visitor.get("/desk/login").headers["set-cookie"]
        assert given.startswith("__Host-desk-door=")
        for attribute in ("; Secure", "; HttpOnly", "; Path=/;", "; SameSite=strict"):
            assert attribute in given
        assert visitor.log_in("olga").status == 303
        assert set(visitor.cookies) == {"__Host-desk"}
        assert visitor.get("/desk/me").status == 200
        plain = Worker(site.port, {"desk": visitor.cookies["__Host-desk"]})
        assert plain.get("/desk/me").status == 303
    db.close()


def test_a_secret_that_was_put_into_the_browser_is_worth_nothing(site: Site) -> None:
    planted = "A" * 43
    victim = Worker(site.port, {"desk": planted})
    assert victim.log_in("olga").status == 303
    assert victim.cookies["desk"] != planted
    assert Worker(site.port, {"desk": planted}).get("/desk/me").status == 303
    first = victim.cookies["desk"]
    assert victim.log_in("olga").status == 303
    assert Worker(site.port, {"desk": first}).get("/desk/me").status == 303


def test_a_hundred_wrong_passwords_lock_the_account_tell_so_and_pass(site: Site) -> None:
    guesser = site.worker()
    form = guesser.form("/desk/login")

    def guess(name: str, password: str) -> tuple[int, str]:
        answer = guesser.post("/desk/login", {"name": name, "password": password, "form": form})
        return answer.status, answer.text

    tried = [guess("olga", f"wrong password {number}") for number in range(100)]
    assert [status for status, _ in tried] == [403] * MOST_OF_ACCOUNT + [429] * (100 - MOST_OF_ACCOUNT)
    assert "do not belong together" in tried[0][1]
    assert "Please try again after" in tried[-1][1]
    assert guess("olga", PASSWORD)[0] == 429
    locked = guesser.post("/desk/login", {"name": "olga", "password": PASSWORD, "form": form})
    assert 0 < int(locked.headers["retry-after"]) <= PAUSE.total_seconds()
    (noted,) = [one.action for one in audit.entries(site.db, limit=10) if one.action.action == "locked out"]
    assert (noted.who, noted.after and noted.after[:18]) == ("olga", "10 wrong passwords")
    assert site.worker("ed").get("/desk/me").status == 200
    with site.db.session() as session:
        past = clock.now() - PAUSE - timedelta(seconds=1)
        session.execute(update(DeskLoginRow).values(since=past, locked_until=past + PAUSE))
    assert guess("olga", PASSWORD)[0] == 303


def test_an_unknown_name_is_answered_as_a_wrong_password_is(site: Site) -> None:
    known, unknown = site.worker(), site.worker()
    told = [
        known.log_in("vera", "not her word at all"),
        unknown.log_in("nobody", "not her word at all"),
    ]
    assert [answer.status for answer in told] == [403, 403]
    words = [answer.text.split("<form")[0] for answer in told]
    assert words[0] == words[1]
    assert not is_right(None, PASSWORD)
    for _ in range(MOST_OF_ACCOUNT):
        desk_logins.enter(site.db, [account("nobody")], clock.now())
    assert unknown.log_in("nobody", "x").status == 429


def test_a_login_form_is_made_for_one_browser(site: Site) -> None:
    mine, theirs = site.worker(), site.worker()
    form = theirs.form("/desk/login")
    mine.get("/desk/login")
    fields = {"name": "olga", "password": PASSWORD}
    assert mine.post("/desk/login", fields | {"form": form}).status == 403
    assert mine.post("/desk/login", fields).status == 403
    assert site.worker().post("/desk/login", fields | {"form": form}).status == 403
    own = mine.form("/desk/login")
    assert mine.post("/desk/login", fields | {"form": own}, Origin="https://evil.example").status == 403
    assert mine.post("/desk/login", fields | {"form": own}, Sec_Fetch_Site="cross-site").status == 403
    assert mine.post("/desk/login", fields | {"form": own, "x": "y" * 500_000}).status == 413
    assert mine.post("/desk/login", fields | {"form": own}).status == 303


def test_sessions_end_by_themselves(site: Site) -> None:
    idle, long = site.worker("olga"), site.worker("ed")
    now = clock.now()
    with site.db.session() as session:
        session.execute(update(DeskSessionRow).values(seen_at=now - timedelta(minutes=61)))
    assert idle.get("/desk/me").status == 303
    with site.db.session() as session:
        session.execute(
            update(DeskSessionRow).values(seen_at=now, since=now - timedelta(hours=12, minutes=1))
        )
    assert long.get("/desk/me").status == 303


def test_another_password_or_role_ends_the_sessions_of_that_user(site: Site) -> None:
    first, second = site.worker("olga"), site.worker("olga")
    new = "nine herons by the lock"
    wrong = first.act("/desk/me", "/desk/me/password", old="x", new=new, again=new)
    assert (wrong.status, "old password is another" in wrong.text) == (400, True)
    short = first.act("/desk/me", "/desk/me/password", old=PASSWORD, new="short", again="short")
    assert (short.status, "12 to 200 characters" in short.text) == (400, True)
    differs = first.act("/desk/me", "/desk/me/password", old=PASSWORD, new=new, again="x")
    assert differs.status == 400
    assert first.act("/desk/me", "/desk/me/password", old=PASSWORD, new=new, again=new).status == 303
    assert [worker.get("/desk/me").status for worker in (first, second)] == [303, 303]
    assert site.worker().log_in("olga").status == 403
    assert site.worker("olga", new).get("/desk/log").status == 200
    ed = site.worker("ed")
    desk_users.set_role(site.db, "ed", Role.VIEWER)
    assert ed.get("/desk/me").status == 303


def test_a_form_is_taken_once_and_from_its_own_session_only(site: Site) -> None:
    olga, ed = site.worker("olga"), site.worker("ed")
    fields = {"old": "wrong", "new": "a", "again": "a"}
    form = olga.form("/desk/me")
    assert ed.post("/desk/me/password", fields | {"form": form}).status == 403
    assert olga.post("/desk/me/password", fields).status == 403
    assert olga.post("/desk/me/password", fields | {"form": form[:-1] + "0"}).status in {400, 403}
    assert olga.post("/desk/me/password", fields | {"form": form}).status in {400, 409}
    replayed = olga.post("/desk/me/password", fields | {"form": form})
    assert (replayed.status, "second time" in replayed.text) == (409, True)
    fresh = {"form": olga.form("/desk/me")}
    assert olga.post("/desk/me/password", fields | fresh, Origin="https://evil.example").status == 403
    assert olga.post("/desk/me/password", fields | fresh, Origin="null").status == 403
    assert olga.get("/desk/logout").status == 405


def test_each_role_sees_what_it_may(site: Site) -> None:
    for name, status in (("vera", 403), ("ed", 403), ("olga", 200)):
        worker = site.worker(name)
        for path in ("/desk/log", "/desk/people"):
            answer = worker.get(path)
            assert answer.status == status, (name, path)
            assert (status == 200) or ("needs the right “audit”" in answer.text)
        assert worker.get("/desk/me").status == 200


def test_nobody_keeps_frames_or_finds_a_page_of_the_desk(site: Site) -> None:
    olga = site.worker("olga")
    for path in ("/desk/me", "/desk/log", "/desk/nowhere", "/desk/login"):
        headers = olga.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert "etag" not in headers
        assert "last-modified" not in headers
        assert headers["x-robots-tag"] == "noindex, nofollow"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "desk" not in olga.get("/").headers.get("set-cookie", "")
    assert olga.get("/").headers["cache-control"] != "no-store"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/desk//evil.example", "/desk/../x", "/x", "", "/desk/\\evil",
     "/desk/login", "/desk/a\nb", "javascript:alert(1)", "/desk/@evil.example"],
)  # fmt: skip
def test_a_login_leads_nowhere_else(path: str) -> None:
    assert _wanted(path) == "/desk/"


def test_a_login_leads_to_the_page_that_was_asked_for() -> None:
    assert _wanted("/desk/outlets?sort=name&page=2") == "/desk/outlets?sort=name&page=2"


@pytest.mark.parametrize("password", ["short", "a" * 20, "olga-likes-boats", "x" * 201])
def test_a_password_that_can_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(DeskError, match="password"):
        check("olga", password)
