"""How articles go out."""

from pydantic import Field

from aggregator.config.kinds import ClockHours, CronExpression, Section, TimeZone


class PublishSettings(Section):
    """How articles go out."""

    every_minutes: float = Field(default=5.0, gt=0)
    slots: tuple[CronExpression, ...] = Field(
        default=(), description="when editions close, as cron expressions; none: every every_minutes"
    )
    timezone: TimeZone = Field(default="UTC", description="time zone of slots, quiet hours and days")
    quiet_hours: tuple[ClockHours, ...] = Field(
        default=(), description="hours in which nothing new goes out, such as 22:00-06:30"
    )
    max_articles: int = Field(default=200, ge=1, le=10_000, description="articles of one edition")
    max_per_day: int | None = Field(default=None, ge=1, description="new articles of one day")
    gap_minutes: int = Field(default=0, ge=0, le=10_080, description="least pause between two editions")
    expire_hours: float | None = Field(default=None, gt=0, description="older articles never go out")
