"""What is done at the desk: outlets, cards, review, takedowns, by people and by programs."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from console.desks import Site, Worker, add_users, desk_over
from published import CARDS, article, store
from store.samples import NOON

from aggregator import archive, clock, outlets, passwords
from aggregator.config import UpkeepSettings
from aggregator.model.crawl import PageArticle
from aggregator.model.desk import Action, Scope, Token
from aggregator.model.outlet import Interval, Outlet, Rights, RightsMode, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.model.slip import Slip, SlipKind
from aggregator.outlets.edit import with_paused
from aggregator.publishing import publish
from aggregator.store import articles, audit, crawls, decisions, desk_tokens, editions, slips
from aggregator.store import outlets as stored_outlets
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database

HOSTILE = """<html><head><title>The ferry</title><script>parent.document.title = "taken"</script>
<meta http-equiv="refresh" content="0;url=https://evil.example">
<link rel="stylesheet" href="https://evil.example/a.css">
</head><body onload="alert(1)"><h1>The ferry stays</h1>
<p style="background:url(https://evil.example/b)">At the pier.</p>
<img src="https://evil.example/p.gif" onerror="alert(1)"><iframe src="https://evil.example"></iframe>
<form action="https://evil.example"><input name="password"></form><a href="javascript:alert(1)">click</a>
<svg><script>alert(1)</script></svg><style>@import "https://evil.example/c.css";</style></body></html>"""
MISSING = (
    *("/desk/outlets/none", "/desk/review/99", "/desk/article/99", "/desk/jobs/7", "/desk/original/2"),
    *("/desk/outlets/..%2fx", "/desk/article/99999999999999999999999", "/desk/outlets/harbour/versions/7"),
)
HARM = (
    *("script", "evil.example", "onload", "onerror", "<iframe", "<form", "<input", "javascript:", "<img"),
    *("<svg", "<meta http", "<link", "@import", "style="),
)
BY_HAND = Outlet(
    "harbour",
    "The Harbour",
    "https://harbour.example/",
    "en",
    "IE",
    (Seed(SeedKind.FEED, "https://harbour.example/feed.xml"),),
    rights=Rights(RightsMode.FULL, licence="CC0-1.0", automatic=False),
)


@pytest.fixture
def work(tmp_path: Path, migrated_sqlite: bytes) -> Iterator[Site]:
    """A desk with two outlets, one of them by hand, with three articles that wait; one page is kept."""
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    add_users(db)
    for card in (BY_HAND, CARDS[2]):
        outlets.write(card, tmp_path / "outlets")
    stored_outlets.sync(db, [BY_HAND, CARDS[2]])
    first = article("harbour", 1, "The ferry stays at the pier")
    entry = Entry(first.url, BY_HAND.seeds[0])
    headers = (("content-type", "text/html"),)
    page = FetchedPage("harbour", entry, first.url, 200, headers, None, HOSTILE.encode(), NOON)
    with archive.PageArchive(tmp_path / "pages") as keeper:
        ref = keeper.write(page)
    articles.save(db, None, [PageArticle(entry, first, 200, archived=ref)])
    store(db, article("harbour", 2, "The tide is late"), article("harbour", 3, "A gull was seen"))
    with desk_over(db, tmp_path) as site:
        publish(db, {"harbour": BY_HAND}, site.settings, clock.now())
        yield site
    db.close()


def log(site: Site) -> list[Action]:
    return [one.action for one in audit.entries(site.db, limit=50)]


def card_of(site: Site, slug: str = "harbour") -> str:
    return (site.settings.path(site.settings.outlets) / f"{slug}.toml").read_text(encoding="utf-8")


def test_every_page_answers_and_viewers_see_no_button(work: Site) -> None:
    pages = [
        "/desk/", "/desk/outlets", "/desk/outlets?sort=last&down=1&q=kur&state=good", "/desk/outlets/harbour",
        "/desk/schedule", "/desk/review", "/desk/review/1", "/desk/article/1", "/desk/takedowns", "/desk/me",
    ]  # fmt: skip
    vera, olga = work.worker("vera"), work.worker("olga")
    for path in pages:
        told = vera.get(path)
        assert told.status == 200, path
        buttons = told.text.count("<button") - told.text.count("Log out") - told.text.count(">Show<")
        assert buttons == 0 or path == "/desk/me", path
        assert olga.get(path).status == 200, path
    assert olga.get("/desk/outlets?page=99999&sort=none").status == 200
    for path in MISSING:
        assert olga.get(path).status == 404, path
    found = olga.get("/desk/article?q=https://harbour.example/2")
    assert found.headers["location"] == "/desk/article/2"


def test_nobody_acts_beyond_their_role(work: Site) -> None:
    before = card_of(work)
    for name in ("vera", "ed"):
        worker = work.worker(name)
        for path, fields in (
            ("/desk/outlets", {"outlet": "harbour", "do": "pause"}),
            ("/desk/outlets/harbour", {"do": "crawl"}),
            ("/desk/outlets/harbour/card", {"do": "save", "text": "x", "opened": ""}),
            ("/desk/outlets/new", {"address": "https://a.example"}),
            ("/desk/takedowns", {"article": "https://harbour.example/1", "reason": "x"}),
            ("/desk/alarms/1", {"do": "resolve"}),
        ):
            assert worker.act("/desk/me", path, **fields).status == 403, (name, path)
    assert work.worker("vera").act("/desk/me", "/desk/review/1", do="approve").status == 403
    assert work.worker("vera").act("/desk/me", "/desk/publish").status == 403
    assert card_of(work) == before
    assert {action.action for action in log(work)} == {"logged in"}


def test_outlets_are_paused_and_resumed_in_their_files_and_noted(work: Site) -> None:
    olga = work.worker("olga")
    before = card_of(work)
    answer = olga.act("/desk/outlets", "/desk/outlets", outlet=["harbour", "kurier", "none"], do="pause")
    assert answer.headers["location"] == "/desk/outlets"
    assert "paused = true" in card_of(work)
    assert "paused = true" in card_of(work, "kurier")
    assert outlets.read(work.settings.path(work.settings.outlets) / "harbour.toml").paused
    assert ">paused<" in olga.get("/desk/outlets").text
    olga.act("/desk/outlets/harbour", "/desk/outlets/harbour", do="resume")
    assert not outlets.read(work.settings.path(work.settings.outlets) / "harbour.toml").paused
    assert [(one.action, one.before, one.after) for one in log(work)[:2]] == [
        ("outlet resumed", "paused", "not paused"),
        ("outlet paused", "not paused", "paused"),
    ]
    page = olga.get("/desk/outlets/harbour").text
    versions = [line.split('"')[0] for line in page.split('name="version" value="')[1:]]
    undone = olga.act(
        "/desk/outlets/harbour", "/desk/outlets/harbour/undo", version=versions[-1],
        opened=page.split('name="opened" value="')[1].split('"')[0],
    )  # fmt: skip
    assert undone.status == 303
    assert card_of(work) == before
    assert olga.act("/desk/outlets", "/desk/outlets", do="pause").status == 400


def test_schedule_of_several_outlets_is_changed_in_their_files_all_or_none(work: Site) -> None:
    olga, before = work.worker("olga"), card_of(work)
    chosen = {"outlet": ["harbour", "kurier"], "do": "schedule"}
    wrong = olga.act("/desk/outlets", "/desk/outlets", **chosen, kind="cron", value="0 6 * *")
    assert wrong.status == 400
    assert "Nothing was changed" in wrong.text
    assert card_of(work) == before
    assert olga.act("/desk/outlets", "/desk/outlets", **chosen, kind="every", value="30").status == 303
    for slug in ("harbour", "kurier"):
        card = outlets.read(work.settings.path(work.settings.outlets) / f"{slug}.toml")
        assert card.schedule == Interval(30)
    assert log(work)[0].action == "schedule changed"
    assert log(work)[0].after == "every 30 min"
    assert "schedule" in olga.get("/desk/outlets/harbour").text


def test_schedule_shows_what_was_missed_and_what_made_up_for_it(work: Site) -> None:
    olga, now = work.worker("olga"), clock.now()
    page = olga.get("/desk/schedule").text
    assert "began when it was due" in page
    assert "No backup and no pruning by schedule" in page
    slips.note(work.db, [Slip("harbour", SlipKind.MISSED, now - timedelta(hours=5), now, 3)])
    page = olga.get("/desk/schedule").text
    assert "no scheduler ran" in page
    assert "not yet" in page
    run = crawls.start_run(work.db, ["harbour"], os.getpid())
    assert f"run {run}</td>" in olga.get("/desk/schedule").text


def test_schedule_shows_backups_and_pruning_if_the_settings_ask_for_them(
    tmp_path: Path, migrated_sqlite: bytes
) -> None:
    (tmp_path / "desk.sqlite3").write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    add_users(db)
    rules = UpkeepSettings(backup_folder=tmp_path / "backups", prune_history_days=400)
    with desk_over(db, tmp_path, upkeep=rules) as asking:
        page = asking.worker("vera").get("/desk/schedule").text
    db.close()
    assert "history older than 400 days goes" in page
    assert "none by schedule yet" in page


def test_a_pause_leaves_the_rest_of_a_card_as_a_person_wrote_it() -> None:
    text = '# by hand\nname = "A" # so\ncountry = "IE"\n\n[[seeds]] # one\nkind = "feed"\n'
    paused = with_paused(text, paused=True)
    assert paused.replace("paused = true\n", "") == text
    assert with_paused(paused, paused=False).count("paused = false") == 1
    assert with_paused(text, paused=False) == text


def edit(worker: Worker, text: str, opened: str, do: str = "save") -> tuple[int, str]:
    answer = worker.act("/desk/me", "/desk/outlets/harbour/card", text=text, opened=opened, do=do)
    return answer.status, answer.text


def opened_by(worker: Worker) -> str:
    return worker.get("/desk/outlets/harbour/card").text.split('name="opened" value="')[1].split('"')[0]


def test_of_two_who_edit_one_card_the_second_is_told_and_sees_the_difference(work: Site) -> None:
    first, second = work.worker("olga"), work.worker("olga")
    text = card_of(work)
    marks = opened_by(first), opened_by(second)
    mine = text.replace("The Harbour", "The Harbour Post")
    theirs = text.replace("The Harbour", "Harbour Daily")
    assert edit(first, mine, marks[0])[0] == 303
    assert card_of(work) == mine
    status, page = edit(second, theirs, marks[1])
    assert status == 409
    assert "Somebody else" in page or "not any more as you opened it" in page
    for words in ("Harbour Post", "Harbour Daily"):
        assert words in page
    assert card_of(work) == mine
    again = page.split('name="opened" value="')[1].split('"')[0]
    assert edit(second, theirs, again)[0] == 303
    assert card_of(work) == theirs
    assert edit(first, mine, marks[0])[0] == 409
    names = [one.action for one in log(work) if one.action == "card edited"]
    assert len(names) == 4
    assert sum(one.outcome.value == "failed" for one in log(work)) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("full", "everything"), "rights.mode"),
        (('language = "en"', "language = "), "valid TOML"),
        (('country = "IE"', 'country = "IE"\n[rules]\npage_class = "/etc/passwd.py"'), "page_class"),
        (
            ('country = "IE"', 'country = "IE"\n[politeness]\nallow_addresses = ["169.254.169.254/32"]'),
            "opens private networks",
        ),
    ],
)
def test_a_wrong_card_is_told_and_never_written(work: Site, change: tuple[str, str], words: str) -> None:
    olga, before = work.worker("olga"), card_of(work)
    wrong = before.replace(*change)
    if "politeness" in change[1] or "rules" in change[1]:
        # Tables stand behind the card's own keys.
        extra = change[1].partition("\n")[2]
        wrong = f"{before}\n{extra}\n"
    for do in ("save", "check", "preview"):
        status, page = edit(olga, wrong, opened_by(olga), do)
        assert (status, words in page) == (400, True), (do, page[-3000:])
    assert card_of(work) == before


def test_a_good_card_is_checked_with_what_changes(work: Site) -> None:
    olga = work.worker("olga")
    status, page = edit(olga, card_of(work).replace("The Harbour", "Harbour <b>"), opened_by(olga), "check")
    assert status == 200
    assert "It is not written yet" in page
    assert "Harbour &lt;b&gt;" in page


def test_the_queue_is_read_approved_refused_and_taken_back(work: Site) -> None:
    ed = work.worker("ed")
    assert "The ferry stays at the pier" in ed.get("/desk/review").text
    answer = ed.act("/desk/review/1", "/desk/review/1", do="approve", revision="1")
    assert answer.headers["location"] == "/desk/review/2"
    assert ed.act("/desk/review/2", "/desk/review/2", do="refuse", reason=" ", revision="1").status == 400
    answer = ed.act("/desk/review/2", "/desk/review/2", do="refuse", reason="a  hoax", revision="1")
    assert answer.headers["location"] == "/desk/review/3"
    states = {number: one.standing for number, one in decisions.of(work.db, [1, 2, 3]).items()}
    assert states == {1: Standing.APPROVED, 2: Standing.REFUSED, 3: Standing.IN_REVIEW}
    assert ed.act("/desk/review/2", "/desk/review/2", do="undo").headers["location"] == "/desk/review/2"
    assert decisions.of(work.db, [2])[2].standing is Standing.IN_REVIEW
    stale = ed.act("/desk/review/3", "/desk/review/3", do="approve", revision="7")
    assert (stale.status, "has a new text" in stale.text) == (409, True)
    assert ed.act("/desk/schedule", "/desk/publish").status == 303
    out = editions.by_article(work.db, 1)
    assert out is not None
    assert ed.act("/desk/review/1", "/desk/review/1", do="undo").status == 409
    assert [one.after for one in log(work) if one.action == "article refused"] == ["refused: a hoax"]
    assert "edition 1: 1 published" in str([one.after for one in log(work) if one.action == "edition closed"])


def test_the_kept_page_is_shown_without_anything_that_acts(work: Site) -> None:
    vera = work.worker("vera")
    page = vera.get("/desk/review/1").text
    assert 'sandbox referrerpolicy="no-referrer"' in page
    shown = vera.get("/desk/original/1")
    assert shown.status == 200
    assert "The ferry stays" in shown.text
    assert "At the pier." in shown.text
    for harm in HARM:
        assert harm not in shown.text.lower(), harm
    policy = shown.headers["content-security-policy"]
    assert policy.endswith("; sandbox")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert shown.headers["cache-control"] == "no-store"
    assert work.worker().get("/desk/original/1").status == 303


def test_an_article_is_taken_down_and_back_and_requests_are_answered(work: Site) -> None:
    olga = work.worker("olga")
    no_words = olga.act("/desk/takedowns", "/desk/takedowns", article="https://harbour.example/1", reason="")
    assert no_words.status == 400
    none = olga.act("/desk/takedowns", "/desk/takedowns", article="https://harbour.example/77", reason="x")
    assert (none.status, "no article with this URL" in none.text) == (400, True)
    fields = {"article": "https://harbour.example/3", "reason": "asked by the outlet"}
    assert olga.act("/desk/article/3", "/desk/takedowns", **fields).status == 303
    assert olga.act("/desk/takedowns", "/desk/takedowns", **fields).status == 400
    assert "asked by the outlet" in olga.get("/desk/takedowns").text
    assert olga.act("/desk/takedowns", "/desk/takedowns/1/undo").status == 303
    assert olga.act("/desk/takedowns", "/desk/takedowns/1/undo").status == 400
    reader = work.worker()
    wish = {
        "address": "https://harbour.example/2",
        "contact": "zoe@tide.example",
        "reason": "mine",
        "name": "Zoë",
    }
    assert reader.post("/takedown", wish).status == 200
    assert "zoe@tide.example" in olga.get("/desk/takedowns").text
    assert "zoe@tide.example" not in work.worker("vera").get("/desk/takedowns").text
    assert olga.act("/desk/takedowns", "/desk/requests/1", do="grant", reason="granted").status == 303
    actions = [(one.action, one.outcome.value) for one in log(work) if "log" not in one.action]
    assert actions[:2] == [("request granted", "done"), ("takedown undone", "failed")]


def token(site: Site, *scopes: Scope) -> str:
    secret = passwords.secret()
    name = "-".join(["t", *sorted(scopes)])
    desk_tokens.add(site.db, Token(0, name, frozenset(scopes), clock.now(), "olga"), passwords.digest(secret))
    return secret


def call(
    site: Site, secret: str, method: str, path: str, body: object = None
) -> tuple[int, dict[str, object]]:
    sent = json.dumps(body).encode() if body is not None else None
    answer = Worker(site.port).ask(method, f"/desk/api/{path}", sent, authorization=f"Bearer {secret}")
    return answer.status, json.loads(answer.body)


def test_a_program_does_what_its_token_allows_and_nothing_else(work: Site) -> None:
    reading, acting = token(work, Scope.READ), token(work, Scope.OUTLETS, Scope.REVIEW)
    status, told = call(work, reading, "GET", "overview")
    assert (status, told["waiting"]["in review"]) == (200, 3)  # type: ignore[index]
    assert call(work, reading, "GET", "outlets")[1][0]["slug"] == "harbour"  # type: ignore[index]
    status, problem = call(work, reading, "POST", "outlets/harbour/pause")
    assert (status, "needs the right “outlets”" in str(problem["detail"])) == (403, True)
    assert call(work, acting, "GET", "outlets")[0] == 403
    assert call(work, reading, "GET", "log")[0] == 403
    assert "paused" not in card_of(work)
    assert call(work, acting, "POST", "outlets/harbour/pause")[1] == {"slug": "harbour", "paused": True}
    assert "paused = true" in card_of(work)
    assert call(work, acting, "POST", "outlets/none/pause")[0] == 404
    assert call(work, acting, "POST", "outlets/harbour/sell")[0] == 404
    assert call(work, acting, "POST", "review/1/approve", {"revision": "1"})[1]["state"] == "approved"
    assert call(work, acting, "POST", "review/2/refuse", {})[0] == 400
    assert call(work, acting, "POST", "review/2/refuse", [])[0] == 400
    assert call(work, acting, "POST", "review/2/refuse", {"reason": "a hoax"})[1]["state"] == "refused"
    assert {one.who for one in log(work)} == {"token:t-outlets-review"}


def test_no_cookie_opens_the_door_for_programs_and_no_bad_token(work: Site) -> None:
    olga = work.worker("olga")
    for path in ("overview", "outlets", "log"):
        answer = olga.get(f"/desk/api/{path}")
        assert answer.status == 401
        assert answer.headers["content-type"] == "application/json"
    assert olga.ask("POST", "/desk/api/outlets/harbour/pause").status == 401
    secret = token(work, Scope.READ)
    assert call(work, secret, "GET", "overview")[0] == 200
    assert Worker(work.port).get("/desk/", authorization=f"Bearer {secret}").status == 303
    desk_tokens.revoke(work.db, "t-read", clock.now())
    for wrong in (secret, "", "x", secret[:-1]):
        assert call(work, wrong, "GET", "overview")[0] == 401
    assert "paused" not in card_of(work)
