"""The feeds: Atom, RSS and JSON Feed of the same items."""
