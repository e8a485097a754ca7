"""The demo newsstand: invented outlets, served on loopback."""

from aggregator.newsstand.server import Newsstand, start

__all__ = ["Newsstand", "start"]
