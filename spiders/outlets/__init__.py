"""Page classes for outlets that a card cannot describe."""
