"""Our own crawl, as one JSON line."""

import json
import os
import sys
from pathlib import Path

# The package is found in the checkout that holds this file.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from aggregator import outlets  # noqa: E402 - found by the line above
from aggregator.config import CrawlSettings, Settings  # noqa: E402
from aggregator.crawling import crawl  # noqa: E402

home = Path(os.environ["BENCH_HOME"])
settings = Settings(
    database=f"sqlite:///{home}/bench.sqlite3",
    outlets=home / "outlets",
    pages=home / "pages",
    http_proxy=os.environ["http_proxy"],
    crawl=CrawlSettings(),
)
report = crawl(settings, list(outlets.load(home / "outlets")))
print(
    json.dumps(
        {
            "pages": sum(sum(reasons.values()) for reasons in report.counts.values()),
            "peak_bytes": report.usage.peak_bytes,
            "loop_blocked": report.usage.loop_blocked,
        }
    )
)
