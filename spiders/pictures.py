"""The pictures spider: what articles are out with and we have no copy of, fetched, made ours, and kept."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator import gallery, renditions
from aggregator.clock import now
from aggregator.config import settings
from aggregator.errors import PictureError
from aggregator.model.crawl import Reason
from aggregator.model.picture import Missed, PictureFault, WantedPicture
from aggregator.store import pictures
from aggregator.store.engine import Database
from spiders.base import OutletSpider, polite_meta
from spiders.failures import name_failure
from spiders.slots import CrawlEndsError

MOST_AT_ONCE: Final = 500
"""Pictures of one run; what is left comes with the next one."""

TRIES: Final = 3
AGAIN: Final = timedelta(hours=6)
"""A picture that did not come is asked for so often in all, and not before this."""

_ACCEPT: Final = "image/avif,image/webp,image/jpeg,image/png,image/gif;q=0.8,*/*;q=0.1"


class PicturesSpider(OutletSpider):
    """Fetches pictures as a crawl fetches pages: robots.txt first, the outlet's manners, guard and limits."""

    name = "pictures"
    keeps_nothing = True  # it is no crawl run of the outlets: those are as due as before
    custom_settings = {  # noqa: RUF012 - Scrapy's own attribute
        "ITEM_PIPELINES": {},
        "DOWNLOAD_MAXSIZE": renditions.LARGEST_BYTES,
        "RETRY_TIMES": 1,
    }

    def __init__(self, outlets: str = "", out: str = "", **kwargs: Any) -> None:
        super().__init__(outlets, **kwargs)
        self._out = Path(out)
        self._folder = settings().path(settings().pictures)
        self._decoder = asyncio.Lock()  # one at a time: each may take 200 MB for a moment

    def opened(self, db: Database | None, run_id: int | None) -> None:  # noqa: ARG002 - the base's signature
        """Open the database, for what is wanted and for hosts that asked to be left alone."""
        super().opened(Database.open(settings().database_url), None)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every picture that is wanted of outlets whose cards allow any."""
        slugs = [slug for slug, outlet in self.outlets.items() if outlet.rights.images]
        for picture in await asyncio.to_thread(pictures.wanted, self._db, slugs, now(), MOST_AT_ONCE):
            yield scrapy.Request(
                picture.url,
                callback=self.parse_picture,
                errback=self.picture_failed,
                headers={"Accept": _ACCEPT},
                meta=polite_meta(self.outlets[picture.outlet]) | {"picture": picture},
                dont_filter=True,
            )

    async def parse_picture(self, response: Response) -> None:
        """Make the picture ours, or note why it cannot be."""
        picture: WantedPicture = response.meta["picture"]
        async with self._decoder:
            ended = await asyncio.to_thread(self._take, picture, response.body)
        self._tell(ended)

    def _take(self, picture: WantedPicture, body: bytes) -> str:
        pictures.begin(self._db, picture, now())
        try:
            made = renditions.make(body)
            gallery.put(self._folder, made.copy.name, made.files)
        except PictureError as error:
            return self._missed(picture, error.fault, str(error))
        except OSError as error:
            return self._missed(picture, PictureFault.DISK.value, str(error), may_come=True)
        pictures.keep(self._db, picture, made.copy, now())
        return "kept"

    def picture_failed(self, failure: Failure) -> None:
        """Note why a picture did not come; one that was never asked for is left to the next run."""
        if isinstance(failure.value, CrawlEndsError):
            return
        failed = name_failure(failure)
        picture: WantedPicture = failure.request.meta["picture"]  # type: ignore[attr-defined]
        may_come = not failed.reason.is_final and failed.reason is not Reason.DROPPED_ROBOTS
        self._tell(self._missed(picture, failed.reason.value, failed.detail, may_come=may_come))

    def _missed(self, picture: WantedPicture, reason: str, detail: str, *, may_come: bool = False) -> str:
        at = now()
        again_at = at + AGAIN if may_come and picture.tries + 1 < TRIES else None
        pictures.miss(self._db, picture, Missed(reason, detail, at, again_at))
        return reason

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's own signature
        """Let go of the database."""
        self._db.close()

    @property
    def _db(self) -> Database:
        assert self.db is not None  # noqa: S101 - opened before the first request
        return self.db

    def _tell(self, ended: str) -> None:
        with self._out.open("ab") as file:
            pickle.dump(ended, file)
