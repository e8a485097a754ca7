"""The reservation of text and data mining that a page, or its host, declares (TDMRep)."""

from aggregator.extract.metatags import Tags
from aggregator.model.page import FetchedPage, Reservation
from aggregator.urls import absolute

_NAME, _POLICY = "tdm-reservation", "tdm-policy"
_RESERVED = "1"


def find(page: FetchedPage, meta: Tags) -> Reservation | None:
    """The reservation by header, meta tag or the host's file, whichever says so first; None if none does.

    The protocol (W3C community group, 10 May 2024) lets a nearer statement lift a farther one; here any
    statement of a reservation counts: what one of an outlet's machines reserves is not ours to take.
    """
    for source, value, policy in (
        (f"header:{_NAME}", page.header(_NAME), page.header(_POLICY)),
        (f"meta:{_NAME}", _first(meta, _NAME), _first(meta, _POLICY)),
    ):
        if value is not None and value.strip() == _RESERVED:
            return Reservation(source, absolute(page.url, policy.strip()) if policy else None)
    return page.reservation


def _first(meta: Tags, name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)
