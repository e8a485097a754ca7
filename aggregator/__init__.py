"""Aggregator: crawls news outlets, keeps clean articles with their source, republishes what it may."""

__version__ = "0.1.0"
