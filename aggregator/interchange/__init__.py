"""Interchange: lists of outlets from elsewhere become cards, and cards become a list."""
