"""Bare Scrapy with trafilatura in the callback, as most people write it; one JSON line."""

import json
import os
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

URLS = json.loads((Path(os.environ["BENCH_HOME"]) / "urls.json").read_text(encoding="utf-8"))
ARTICLES = []


class Inline(scrapy.Spider):
    """Fetches each page and extracts it at once."""

    name = "inline"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for every page."""
        for url in URLS:
            yield scrapy.Request(url)

    def parse(self, response: Response) -> None:
        """Extract the page."""
        ARTICLES.append(
            trafilatura.extract(
                response.text,
                url=response.url,
                output_format="json",
                with_metadata=True,
                include_comments=False,
            )
        )


process = CrawlerProcess({"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "TELNETCONSOLE_ENABLED": False})
process.crawl(Inline)
process.start()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
sys.stdout.write(json.dumps({"pages": len(ARTICLES), "peak_bytes": peak}) + "\n")
