"""Where sentences end, in scripts with and without spaces."""

import re

_STOP = "[.!?…。！？؟।][\"'»”’)\\]」』]*"

END = re.compile(rf"{_STOP}(?=\s|$)|[。！？]")
"""The end of each sentence of a text, closing quotes and brackets included."""

CLOSED = re.compile(rf"{_STOP}$")
"""Found in a text that ends as a sentence does."""
