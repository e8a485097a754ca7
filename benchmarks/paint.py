"""What readers on slow phones wait for: the first paint and the blocking time of pages, in Chromium.

    python benchmarks/paint.py http://127.0.0.1:8000/ http://127.0.0.1:8000/search?q=harbour

Each page of a running site is loaded ``--loads`` times with nothing in the cache, each time in a new tab of a
browser that stands open, the processor slowed down four times, at the width of a phone and of a desktop, and
so is a page of one word beside them: what it takes is the browser's and the machine's, not ours. Printed are
medians: first contentful paint in milliseconds, layout shift, requests, bytes as they travelled. On a machine
with other work the clock tells little; so one more round of loads, not slowed down, is traced. Printed of it
are: the first paint as Lighthouse simulates it, whose processor is not slowed down either (the clock's, and
three times more what the tasks of the page's thread lasted until then; median); and of the best load what the
page's own thread computes until the first paint, and the blocking time (what tasks after the first paint take
beyond 50 ms), both times four.
"""

import argparse
import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
WIDTHS: Final = (360, 1440)
SLOWER: Final = 4
COLUMNS: Final = (
    "paint, ms",
    "simulated, ms",
    "computed, ms",
    "blocked, ms",
    "shift",
    "requests",
    "bytes",
)
LONG_MS: Final = 50
"""A task that takes longer keeps a reader waiting (https://web.dev/articles/tbt)."""

SETTLED_MS: Final = 150
"""Looked on for so long after the first paint: pictures that come then are put in their places."""

OPENED_MS: Final = 3000
"""A window that opens loads some forty scripts of the browser's own (the suggestions under its address bar),
on other cores if there are any. A reader's window has long done so; here it takes two seconds."""

READY_MS: Final = 500
"""A new tab's process starts within this."""

EMPTY: Final = "data:text/html,<!doctype html><html lang=en><title>Empty</title><p>Empty"
USUAL_MS: Final = 320
"""What ``cost`` computes for ``_WORK`` on the machine whose figures the limits are (idle, best of ten)."""

USUAL_EMPTY_MS: Final = 180
"""When ``EMPTY`` is painted there by the clock, the processor slowed down (median of seven)."""

_WORK: Final = (
    "data:text/html,<!doctype html><html lang=en><title>Work</title>"
    "<style>p{margin:1em;border:1px solid}p:nth-child(odd){columns:2}a:hover{color:red}</style>"
    + "".join(
        f"<p><a href='/{number}'>Report {number}</a> <b>The harbour master</b> said that no boat had left "
        "the outer basin since the gale, and that none would before the tide tables are printed."
        for number in range(250)
    )
)
"""A page that is always the same work: parsing, style, layout and paint of text."""

_TRACED: Final = ("toplevel", "loading", "blink.user_timing", "devtools.timeline")
_OBSERVE: Final = """
window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => window.shift += each.value))
    .observe({type: 'layout-shift', buffered: true});
"""
_PAINTED: Final = """() => new Promise(done => {
    const look = () =>
        performance.getEntriesByName('first-contentful-paint').length ? done() : setTimeout(look, 20);
    look();
})"""
_SEEN: Final = """() => {
    const loaded = ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type));
    return {
        paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
        shift: window.shift,
        requests: loaded.length,
        bytes: loaded.reduce((sum, each) => sum + each.transferSize, 0),
    };
}"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one load of a page cost, in milliseconds.

    ``computed`` and ``blocked`` are times of the processor on the page's own thread, as if it were
    ``SLOWER`` times slower: all until the first contentful paint, and of each later task what it takes beyond
    ``LONG_MS``. ``simulated`` is that paint's time by the clock, with the tasks before it that much longer.
    """

    computed: float
    blocked: float
    simulated: float


