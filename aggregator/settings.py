"""Scrapy's settings: short, because the add-on reads ours and wires everything.

Scrapy reads this first of all, so it is also where loading is made quick. The collector of garbage rests
until the crawl opens (``spiders.extensions``), since what is imported stays, and looking it through took a
fifth of the time. The one module of Scrapy's that looks through every module there is comes while there are
few.
"""

import gc

gc.disable()

import scrapy.core.downloader.contextfactory  # noqa: E402, F401 - see above

BOT_NAME = "aggregator"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
ADDONS = {"spiders.addon.AggregatorAddon": 100}
