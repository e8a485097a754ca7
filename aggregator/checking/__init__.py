"""Checks of what we emit: documents in, findings out; pure."""
