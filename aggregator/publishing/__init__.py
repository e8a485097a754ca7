"""Publishing: what waits goes out in editions, by rights and by rules; and what will go out when."""

from aggregator.publishing.closing import publish, publish_all, publish_slot, publish_updates
from aggregator.publishing.desk import PublishReport
from aggregator.publishing.foreseeing import Coming, Foreseen, foresee

__all__ = [
    "Coming",
    "Foreseen",
    "PublishReport",
    "foresee",
    "publish",
    "publish_all",
    "publish_slot",
    "publish_updates",
]
