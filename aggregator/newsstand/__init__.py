"""The demo newsstand: invented outlets, served on loopback."""
