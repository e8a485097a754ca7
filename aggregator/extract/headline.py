"""The headline without the site's name."""

import re
from collections.abc import Iterable

from aggregator.extract.plain import key

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«‹›~/]+\s+|\s*[|｜]\s*|\s+::\s+")
_SHORTEST_SITE_CHARS = 3
_LEAST_WORDS = 3


def without_site_name(headline: str, site_names: Iterable[str], host: str, heading: str = "") -> str:
    """The headline without a part, behind a separator, that is the site's name or its host.

    A part counts as the site's name if, spacing and case aside, it equals a name or is most of the host
    (``The Guardian`` of ``theguardian.com``). In front, only a part that ends at a bar is cut.
    ``heading``, the page's h1, is the headline if it has three words, is longer than what follows or what
    follows names the host; a site's
    name in the h1, or a kicker (``Live - Floods hit the south``), is none.
    """
    known = {_tight(name) for name in site_names if name}
    domain = _tight(host.removeprefix("www."))
    if _heads(heading, headline, host) and not _is_site(heading, known, domain):
        return heading
    while cuts := list(_SEPARATOR.finditer(headline)):
        head, tail = headline[: cuts[0].start()], headline[cuts[-1].end() :]
        rest = headline[: cuts[-1].start()].strip()
        if rest and _is_site(tail, known, domain):
            headline = rest
        elif "|" in cuts[0].group() and _is_site(head, known, domain):
            headline = headline[cuts[0].end() :].strip()
        else:
            break
    return headline


def _heads(heading: str, headline: str, host: str) -> bool:
    """Whether the heading is all of the headline that counts: what follows is less, or names the host."""
    if not heading or not headline.startswith(heading):
        return False
    mark = _SEPARATOR.match(headline, len(heading))
    if mark is None:
        return False
    tail = headline[mark.end() :]
    own = max(host.split("."), key=len)
    names_host = len(own) >= _SHORTEST_SITE_CHARS and own in _tight(tail)
    return names_host or len(heading.split()) >= _LEAST_WORDS or len(tail) <= len(heading)


def _is_site(part: str, known: set[str], domain: str) -> bool:
    tight = _tight(part)
    if len(tight) < _SHORTEST_SITE_CHARS:
        return False
    return tight in known or (tight in domain and len(tight) * 2 >= len(domain))


def _tight(text: str) -> str:
    return key(text).replace(" ", "").replace("_", "")
