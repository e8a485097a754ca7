"""The watch over sources, and whom it tells."""

from typing import Literal

from pydantic import Field, SecretStr, field_serializer

from aggregator.config.kinds import Section


class WatchSettings(Section):
    """How often outlets are looked at, and who is told of alarms."""

    every_minutes: float = Field(default=10.0, ge=0, le=1440, description="0: never by the scheduler")
    mail: tuple[str, ...] = Field(default=(), description="addresses that alarms are mailed to")
    webhooks: tuple[str, ...] = Field(default=(), description="names of [webhooks.NAME] that are told, too")
    gather_minutes: float = Field(
        default=15.0, ge=0, le=1440, description="least pause between two messages to one of them"
    )


class SmtpSettings(Section):
    """The server that takes our mail."""

    host: str | None = None
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = Field(default=None, description="best in AGGREGATOR_SMTP__PASSWORD")
    sender: str = "aggregator@localhost"
    timeout_seconds: float = Field(default=20.0, gt=0, le=300)

    @field_serializer("password", when_used="json")
    def _for_children(self, password: SecretStr | None) -> str | None:
        # A crawl's process gets all settings and sends no mail.
        return None if password is None else "*"
