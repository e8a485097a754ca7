"""Load once what every page needs: libraries, language models, the parsers' caches."""

import gc
import logging
import sys

from aggregator.clock import now
from aggregator.extract import language
from aggregator.extract.almanac import Almanac
from aggregator.extract.dates import moment, spoken
from aggregator.extract.errors import PageError
from aggregator.extract.page import extract
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

# A page of 1 MB has so many alive at once.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_URL = "https://example.org/2024/a-page-to-warm-up"
_LINE = "The council met on Monday and decided, after a long debate, to build the bridge that was planned."
_PAGE = f"""<html lang="en"><head><title>A page to warm up</title></head><body><article>
<h1>A page to warm up</h1><p class="author">By Jane Roe</p>
{"".join(f"<p>{_LINE} {number}</p>" for number in range(8))}
</article><footer><p class="date">March 3rd, 2024</p></footer></body></html>"""


def warm() -> None:
    """Run one small page without metadata through every step, so that all lazy loading is behind us.

    Only dateparser's languages are left to the first page whose date is written as htmldate cannot read it
    (3 s once): few crawls meet one. Frozen objects are left out of garbage collection, so that forked workers
    share their memory. It rests while we load, and is done seldom from then on: a page leaves hardly any
    circles behind, and looking for them took a twentieth of the time.
    """
    gc.disable()
    logging.disable(logging.CRITICAL)
    body = _PAGE.encode()
    page = FetchedPage("warm", Entry(_URL, Seed(SeedKind.SECTION, _URL)), _URL, 200, (), "utf-8", body, now())
    try:
        extract(page, Rules())
    except PageError:
        logging.getLogger(__name__).debug("the page to warm up gave no article")
    language.warm()
    spoken("3 March 2024", Almanac(now()))
    moment("Mon, 18 Nov 2019 10:00:00 GMT", Almanac(now()))
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


def forget() -> None:
    """Drop all that extraction keeps between pages, so that the next page reads files and settings anew."""
    package = __package__ or ""
    for name in [each for each in sys.modules if each.startswith(f"{package}.")]:
        for kept in list(vars(sys.modules[name]).values()):
            if callable(clear := getattr(kept, "cache_clear", None)):
                clear()
