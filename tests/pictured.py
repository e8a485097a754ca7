"""Articles that are out with pictures, for the tests of all that shows, fetches and removes them."""

from published import START, article, store
from store.samples import lines

from aggregator.clock import now
from aggregator.model.article import Image
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import WantedPicture
from aggregator.renditions import Renditions
from aggregator.store import articles, editions, pictures
from aggregator.store.engine import Database


def go_out(
    db: Database, number: int, *images: Image, has_images: bool = True, outlet: str = "harbour"
) -> int:
    """Bring an article with pictures out; its number."""
    written = article(outlet, number, f"Report {number} with a picture", images=images)
    store(db, written)
    stored = articles.find(db, written.url)
    assert stored is not None
    fresh = NewPublication(
        stored.id,
        PublicationState.PUBLISHED,
        RightsMode.FULL,
        written.headline,
        lines(written.body),
        "CC0-1.0",
        "Credit of the harbour",
        (),
        has_images=has_images,
    )
    editions.publish(db, [fresh], START)
    return stored.id


def kept(db: Database, article_id: int, url: str, made: Renditions, outlet: str = "harbour") -> None:
    """Note that a picture of an article came."""
    pictures.keep(db, WantedPicture(article_id, outlet, url), made.copy, now())
