"""Exporting: the whole public site as files, for a web host that only serves files."""
