"""Whom we tell: webhooks and hubs."""

from pydantic import Field, SecretStr, field_serializer, field_validator

from aggregator.config.kinds import Section, WebUrl
from aggregator.model.delivery import EventKind

SECRET_CHARS = 16


class WebhookSettings(Section):
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


class WebSubSettings(Section):
    """Whom we tell that feeds have changed."""

    hubs: tuple[WebUrl, ...] = Field(default=(), description="WebSub hubs that feeds name and editions ping")
