"""Metrics for Prometheus: what the store tells, and how the site answers."""

from aggregator.metrics.route import install

__all__ = ["install"]
