"""A day at the desk in a real browser: an outlet is added, crawled, explained, reviewed, taken down."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib
import pytest
import tomlkit
from axe_playwright_python.sync_playwright import Axe
from browsing import RULES, WIDER, browser
from console.desks import PASSWORD, Site, add_users, desk_over
from console.gate import Gate, gate

from aggregator import clock, newsstand, project, watching
from aggregator.config import CrawlSettings
from aggregator.model.alarm import AlarmState
from aggregator.newsstand import content
from aggregator.schedule.cards import Cards
from aggregator.store import alarms, audit, editions
from aggregator.store.engine import Database

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]

WORK_MS = 90_000
EXPLAINED = ("How it came", "Seeds that were looked at", "warc.gz", "stayed", "waits for a person", "feed")


@dataclass(frozen=True)
class Day:
    """A desk with nothing on its shelf, and an outlet to crawl, behind a gate."""

    site: Site
    outlet: Gate


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Iterator[Day]:
    folder: Path = tmp_path_factory.mktemp("day")
    (folder / "desk.sqlite3").write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{folder / 'desk.sqlite3'}")
    add_users(db)
    ports = dict.fromkeys(content.read(project.demo_data()).outlets, 0)
    crawl = CrawlSettings(allow_addresses=("127.0.0.0/8",), processes=1)
    paths = {"database": f"sqlite:///{folder / 'desk.sqlite3'}", "pictures": folder / "pictures"}
    with (
        newsstand.start(folder / "stand", ports=ports) as stand,
        gate(stand.urls["harbour-post"]) as outlet,
        desk_over(db, folder, crawl=crawl, **paths) as site,
    ):
        yield Day(site, outlet)
    db.close()


def press(page: "sync_api.Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=False).first.click()


def follow(page: "sync_api.Page", name: str) -> None:
    page.get_by_role("link", name=name, exact=False).first.click()


def wait_for_link(page: "sync_api.Page", name: str) -> None:
    """The page of work under way looks again by itself until there is a way on."""
    link = page.get_by_role("link", name=name)
    link.first.wait_for(timeout=WORK_MS)
    link.first.click()


def log_in(page: "sync_api.Page", base: str) -> None:
    page.goto(f"{base}/desk")
    page.fill("#name", "olga")
    page.fill("#password", PASSWORD)
    press(page, "Log in")
    page.wait_for_url("**/desk/")


def edited(text: str) -> str:
    """A card that asks little of its outlet, and leaves each article to a person."""
    card = tomlkit.parse(text)
    card["politeness"] = {"delay_seconds": 0, "max_entries": 4, "allow_addresses": ["127.0.0.1/32"]}
    card["rights"] = {"mode": "full", "licence": "CC0-1.0", "automatic": False}
    return tomlkit.dumps(card)


def test_an_operator_works_through_a_day(day: Day, browser: "sync_api.Browser") -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    base = day.site.settings.site.base_url
    log_in(page, base)
    # An outlet by its address: what is discovered, checked, saved.
    follow(page, "Outlets")
    follow(page, "Add an outlet")
    page.fill("#address", day.outlet.base)
    press(page, "Look at it")
    wait_for_link(page, "See what was found")
    assert "Found" in page.locator("main").inner_text()
    slug = page.locator("#slug").input_value()
    page.fill("#text", edited(page.locator("#text").input_value()))
    press(page, "Check, and show")
    assert page.get_by_text("It is not written yet").is_visible()
    press(page, "Save")
    page.wait_for_url(f"**/desk/outlets/{slug}")
    page.keyboard.press("c")
    crawled(page)
    assert "stored" in page.locator("main").inner_text()
    follow(page, slug)
    explain(page)
    alarm(page, day, slug)
    preview(page, base, slug)
    take_in(page, base)
    # Paused, and that undone.
    page.goto(f"{base}/desk/outlets/{slug}")
    page.keyboard.press("p")
    page.get_by_text("paused", exact=True).first.wait_for()
    press(page, "Back to this")
    page.wait_for_url(f"**/desk/outlets/{slug}")
    assert page.get_by_role("button", name="Pause").is_visible()
    review(page, base)
    out = editions.front(day.site.db, limit=10).items
    assert len(out) == 1
    take_down(page, base, out[0].id)
    press(page, "Log out")
    page.wait_for_url("**/desk/login?out")
    page.goto(f"{base}/desk/outlets")
    assert "/desk/login" in page.url
    assert [each for each in said if "410" not in each] == []
    page.close()
    done = {one.action.action for one in audit.entries(day.site.db, limit=100)}
    assert done >= {
        *("logged in", "outlet looked at", "card added", "crawl begun", "outlet paused", "card undone"),
        *(
            "alarm seen",
            "list imported",
            "import undone",
            "edition closed",
            "article approved",
            "article refused",
            "taken down",
            "logged out",
        ),
    }


def crawled(page: "sync_api.Page") -> None:
    """A crawl, watched to its end."""
    page.wait_for_url("**/desk/jobs/*")
    page.get_by_text("What came of it").wait_for(timeout=WORK_MS)


def crawl_again(page: "sync_api.Page", slug: str) -> None:
    """The same, from the outlet's page."""
    page.goto(f"{page.url.partition('/desk')[0]}/desk/outlets/{slug}")
    press(page, "Crawl now")
    crawled(page)


def watched(day: Day) -> None:
    """What the scheduler's watch does every few minutes, now."""
    watching.check(day.site.db, day.site.settings, Cards(day.site.db, day.site.settings).outlets, clock.now())


