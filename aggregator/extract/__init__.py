"""Extraction: a fetched page becomes an article; pure, no SQL, no network."""
