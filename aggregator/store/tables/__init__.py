"""The tables, one module for each stage of an article's way."""
