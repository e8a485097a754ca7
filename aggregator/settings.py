"""Scrapy's settings: short, because the add-on reads ours and wires everything."""

BOT_NAME = "aggregator"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
ADDONS = {"spiders.addon.AggregatorAddon": 100}
