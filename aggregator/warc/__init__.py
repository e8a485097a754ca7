"""WARC files that others wrote (ISO 28500), read as far as they can be."""

from aggregator.warc.reader import records

__all__ = ["records"]
