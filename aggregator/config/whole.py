"""All settings: defaults, then the settings file, then the environment."""

from pathlib import Path
from typing import Self

from pydantic import model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from aggregator.config.crawl import CrawlSettings
from aggregator.config.places import config_file, home
from aggregator.config.publish import PublishSettings
from aggregator.config.site import ApiSettings, DeskSettings, SiteSettings
from aggregator.config.telling import WebhookSettings, WebSubSettings
from aggregator.config.upkeep import UpkeepSettings
from aggregator.config.watch import SmtpSettings, WatchSettings
from aggregator.dumpsettings import DumpSettings

PREFIX = "AGGREGATOR_"
_NONE = "null"
_FILE = "sqlite:///"


class Settings(BaseSettings):
    """All settings; unknown keys are errors.

    Paths are relative to ``home()``. Environment: ``AGGREGATOR_DATABASE=…``, ``AGGREGATOR_SITE__PORT=…``.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_parse_none_str=_NONE,
        extra="forbid",
        frozen=True,
    )

    database: str = "sqlite:///data/aggregator.sqlite3"
    outlets: Path = Path("data/outlets")
    pages: Path = Path("data/pages")
    dumps: Path = Path("data/dumps")
    phrases: Path = Path("data/phrases")
    pictures: Path = Path("data/pictures")
    http_proxy: str | None = None
    crawl: CrawlSettings = CrawlSettings()
    publish: PublishSettings = PublishSettings()
    site: SiteSettings = SiteSettings()
    api: ApiSettings = ApiSettings()
    desk: DeskSettings = DeskSettings()
    dump: DumpSettings = DumpSettings()
    upkeep: UpkeepSettings = UpkeepSettings()
    websub: WebSubSettings = WebSubSettings()
    webhooks: dict[str, WebhookSettings] = {}
    watch: WatchSettings = WatchSettings()
    smtp: SmtpSettings = SmtpSettings()

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if unknown := [name for name in self.watch.webhooks if name not in self.webhooks]:
            raise ValueError(f"watch.webhooks: no [webhooks.{unknown[0]}] in the settings")
        if self.watch.mail and not self.smtp.host:
            raise ValueError("watch.mail: no server to send mail by; set smtp.host")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's own signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's own signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the file below the environment."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    def path(self, relative: Path) -> Path:
        """A path of these settings, absolute."""
        return home() / relative

    @property
    def database_url(self) -> str:
        """The database's URL with a relative SQLite path made absolute."""
        return self.database if self.database_file is None else f"{_FILE}{self.database_file}"

    @property
    def database_file(self) -> Path | None:
        """The database's file, absolute; None where it is a server's."""
        is_file = self.database.startswith(_FILE)
        return home() / self.database.removeprefix(_FILE) if is_file else None
