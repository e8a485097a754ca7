"""The store: everything that speaks SQL."""
