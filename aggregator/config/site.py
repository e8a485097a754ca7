"""The site for readers, and its API."""

from pydantic import Field

from aggregator.config.kinds import Network, Section


class SiteSettings(Section):
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


class DeskSettings(Section):
    """The operators' desk."""

    enabled: bool = Field(default=True, description="whether /desk answers, once there is a user")
    idle_minutes: float = Field(default=60.0, ge=1, le=1440, description="a session without request ends")
    longest_hours: float = Field(default=12.0, gt=0, le=168, description="any session ends")


class ApiSettings(Section):
    """The API for readers and tools."""

    requests_per_minute: int = Field(
        default=120, ge=0, le=1_000_000, description="that one address may make; 0 for any number"
    )
