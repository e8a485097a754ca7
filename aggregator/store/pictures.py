"""Pictures: our copies of what articles are out with, and which are still wanted."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, true, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.extract.picture_credit import is_agencys
from aggregator.model.edition import PublicationState
from aggregator.model.picture import MOST, Copy, Missed, Picture, PictureFault, WantedPicture
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.ready import Ready
from aggregator.store.schema import ImageRow, PictureRow, PublicationRow
from aggregator.store.statements import fetched, upsert_rows

WINDOW: Final = timedelta(days=30)
"""What changed here longer ago gets no pictures any more; its outlet has long moved them."""

_IS_OUT: Final = and_(
    PublicationRow.article_id == PictureRow.article_id,
    PublicationRow.state == PublicationState.PUBLISHED.value,
    PublicationRow.has_images,
    ImageRow.article_id == PictureRow.article_id,
    ImageRow.url == PictureRow.url,
)
_IS_OF: Final = and_(PictureRow.article_id == ImageRow.article_id, PictureRow.url == ImageRow.url)
_KEPT: Final = Ready(
    select(
        ImageRow.article_id,
        ImageRow.alt,
        ImageRow.caption,
        ImageRow.credit,
        PictureRow.name,
        PictureRow.width,
        PictureRow.height,
        PictureRow.has_avif,
    )
    .join_from(ImageRow, PictureRow, _IS_OF)
    .where(ImageRow.article_id.in_(bindparam("numbers", expanding=True)), ImageRow.position < MOST)
    .where(PictureRow.name.is_not(None))
    .order_by(ImageRow.article_id, ImageRow.position)
)
_CHUNK: Final = 500


def of_articles(session: Session, article_ids: Collection[int]) -> dict[int, tuple[Picture, ...]]:
    """Our copies of these articles' pictures, in the pages' order; one statement, none if no articles."""
    if not article_ids:
        return {}
    found: dict[int, list[Picture]] = defaultdict(list)
    for row in fetched(session, _KEPT, numbers=list(article_ids)):
        if not is_agencys(row.caption, row.credit):
            copy = Copy(row.name or "", row.width or 1, row.height or 1, row.has_avif)
            found[row.article_id].append(Picture(copy, row.alt, row.caption, row.credit))
    return {number: tuple(pictures) for number, pictures in found.items()}


def wanted(db: Database, outlets: Collection[str], at: datetime, limit: int) -> list[WantedPicture]:
    """Pictures that may be shown and are not kept, of these outlets; those of the newest articles first."""
    is_due = or_(PictureRow.article_id.is_(None), PictureRow.again_at <= at)
    query = (
        select(ImageRow, PublicationRow.outlet, func.coalesce(PictureRow.tries, 0))
        .join(PublicationRow, PublicationRow.article_id == ImageRow.article_id)
        .outerjoin(PictureRow, _IS_OF)
        .where(PublicationRow.state == PublicationState.PUBLISHED.value, PublicationRow.has_images)
        .where(PublicationRow.changed_at >= at - WINDOW, PublicationRow.outlet.in_(outlets))
        .where(ImageRow.position < MOST, is_due)
        .order_by(PublicationRow.published_at.desc(), ImageRow.article_id, ImageRow.position)
    )
    found: dict[tuple[int, str], WantedPicture] = {}
    with db.reading() as session:
        for image, outlet, tries in session.execute(query):
            if not is_agencys(image.caption, image.credit):
                found[image.article_id, image.url] = WantedPicture(image.article_id, outlet, image.url, tries)
            if len(found) == limit:
                break
    return list(found.values())


def begin(db: Database, picture: WantedPicture, at: datetime) -> None:
    """Note that a picture is about to be decoded: whoever dies of it does not meet it again."""
    miss(db, picture, Missed(PictureFault.CRASH.value, "the process ended while it was decoded", at))


def miss(db: Database, picture: WantedPicture, missed: Missed) -> None:
    """Note why there is no copy of a picture."""
    _write(
        db,
        picture,
        missed.at,
        {"reason": missed.reason, "detail": clean(missed.detail), "again_at": missed.again_at},
    )


def keep(db: Database, picture: WantedPicture, copy: Copy, at: datetime) -> None:
    """Note our copy of a picture, whose files are there; pages that show it are newer from now on."""
    values = {
        "name": copy.name,
        "width": copy.width,
        "height": copy.height,
        "has_avif": copy.has_avif,
    }
    _write(db, picture, at, values, is_news=True)


def _write(
    db: Database, picture: WantedPicture, at: datetime, values: dict[str, Any], *, is_news: bool = False
) -> None:
    row = {
        "article_id": picture.article_id,
        "url_key": hashlib.sha256(picture.url.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "url": picture.url,
        "name": None,
        "width": None,
        "height": None,
        "has_avif": False,
        "reason": None,
        "detail": None,
        "tries": picture.tries + 1,
        "tried_at": at,
        "again_at": None,
    }
    with db.session() as session:
        upsert_rows(session, PictureRow, [row | values])
        if is_news:
            of_it = PublicationRow.article_id == picture.article_id
            _run(session, update(PublicationRow).where(of_it).values(changed_at=now()))


def is_shown(db: Database, name: str) -> bool | None:
    """Whether readers may be shown a picture of ours; None if there never was one of this name."""
    rows = select(PictureRow.article_id).where(PictureRow.name == name)
    with db.reading() as session:
        if session.execute(rows.where(exists().where(_IS_OUT)).limit(1)).first():
            return True
        return False if session.execute(rows.limit(1)).first() else None


def unshown(db: Database, article_ids: Collection[int] | None = None) -> list[str]:
    """Names of our copies that some article, or one of these, is not out with any more."""
    of_these = true() if article_ids is None else PictureRow.article_id.in_(article_ids)
    query = select(PictureRow.name).distinct().where(PictureRow.name.is_not(None), of_these)
    with db.reading() as session:
        return [name for name in session.execute(query.where(~exists().where(_IS_OUT))).scalars() if name]


def needed(db: Database, names: Collection[str]) -> set[str]:
    """Those of these names that an article is out with."""
    every, found = list(names), set[str]()
    with db.reading() as session:
        for start in range(0, len(every), _CHUNK):
            some = PictureRow.name.in_(every[start : start + _CHUNK])
            query = select(PictureRow.name).where(some, exists().where(_IS_OUT))
            found.update(name for name in session.execute(query).scalars() if name)
    return found


def forget(db: Database, names: Collection[str]) -> None:
    """Drop the rows by which articles that are not out with them any more have these copies."""
    every = list(names)
    with db.session() as session:
        for start in range(0, len(every), _CHUNK):
            some = PictureRow.name.in_(every[start : start + _CHUNK])
            _run(session, delete(PictureRow).where(some, ~exists().where(_IS_OUT)))


def counts(db: Database) -> Counter[str]:
    """How many pictures are kept (``kept``), and of the others how many under each reason."""
    query = select(func.coalesce(PictureRow.reason, "kept"), func.count()).group_by(PictureRow.reason)
    with db.reading() as session:
        return Counter({reason: number for reason, number in session.execute(query)})  # noqa: C416 - a Row is no pair to mypy


def _run(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
