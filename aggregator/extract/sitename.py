"""The site's name cut off a headline."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.extract.claims import Found
from aggregator.extract.plain import key

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«‹›~/]+\s+|\s*[|｜]\s*|\s+::\s+")
# These join parts of a headline, too, so only a site's name is cut behind them.
_JOINT = re.compile(r"\s*：\s*|\s*--+\s*")
_SHORTEST_SITE_CHARS = 3
_LEAST_WORDS = 3
_MOST_SITE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Site:
    """What a site calls itself: the names that its pages state, and its host."""

    names: frozenset[str]
    initials: frozenset[str]
    domain: str
    label: str

    @classmethod
    def of(cls, names: Iterable[str], host: str) -> "Site":
        """The site with these names at this host; spacing, case and punctuation are folded away."""
        known = [name for name in names if name]
        domain = _tight(host.removeprefix("www."))
        return cls(
            frozenset(map(_tight, known)),
            frozenset(filter(None, map(_initials, known))),
            domain,
            max(host.removeprefix("www.").split("."), key=len),
        )

    def is_named(self, part: str) -> bool:
        """Whether a part of a title is the site.

        That is a name or its initials, most of the host (``The Guardian`` of ``theguardian.com``), or a few
        words with the host's own among them (``Post Politics`` of ``post.example``) or as their initials.
        """
        tight = _tight(part)
        if len(tight) < _SHORTEST_SITE_CHARS:
            return False
        if tight in self.names or tight in self.initials:
            return True
        if tight in self.domain and len(tight) * 2 >= len(self.domain):
            return True
        words = key(part).split()
        return len(words) <= _MOST_SITE_WORDS and (self.label in words or self.label == _initials(part, 2))

    def is_called(self, name: str) -> bool:
        """Whether this is exactly one of the site's names."""
        return _tight(name) in self.names

    def names_host(self, part: str) -> bool:
        """Whether the host's own label stands anywhere in a part."""
        return len(self.label) >= _SHORTEST_SITE_CHARS and self.label in _tight(part)


def name_of(said: Sequence[Found[str]], host: str) -> Found[str] | None:
    """The site's name out of those that its pages state, in their order of weight.

    The first, unless it is no more than the host in one word (``dailyexample``, ``example.org``) and a later
    one is the site's too, better written.
    """
    if not said:
        return None
    site = Site.of((), host)
    first = said[0]
    if " " not in first.value and _tight(first.value) in site.domain:
        spelt = (one for one in said[1:] if site.is_named(one.value) and not one.value.islower())
        return next(spelt, first)
    return first


def without_site_name(headline: str, site: Site, heading: str = "") -> str:
    """The headline without a part, behind a separator, that names the site.

    In front, only a part that ends at a bar is cut. ``heading``, the page's h1, is the headline if it has
    three words, is longer than what follows or what follows names the host; a site's name in the h1, or a
    kicker (``Live - Floods hit the south``), is none.
    """
    if _heads(heading, headline, site) and not site.is_named(heading):
        return heading
    while cut := _last_cut(headline, site) or _first_cut(headline, site):
        headline = cut
    return headline


def _last_cut(headline: str, site: Site) -> str:
    for pattern in (_SEPARATOR, _JOINT):
        if marks := list(pattern.finditer(headline)):
            rest = headline[: marks[-1].start()].strip()
            if rest and site.is_named(headline[marks[-1].end() :]):
                return rest
    return ""


def _first_cut(headline: str, site: Site) -> str:
    mark = _SEPARATOR.search(headline)
    if mark is None or "|" not in mark.group() or not site.is_named(headline[: mark.start()]):
        return ""
    return headline[mark.end() :].strip()


def _heads(heading: str, headline: str, site: Site) -> bool:
    """Whether the heading is all of the headline that counts: what follows is less, or names the host."""
    if not heading or not headline.startswith(heading):
        return False
    mark = _SEPARATOR.match(headline, len(heading))
    if mark is None:
        return False
    tail = headline[mark.end() :]
    return site.names_host(tail) or len(heading.split()) >= _LEAST_WORDS or len(tail) <= len(heading)


def _tight(text: str) -> str:
    return key(text).replace(" ", "").replace("_", "")


def _initials(name: str, least_words: int = _LEAST_WORDS) -> str:
    """``wfa`` of ``World Future Awards``; nothing of fewer words."""
    words = key(name).split()
    return "".join(word[0] for word in words) if len(words) >= least_words else ""
