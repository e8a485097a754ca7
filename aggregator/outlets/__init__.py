"""Outlet cards: the TOML files that describe outlets."""

from aggregator.outlets.files import load, load_good, loads, put, read, replace, text_of, write
from aggregator.outlets.text import dumps

__all__ = ["dumps", "load", "load_good", "loads", "put", "read", "replace", "text_of", "write"]
