"""What the scheduler does for the installation itself, at a quiet hour."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from aggregator.config.kinds import CronExpression, Section, TimeZone

LEAST_PAGES_DAYS = 2
LEAST_HISTORY_DAYS = 60


class UpkeepSettings(Section):
    """When the scheduler backs up and prunes, and how; nothing unless it is asked for."""

    at: CronExpression = Field(default="30 3 * * *", description="when, as a cron expression")
    timezone: TimeZone = "UTC"
    backup_folder: Path | None = Field(default=None, description="where backups go; none: no backup")
    backup_keep: int = Field(default=7, ge=1, description="scheduled backups that are kept")
    backup_pages: bool = Field(default=True, description="whether they hold the kept pages")
    backup_pictures: bool = Field(default=True, description="whether they hold our copies of pictures")
    prune_pages_days: int = Field(default=0, ge=0, description="kept pages that are older go; 0: none")
    prune_history_days: int = Field(default=0, ge=0, description="fetches, visits, crawls likewise")

    @model_validator(mode="after")
    def _keeps_enough(self) -> Self:
        for name, least in (
            ("prune_pages_days", LEAST_PAGES_DAYS),
            ("prune_history_days", LEAST_HISTORY_DAYS),
        ):
            if 0 < getattr(self, name) < least:
                raise ValueError(f"{name}: expected 0 (never), or at least {least} days")
        return self
