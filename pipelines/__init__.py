"""Item pipelines: what happens to a page between its download and the store."""
