"""Rows of outlets: from cards, or made when an article's outlet has no card yet."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.model.outlet import RightsMode
from aggregator.store.schema import OutletRow
from aggregator.store.statements import insert_new_rows
from aggregator.urls import host


def ensure_outlets(session: Session, urls: Mapping[str, str], at: datetime) -> None:
    """Make a bare row for each outlet that has none, from one of its URLs; ``outlets.sync`` fills it."""
    known = set(session.execute(select(OutletRow.slug).where(OutletRow.slug.in_(list(urls)))).scalars())
    insert_new_rows(
        session,
        OutletRow,
        [
            {
                "slug": slug,
                "name": slug,
                "homepage": f"https://{host(url)}/" if url else "",
                "language": "und",
                "country": "ZZ",
                "licence": None,
                "licence_url": None,
                "mode": RightsMode.LINK.value,
                "feed": None,
                "canonical": True,
                "noindex": True,
                "is_active": False,
                "synced_at": at,
            }
            for slug, url in urls.items()
            if slug not in known
        ],
    )
