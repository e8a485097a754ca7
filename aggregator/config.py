"""Settings: defaults, then aggregator.toml, then AGGREGATOR_* in the environment."""

import json
import os
import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_serializer,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from aggregator import wallclock
from aggregator.dumpsettings import DumpSettings
from aggregator.errors import ConfigError
from aggregator.model.delivery import EventKind
from aggregator.urls import is_web

FILE_NAME = "aggregator.toml"
SECRET_CHARS = 16

_PREFIX = "AGGREGATOR_"
_NONE = "null"
# Variables that are no settings: the home folder, the settings file, the log's format, the tests' data.
_NO_SETTINGS = frozenset({"HOME", "CONFIG", "LOG", "SHARED"})


def home() -> Path:
    """The folder that relative paths start from: AGGREGATOR_HOME, else the working directory."""
    return Path(os.environ.get("AGGREGATOR_HOME") or Path.cwd()).resolve()


def _web_url(text: str) -> str:
    if not is_web(text):
        raise ValueError("expected an address that starts with http:// or https://")
    return text


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("expected an IP address or a network such as 10.0.0.0/8") from None


Network = Annotated[str, AfterValidator(_network)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Hours = Annotated[float, Field(gt=0, le=366 * 24)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrawlSettings(_Section):
    """How crawls fetch and extract."""

    user_agent: str = "aggregator/0.1 (+https://github.com/aggregator-news/aggregator)"
    concurrency: int = Field(default=16, ge=1, le=256)
    processes: int = Field(default=0, ge=0, le=64, description="extraction processes; 0 means one a core")
    page_seconds: float = Field(default=5.0, gt=0, le=60, description="time limit of one page's extraction")
    max_page_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    retries: int = Field(default=2, ge=0, le=10)
    longest_wait_seconds: float = Field(default=30.0, ge=0, description="longest Retry-After waited for")
    min_delay_seconds: float | None = Field(default=None, ge=0, description="lower bound of every delay")
    allow_addresses: tuple[str, ...] = Field(default=(), description="private networks any card may use")
    batch: int = Field(default=50, ge=1, description="outlets in one crawl process")
    minutes: float = Field(default=60.0, gt=0, description="a crawl that runs longer is ended")
    revisit_hours: tuple[Hours, ...] = Field(
        default=(1, 6, 24, 72, 168, 720), description="when the pages of what is out are looked at again"
    )

    @field_validator("revisit_hours")
    @classmethod
    def _rising(cls, hours: tuple[float, ...]) -> tuple[float, ...]:
        if any(later <= earlier for earlier, later in pairwise(hours)):
            raise ValueError("expected hours that rise, such as [1, 6, 24]")
        return hours


def _time_zone(text: str) -> str:
    if not wallclock.is_zone(text):
        raise ValueError("expected a time zone such as Europe/Paris")
    return text


def _sound(check: Callable[[str], object]) -> AfterValidator:
    """A value that its check raises no ConfigError about."""

    def checked(text: str) -> str:
        try:
            check(text)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return text

    return AfterValidator(checked)


class PublishSettings(_Section):
    """How articles go out."""

    every_minutes: float = Field(default=5.0, gt=0)
    slots: tuple[Annotated[str, _sound(wallclock.check_cron)], ...] = Field(
        default=(), description="when editions close, as cron expressions; none: every every_minutes"
    )
    timezone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC", description="time zone of slots, quiet hours and days"
    )
    quiet_hours: tuple[Annotated[str, _sound(wallclock.hours)], ...] = Field(
        default=(), description="hours in which nothing new goes out, such as 22:00-06:30"
    )
    max_articles: int = Field(default=200, ge=1, le=10_000, description="articles of one edition")
    max_per_day: int | None = Field(default=None, ge=1, description="new articles of one day")
    gap_minutes: int = Field(default=0, ge=0, le=10_080, description="least pause between two editions")
    expire_hours: float | None = Field(default=None, gt=0, description="older articles never go out")


class SiteSettings(_Section):
    """The site for readers."""

    name: str = "Aggregator"
    tagline: str = "News from many outlets, with a link to each source"
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    contact: str | None = None
    commercial: bool = Field(default=True, description="whether the site earns money, by ads or otherwise")
    proxies: tuple[Network, ...] = Field(
        default=(), description="addresses of proxies before the site, whose X-Forwarded-For is believed"
    )


class ApiSettings(_Section):
    """The API for readers and tools."""

    requests_per_minute: int = Field(
        default=120, ge=0, le=1_000_000, description="that one address may make; 0 for any number"
    )


class WebhookSettings(_Section):
    """A webhook that is told of publications."""

    url: WebUrl
    secret: SecretStr = Field(description="signs what is sent: whsec_ and base64, or 16 characters and more")
    events: tuple[EventKind, ...] = tuple(EventKind)

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < SECRET_CHARS:
            raise ValueError(f"expected a secret of at least {SECRET_CHARS} characters")
        return secret

    @field_serializer("secret", when_used="json")
    def _for_children(self, secret: SecretStr) -> str:
        # A crawl's process gets all settings and needs no secret.
        return "*" * max(SECRET_CHARS, len(secret))


class WebSubSettings(_Section):
    """Whom we tell that feeds have changed."""

    hubs: tuple[WebUrl, ...] = Field(default=(), description="WebSub hubs that feeds name and editions ping")


class Settings(BaseSettings):
    """All settings; unknown keys are errors.

    Paths are relative to ``home()``. Environment: ``AGGREGATOR_DATABASE=…``, ``AGGREGATOR_SITE__PORT=…``.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
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
    http_proxy: str | None = None
    crawl: CrawlSettings = CrawlSettings()
    publish: PublishSettings = PublishSettings()
    site: SiteSettings = SiteSettings()
    api: ApiSettings = ApiSettings()
    dump: DumpSettings = DumpSettings()
    websub: WebSubSettings = WebSubSettings()
    webhooks: dict[str, WebhookSettings] = {}

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
        prefix = "sqlite:///"
        if self.database.startswith(prefix) and not self.database.startswith(prefix + "/"):
            return prefix + str(home() / self.database.removeprefix(prefix))
        return self.database


def config_file() -> Path:
    """Where the settings file is looked for: AGGREGATOR_CONFIG, else ``aggregator.toml`` in ``home()``."""
    return home() / os.environ.get("AGGREGATOR_CONFIG", FILE_NAME)


def load() -> Settings:
    """The settings of this process.

    Raises:
        ConfigError: a key is unknown or a value wrong; the message names each of them and its place.
    """
    _refuse_unknown_variables()
    try:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config_file()}: not valid TOML: {error}") from error
    except ValidationError as error:
        lines = [
            f"{_place(e['loc'])}: {'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors(include_url=False)
        ]
        raise ConfigError("; ".join(lines)) from error
    except SettingsError as error:
        # A table or a list in the environment; the library names the setting and hides the value's fault.
        raise ConfigError(
            f"environment ({_PREFIX}*): {error}; lists are written as JSON there, such as '[\"10.0.0.0/8\"]'"
        ) from error


def _refuse_unknown_variables() -> None:
    known = _NO_SETTINGS | {name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        name = variable.upper().removeprefix(_PREFIX)
        if name == variable.upper() or name.split("__")[0] in known:
            continue
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {_PREFIX}{near[0]}?" if near else "docs/settings.md lists all"
        raise ConfigError(f"environment: {variable}: no such setting; {hint}")


def _place(key: tuple[int | str, ...]) -> str:
    """Where the value of a setting comes from, for a message."""
    names = [str(part).upper() for part in key]
    variables = {_PREFIX + "__".join(names[:count]) for count in range(1, len(names) + 1)}
    if variables & {variable.upper() for variable in os.environ}:
        return f"environment ({_PREFIX}*)"
    return str(config_file())


def environment(values: Settings) -> dict[str, str]:
    """The variables that give a child process these very settings, whatever its folder and its file say."""
    made = {"AGGREGATOR_HOME": str(home())}
    for name, value in values.model_dump(mode="json").items():
        made[f"{_PREFIX}{name.upper()}"] = value if isinstance(value, str) else json.dumps(value)
    return made


@cache
def settings() -> Settings:
    """The settings, read once a process."""
    return load()