@contextmanager
def window(browser: Browser, width: int) -> Iterator[BrowserContext]:
    """A window that stands open, for ``cost`` and ``load``; its cookies and cache are nobody else's."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        context.new_page().wait_for_timeout(OPENED_MS)
        yield context
    finally:
        context.close()


@contextmanager
def _tab(context: BrowserContext) -> Iterator[Page]:
    """A tab that is ready to be sent somewhere, and a cache with nothing in it."""
    page = context.new_page()
    try:
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.wait_for_timeout(READY_MS)
        yield page
    finally:
        page.close()


def cost(context: BrowserContext, url: str) -> Cost:
    """What a page costs a new tab, by a trace. Other work on the machine hardly shows in it."""
    browser = cast("Browser", context.browser)
    with _tab(context) as page:
        told = context.new_cdp_session(page)
        names: list[str] = []
        told.on("Page.lifecycleEvent", lambda event: names.append(event["name"]))
        told.send("Page.enable")
        told.send("Page.setLifecycleEventsEnabled", {"enabled": True})
        browser.start_tracing(page=page, categories=list(_TRACED))
        names.clear()
        page.goto(url, wait_until="load")
        # What a script asks the page would be counted as the page's own work.
        while "firstContentfulPaint" not in names:
            page.wait_for_timeout(SETTLED_MS)
        page.wait_for_timeout(SETTLED_MS)
        told.send("Runtime.evaluate", {"expression": "0"})  # answered when what is under way has ended
        events = json.loads(browser.stop_tracing())["traceEvents"]
    return _cost_of(events)


def _cost_of(events: list[dict[str, Any]]) -> Cost:
    painted = max((each for each in events if each["name"] == "firstContentfulPaint"), key=_moment)
    thread = painted["pid"], painted["tid"]
    mine = [each for each in events if (each["pid"], each["tid"]) == thread]
    began, end = _began(mine, painted), _moment(painted)
    tasks = [
        each for each in mine if each["name"] == "ThreadControllerImpl::RunTask" and _moment(each) >= began
    ]
    before = [each for each in tasks if _moment(each) <= end]
    after = [each.get("tdur", 0) / 1000 * SLOWER for each in tasks if _moment(each) > end]
    lasted = sum(min(each.get("dur", 0), end - _moment(each)) for each in before) / 1000
    return Cost(
        computed=sum(each.get("tdur", 0) for each in before) / 1000 * SLOWER,
        blocked=sum(max(0.0, took - LONG_MS) for took in after),
        simulated=(end - began) / 1000 + lasted * (SLOWER - 1),
    )


def slowness(context: BrowserContext) -> float:
    """How many times longer than usual this machine computes now; at least 1."""
    return max(1.0, min(cost(context, _WORK).computed for _ in range(5)) / USUAL_MS)


def delay(context: BrowserContext) -> float:
    """How many times later than usual a page of one word is painted by the clock now; at least 1."""
    return max(1.0, statistics.median(load(context, EMPTY)["paint"] for _ in range(3)) / USUAL_EMPTY_MS)


def _began(mine: list[dict[str, Any]], painted: dict[str, Any]) -> float:
    """When the way to the page that was painted began: a picture in SVG is a document of the thread, too."""
    return next(
        _moment(each)
        for each in mine
        if each["name"] == "navigationStart"
        and each["args"]["data"]["navigationId"] == painted["args"]["data"]["navigationId"]
    )


def _moment(event: dict[str, Any]) -> float:
    return float(event["ts"])


def load(context: BrowserContext, url: str) -> dict[str, Any]:
    """What one load of a page in a new tab told by the clock, the processor slowed down."""
    with _tab(context) as page:
        page.add_init_script(_OBSERVE)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(url, wait_until="load")
        page.evaluate(_PAINTED)
        found: dict[str, Any] = page.evaluate(_SEEN)
        return found


def measure(browser: Browser, urls: list[str], width: int, loads: int) -> Iterator[str]:
    """A line of the table for each page, and for the empty one; loads of all of them take turns."""
    every = [EMPTY, *urls]
    clocked = {url: list[dict[str, Any]]() for url in every}
    traced = {url: list[Cost]() for url in every}
    with window(browser, width) as context:
        for url in every * loads:
            clocked[url].append(load(context, url))
            traced[url].append(cost(context, url))
    for url in every:
        middle = {name: statistics.median(each[name] for each in clocked[url]) for name in clocked[url][0]}
        best = min(traced[url], key=lambda each: each.computed + each.blocked)
        name = "(empty)" if url == EMPTY else url
        yield (
            f"| {name} | {width} | {middle['paint']:.0f} "
            f"| {statistics.median(each.simulated for each in traced[url]):.0f} "
            f"| {best.computed:.0f} | {best.blocked:.0f} "
            f"| {middle['shift']:.4f} | {middle['requests']:.0f} | {middle['bytes']:,.0f} |"
        )


def main() -> None:
    """Load all pages and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="+", metavar="URL", help="pages of a running site")
    parser.add_argument("--loads", type=int, default=5, help="loads of each page at each width")
    arguments = parser.parse_args()
    print(
        "| page | width | paint, ms | simulated, ms | computed, ms | blocked, ms | shift | requests | bytes |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width in WIDTHS:
            for line in measure(browser, arguments.urls, width, arguments.loads):
                print(line)
        browser.close()


if __name__ == "__main__":
    main()
