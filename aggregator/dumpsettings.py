"""The settings of dumps by schedule."""

from pydantic import BaseModel, ConfigDict, Field


class DumpSettings(BaseModel):
    """How often the scheduler dumps, and what becomes of its dumps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    every_hours: float = Field(default=0, ge=0, le=366 * 24, description="0: none by schedule")
    keep: int = Field(default=7, ge=1, description="scheduled dumps that are kept")
    public: bool = Field(default=False, description="whether they hold only what everybody may have")
