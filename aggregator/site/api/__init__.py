"""The API for readers and tools: the same publications as the pages, as JSON."""
