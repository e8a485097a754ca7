"""Settings: defaults, then aggregator.toml, then AGGREGATOR_* in the environment."""

from aggregator.config.crawl import CrawlSettings
from aggregator.config.places import FILE_NAME, config_file, disk_of, home
from aggregator.config.publish import PublishSettings
from aggregator.config.reading import environment, load, settings
from aggregator.config.site import ApiSettings, DeskSettings, SiteSettings
from aggregator.config.telling import SECRET_CHARS, WebhookSettings, WebSubSettings
from aggregator.config.upkeep import UpkeepSettings
from aggregator.config.watch import SmtpSettings, WatchSettings
from aggregator.config.whole import Settings
from aggregator.dumpsettings import DumpSettings

__all__ = [
    "FILE_NAME",
    "SECRET_CHARS",
    "ApiSettings",
    "CrawlSettings",
    "DeskSettings",
    "DumpSettings",
    "PublishSettings",
    "Settings",
    "SiteSettings",
    "SmtpSettings",
    "UpkeepSettings",
    "WatchSettings",
    "WebSubSettings",
    "WebhookSettings",
    "config_file",
    "disk_of",
    "environment",
    "home",
    "load",
    "settings",
]
