"""The add-on: one place that wires spiders, middlewares, pipelines and our settings into Scrapy."""

import logging

from scrapy.settings import BaseSettings, Settings

from aggregator import logs
from aggregator.config import settings

PIPELINES = {
    "pipelines.keep.KeepPipeline": 100,
    "pipelines.extract.ExtractPipeline": 200,
    "pipelines.clean.CleanPipeline": 250,
    "pipelines.check.CheckPipeline": 300,
    "pipelines.dedupe.DedupePipeline": 400,
    "pipelines.store.StorePipeline": 500,
}


class AggregatorAddon:
    """Sets what this project needs, at the add-on's priority: the command line and the environment win."""

    @classmethod
    def update_pre_crawler_settings(cls, scrapy: BaseSettings) -> None:
        """Set what Scrapy reads before there is a crawler: logging."""
        scrapy.set("LOG_INSTALL_ROOT_HANDLER", False, "addon")

    def update_settings(self, scrapy: Settings) -> None:
        """Set the rest, and take the log from Scrapy, which has set it up by now."""
        logs.configure_child()
        # A download that fails is counted under its reason and told with its outlet; twice is noise.
        for name in ("scrapy.core.downloader", "scrapy.downloadermiddlewares"):
            logging.getLogger(name).setLevel(logging.ERROR)
        crawl = settings().crawl
        handler = "spiders.guard.GuardedDownloadHandler"
        for name, value in {
            "USER_AGENT": crawl.user_agent,
            "CONCURRENT_REQUESTS": crawl.concurrency,
            # Scrapy starts so many workers for each answer, and ours yield requests or a single item.
            "CONCURRENT_ITEMS": 2,
            "DOWNLOAD_MAXSIZE": crawl.max_page_bytes,
            "DOWNLOAD_WARNSIZE": 0,
            "DOWNLOAD_TIMEOUT": 25,
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            "DOWNLOAD_FAIL_ON_DATALOSS": True,
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "file": None, "ftp": None, "s3": None},
            "RETRY_TIMES": crawl.retries,
            "REDIRECT_MAX_TIMES": 6,
            "METAREFRESH_ENABLED": False,  # pages refresh themselves to consent walls and ads
            "COOKIES_ENABLED": False,  # nothing here logs in, and sessions would make us trackable
            "ROBOTSTXT_OBEY": False,  # our own middleware obeys more of RFC 9309
            "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,  # nobody but our parent steers a crawl
            "REFERRER_POLICY": "no-referrer",
            "STATS_DUMP": False,
            "DEPTH_STATS_VERBOSE": False,
            "DOWNLOADER_MIDDLEWARES": {
                "spiders.robots.RobotsMiddleware": 100,
                "spiders.tdmrep.TdmrepMiddleware": 110,
                "spiders.politeness.PolitenessMiddleware": 560,
            },
            "EXTENSIONS": {"spiders.extensions.CrawlReport": 10},
            "ITEM_PIPELINES": PIPELINES,
        }.items():
            scrapy.set(name, value, "addon")
