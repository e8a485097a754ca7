"""Deduplication: an article becomes a fingerprint, a fingerprint a verdict; pure."""
