"""How crawls fetch and extract."""

from itertools import pairwise

from pydantic import Field, field_validator

from aggregator.config.kinds import Hours, Section


class CrawlSettings(Section):
    """How crawls fetch and extract."""

    user_agent: str = "aggregator/0.1 (+https://github.com/aggregator-news/aggregator)"
    concurrency: int = Field(default=16, ge=1, le=256)
    processes: int = Field(default=0, ge=0, le=64, description="extraction processes; 0 means one a core")
    warm: bool = Field(default=True, description="`run` keeps a warm process that crawls are forked from")
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
