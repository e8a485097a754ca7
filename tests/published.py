"""Publications for the tests of the site."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aggregator.model.article import Completeness
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode

PUBLISHED = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
CARRIED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TEXT = "The ferry waits at the pier.\nNobody has seen the captain since Sunday."

# Each would do harm if it reached a page or a feed unescaped.
LIVE = (
    '<script>alert("xss")</script>',
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<a href=javascript:alert(1)>click</a>",
    "]]><b>cdata</b>",
    "<!--",
    "{{ 7 * 191 }}",
)


def publication(**changes: Any) -> Publication:
    """A publication in full of an invented outlet, with changes."""
    whole = Publication(
        id=7,
        article_id=70,
        edition_id=1,
        state=PublicationState.PUBLISHED,
        mode=RightsMode.FULL,
        outlet="harbour",
        outlet_name="The Harbour",
        outlet_homepage="https://harbour.example/",
        headline="The ferry stays at the pier",
        text=TEXT,
        language="en",
        byline=("Ann Ray", "Bo Li"),
        source_link="https://harbour.example/2026/ferry",
        completeness=Completeness.FULL,
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        credit="Ann Ray, The Harbour",
        first_published=PUBLISHED,
        published_at=CARRIED,
        updated_at=CARRIED,
        section="Coast",
    )
    return replace(whole, **changes)
