"""Feed ids: whether an article under an id that its outlet's feed gave before is that article."""

import hashlib

from aggregator.dedupe.fingerprint import tokens
from aggregator.dedupe.likeness import Likeness, Why
from aggregator.dedupe.verdict import ONE_DAY
from aggregator.model.article import Article
from aggregator.model.duplicate import Candidate, Fingerprint

HEADLINE_AGREES = 0.5
"""Share of both headlines' words that are equal.

Of 845 pairs of headlines of different articles none has a fifth; of 15 that an outlet changed, a label in
front or a new figure leaves half, and other words do not: there the texts tell."""


def feed_id_key(guid: str) -> str:
    """The key of an id that a feed gives (RSS guid, Atom id, JSON Feed id): 32 hex digits, no address's."""
    text = guid.strip().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16, person=b"feed id").hexdigest()


def is_same_article(article: Article, fingerprint: Fingerprint, known: Candidate, seen: Likeness) -> bool:
    """Whether an article is the one that its outlet's feed listed under the same id.

    Feeds give one id to all of their items, or count from 1 again, so the id alone tells nothing: the texts
    are alike (``seen``), or one day's headlines are, and the texts are no pages of one template.
    """
    if known.outlet != article.outlet:
        return False
    if fingerprint.text_hash is not None and fingerprint.text_hash == known.fingerprint.text_hash:
        return True
    if seen.kind is not None or seen.why is Why.TEMPLATE:
        return seen.kind is not None
    return _is_of_one_day(article, known) and _headlines_agree(article, known)


def _is_of_one_day(article: Article, known: Candidate) -> bool:
    if article.published is None or known.published is None:
        return False
    return abs(article.published - known.published) <= ONE_DAY


def _headlines_agree(article: Article, known: Candidate) -> bool:
    one, other = set(tokens(article.headline)), set(tokens(known.headline))
    return bool(one & other) and len(one & other) >= HEADLINE_AGREES * len(one | other)
