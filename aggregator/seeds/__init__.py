"""Seeds: what a feed, a sitemap or a section page lists becomes entries; pure."""
