"""Whether the text is the whole article."""

import re
from collections.abc import Iterable, Sequence

from aggregator.extract import phrases
from aggregator.extract.claims import Found
from aggregator.model.article import Block, Completeness, CutBlock

# Where a paywall speaks: in what was cut, and in the last lines of what is left.
_LAST_CHARS = 400
_CUT_OFF = re.compile(r"(?:\[(?:…|\.\.\.)\]|(?:…|\.\.\.)\s*(?:→|»)?)$")


def judge(
    blocks: Sequence[Block], cuts: Iterable[CutBlock], is_free: Found[bool] | None
) -> Found[Completeness]:
    """Paywalled if the publisher's metadata or a line says so, a teaser if the text breaks off, else full."""
    if is_free is not None and not is_free.value:
        return Found(Completeness.PAYWALLED, is_free.source)
    if any(one.rule.endswith("/paywall") and phrases.speaks_of_paywall(one.text) for one in cuts):
        return Found(Completeness.PAYWALLED, "cut:paywall")
    last = blocks[-1].text[-_LAST_CHARS:] if blocks else ""
    if phrases.speaks_of_paywall(last):
        return Found(Completeness.PAYWALLED, "text:paywall")
    if _CUT_OFF.search(last):
        return Found(Completeness.TEASER, "text:breaks off")
    return Found(Completeness.FULL, "default")
