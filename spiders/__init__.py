"""Spiders: one for each kind of seed."""