def alarm(page: "sync_api.Page", day: Day, slug: str) -> None:
    """The outlet's robots.txt shuts us out: an alarm, with the last good article; it is over by itself."""
    overview = page.url.partition("/desk")[0] + "/desk/"
    page.goto(overview)
    assert page.get_by_text("No outlet is amiss").is_visible()
    day.outlet.robots = "User-agent: *\nDisallow: /\n"
    crawl_again(page, slug)
    watched(day)
    page.goto(overview)
    one = page.locator(".alarm")
    assert "robots" in one.locator("b").inner_text()
    assert "+ disallow: /" in one.inner_text()
    one.get_by_role("link", name="the last good article").click()
    page.wait_for_url("**/desk/article/*")
    assert [words for words in EXPLAINED[:4] if words not in page.locator("main").inner_text()] == []
    page.go_back()
    one.get_by_role("button", name="I have seen it").click()
    page.locator(".alarm.seen").wait_for()
    assert "seen by olga" in one.inner_text()
    day.outlet.robots = None
    crawl_again(page, slug)
    watched(day)
    page.goto(overview)
    assert page.get_by_text("No outlet is amiss").is_visible()
    last = alarms.listed(day.site.db, states=[AlarmState.RESOLVED])
    assert [(each.resolved_by, each.acknowledged_by) for each in last] == [(None, "olga")]


def explain(page: "sync_api.Page") -> None:
    """One of an outlet's pages, explained."""
    page.locator("#pages ~ .scroll a").first.click()
    page.wait_for_url("**/desk/article/*")
    told = page.locator("main").inner_text()
    assert [words for words in EXPLAINED if words not in told] == []


def preview(page: "sync_api.Page", base: str, slug: str) -> None:
    """A card by other rules, over what was kept: nothing is written."""
    page.goto(f"{base}/desk/outlets/{slug}/card")
    text = page.locator("#text").input_value()
    page.fill("#text", f'{text}\n[rules]\ncuts = ["p"]\n')
    press(page, "Preview over kept pages")
    wait_for_link(page, "See what came of it")
    assert "stale: 4 kept pages" in page.locator("main").inner_text()


def take_in(page: "sync_api.Page", base: str) -> None:
    """A list of outlets, imported and undone."""
    page.goto(f"{base}/desk/outlets")
    follow(page, "Lists, in and out")
    page.fill("#text", "https://tide.example/feed.xml\nnot an address")
    press(page, "Import")
    wait_for_link(page, "See what came of it")
    told = page.locator("main").inner_text()
    assert [words for words in ("https://tide.example/", "Line 2", "language") if words not in told] == []
    press(page, "Undo this import")
    page.wait_for_url("**/desk/lists")
    assert "undone" in page.locator("main").inner_text()


def review(page: "sync_api.Page", base: str) -> None:
    """Approve one article and refuse another with the keyboard alone, and publish."""
    page.goto(f"{base}/desk/review")
    press(page, "Close an edition now")
    page.wait_for_url("**/desk/schedule")
    page.goto(f"{base}/desk/review")
    page.keyboard.press("j")
    page.wait_for_url("**/desk/review/*")
    kept = page.frame_locator("iframe").locator("body")
    assert page.locator("h1").inner_text() in kept.inner_text()
    first = page.url
    page.keyboard.press("a")
    page.wait_for_url(lambda url: url != first)
    second = page.url
    page.keyboard.press("r")
    page.keyboard.type("a press release")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != second)
    page.goto(f"{base}/desk/schedule")
    press(page, "Close an edition now")
    page.wait_for_url("**/desk/schedule")


def take_down(page: "sync_api.Page", base: str, number: int) -> None:
    """Take an article down that is out, and see it gone."""
    page.goto(f"{base}/desk/takedowns")
    page.fill("#article", f"{base}/article/{number}")
    page.fill("#reason", "asked by the outlet")
    press(page, "Take it down")
    assert page.get_by_text("can be undone until").is_visible()
    answer = page.goto(f"{base}/article/{number}")
    assert answer is not None
    assert answer.status == 410
    page.goto(f"{base}/desk/")


PAGES = (
    *("/desk/", "/desk/outlets", "/desk/schedule", "/desk/review", "/desk/takedowns", "/desk/log"),
    *("/desk/people", "/desk/me", "/desk/outlets/new", "/desk/nowhere", "/desk/article/1", "/desk/review/2"),
    *("/desk/jobs/1", "/desk/jobs/2", "/desk/outlets/new/1", "/desk/tried/5", "/desk/lists", "/desk/lists/6"),
)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_everybody_can_work_at_every_page(
    day: Day, browser: "sync_api.Browser", width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    base = day.site.settings.site.base_url
    page.goto(f"{base}/desk/login")
    found = {"login": faults(page)}
    log_in(page, base)
    slugs = [path.stem for path in day.site.settings.outlets.glob("*.toml")]
    more = [f"/desk/outlets/{slug}{part}" for slug in slugs for part in ("", "/card", "/versions/1")]
    for path in (*PAGES, *more):
        page.goto(base + path)
        found[path] = faults(page)
        html5lib.HTMLParser(strict=True).parse(page.content())
    page.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def faults(page: "sync_api.Page") -> list[object]:
    """What axe finds, and what is wider than its place; tables may be scrolled within theirs."""
    told = Axe().run(page, options=RULES).response["violations"]
    wide = [each for each in page.evaluate(WIDER) if not {"scroll", "code-text"} & set(str(each[1]).split())]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in told] + wide


def test_the_desk_works_without_a_script(day: Day, browser: "sync_api.Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, day.site.settings.site.base_url)
    for name in ("Outlets", "Schedule", "Review", "Takedowns", "Log", "People"):
        page.locator("nav.desk-ways a", has_text=name).first.click()
        assert page.locator("h1").count() == 1
    press(page, "Log out")
    assert "out" in page.url
    context.close()
