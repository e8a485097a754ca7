"""The source watch: what is usual at an outlet, what is not, and when that is an alarm."""
