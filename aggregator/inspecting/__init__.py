"""Inspecting: the running site held against the store and the cards."""
