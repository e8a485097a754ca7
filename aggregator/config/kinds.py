"""Kinds of values that settings have, each checked when it is read."""

from collections.abc import Callable
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aggregator import wallclock
from aggregator.errors import ConfigError
from aggregator.urls import is_web


class Section(BaseModel):
    """A table of the settings file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _web_url(text: str) -> str:
    if not is_web(text):
        raise ValueError("expected an address that starts with http:// or https://")
    return text


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("expected an IP address or a network such as 10.0.0.0/8") from None


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


Network = Annotated[str, AfterValidator(_network)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Hours = Annotated[float, Field(gt=0, le=366 * 24)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
CronExpression = Annotated[str, _sound(wallclock.check_cron)]
ClockHours = Annotated[str, _sound(wallclock.hours)]
