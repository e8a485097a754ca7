"""What readers on slow phones wait for: the first paint and the blocking time of pages, in Chromium.

    python benchmarks/paint.py http://127.0.0.1:8000/ http://127.0.0.1:8000/search?q=harbour

Each page of a running site is loaded by `--loads` fresh browser contexts (no cache), the processor slowed
down four times, at the width of a phone and of a desktop. Printed are medians: first contentful paint in
milliseconds, total blocking time (what tasks take beyond 50 ms), layout shift, requests and bytes as they
travelled.
"""

import argparse
import statistics
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
WIDTHS: Final = (360, 1440)
SLOWER: Final = 4
_OBSERVE: Final = """
window.seen = {blocked: 0, shift: 0};
const watch = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each))
    .observe({type, buffered: true});
watch('longtask', task => seen.blocked += Math.max(0, task.duration - 50));
watch('layout-shift', shift => seen.shift += shift.value);
"""
_SEEN: Final = """() => {
    const loaded = ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type));
    return {
        paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
        ...window.seen,
        requests: loaded.length,
        bytes: loaded.reduce((sum, each) => sum + each.transferSize, 0),
    };
}"""


def load(browser: Browser, url: str, width: int) -> dict[str, Any]:
    """What one load of a page told."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(_OBSERVE)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(url, wait_until="load")
        page.wait_for_timeout(300)
        found: dict[str, Any] = page.evaluate(_SEEN)
        return found
    finally:
        context.close()


def main() -> None:
    """Load all pages and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="+", metavar="URL", help="pages of a running site")
    parser.add_argument("--loads", type=int, default=5, help="loads of each page at each width")
    arguments = parser.parse_args()
    print("| page | width | first paint, ms | blocked, ms | shift | requests | bytes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for url in arguments.urls:
            for width in WIDTHS:
                loads = [load(browser, url, width) for _ in range(arguments.loads)]
                middle = {name: statistics.median(each[name] for each in loads) for name in loads[0]}
                cells = (middle["paint"], middle["blocked"], middle["shift"], middle["requests"])
                print(
                    "| {} | {} | {:.0f} | {:.0f} | {:.4f} | {:.0f} | {:,.0f} |".format(
                        url, width, *cells, middle["bytes"]
                    )
                )
        browser.close()


if __name__ == "__main__":
    main()
