"""Republishing rules: what may go out, how and when; pure."""
