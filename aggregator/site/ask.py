"""What a request asks for, checked: anything odd is an answer for people, never an accident."""

import re
from datetime import date

from starlette.requests import Request

from aggregator import topics
from aggregator.site import language, prose
from aggregator.site.wording import say, thousands

READ = ["GET", "HEAD"]
LONGEST_QUERY_CHARS = 200
LAST_PAGE = 50
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_ID = re.compile(r"[1-9][0-9]{0,17}")  # below 2**63, what a database's integer holds
_VOLUME = re.compile(r"[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PAGE = re.compile(r"[1-9][0-9]?")


class NotFoundError(Exception):
    """There is no such page."""


class BadRequestError(Exception):
    """The request makes no sense; the message says why, in words for the reader."""


def publication_id(text: str) -> int:
    """A publication's id.

    Raises:
        NotFoundError: no publication can have this id.
    """
    if not _ID.fullmatch(text):
        raise NotFoundError
    return int(text)


def story_number(text: str) -> int:
    """A story's number.

    Raises:
        NotFoundError: no story can have this number.
    """
    if not _ID.fullmatch(text):
        raise NotFoundError
    return int(text)


def outlet_slug(text: str) -> str:
    """An outlet's slug.

    Raises:
        NotFoundError: no outlet can have this slug.
    """
    if not _SLUG.fullmatch(text):
        raise NotFoundError
    return text


def cursor(request: Request) -> str | None:
    """Where an older page begins, as ``editions.front`` gave it; None for the first page."""
    return request.query_params.get("before") or None


def language_tag(request: Request) -> str | None:
    """The language asked for, None for all.

    Raises:
        BadRequestError: the tag is no language tag.
    """
    value = request.query_params.get("language")
    return asked_language(value) if value else None


def asked_language(text: str) -> str:
    """The language tag.

    Raises:
        BadRequestError: the text is no language tag.
    """
    if not language.tag(text):
        raise BadRequestError(say("The language in this address is not a language tag such as “fr”."))
    return text


def outlet_filter(request: Request) -> str | None:
    """The outlet's slug asked for, None for all.

    Raises:
        BadRequestError: no outlet can have this slug.
    """
    value = request.query_params.get("outlet")
    if not value:
        return None
    if not _SLUG.fullmatch(value):
        raise BadRequestError(say("The outlet in this address is not one of ours."))
    return value


def topic_filter(request: Request) -> str | None:
    """The key of the topic asked for, however it is written, None for all.

    Raises:
        BadRequestError: no topic can be meant.
    """
    value = request.query_params.get("topic", "").strip()
    if not value:
        return None
    found = topics.key(prose.plain(value)[: topics.KEY_CHARS + 1])
    if not found or len(found) > topics.KEY_CHARS:
        raise BadRequestError(say("The topic in this address is no section or tag."))
    return found


def day(request: Request, name: str) -> date | None:
    """The day asked for, None for any.

    Raises:
        BadRequestError: it is no day of the calendar.
    """
    value = request.query_params.get(name)
    if not value:
        return None
    found = calendar_day(value)
    if found is None:
        raise BadRequestError(say("A date in this address is not a day such as 2026-03-01."))
    return found


def calendar_day(text: str) -> date | None:
    """The day of the text, such as ``2026-03-01``; None if there is none, or if it ends the calendar."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found is not None and date.min < found < date.max else None


def calendar_month(text: str) -> date:
    """The first day of the month of the text, such as ``2026-03``.

    Raises:
        NotFoundError: there is no such month.
    """
    found = calendar_day(f"{text}-01")
    if found is None:
        raise NotFoundError
    return found


def topic_key(text: str) -> str:
    """A topic's key.

    Raises:
        NotFoundError: no topic can have this key.
    """
    if not text or len(text) > topics.KEY_CHARS or topics.key(text) != text:
        raise NotFoundError
    return text


def volume_number(request: Request) -> int | None:
    """The older document of a feed that is asked for, from 1; None for the newest.

    Raises:
        NotFoundError: no document can have this number.
    """
    value = request.query_params.get("volume")
    if value is None:
        return None
    if not _VOLUME.fullmatch(value):
        raise NotFoundError
    return int(value)


def search_words(request: Request) -> str:
    """The words searched for, cleaned and on one line; empty if there are none.

    Raises:
        BadRequestError: they are too many.
    """
    words = request.query_params.get("q", "")
    if len(words) > LONGEST_QUERY_CHARS:
        longest = thousands(LONGEST_QUERY_CHARS)
        raise BadRequestError(say("A search may have %(most)s characters; this one is longer.", most=longest))
    return prose.line(words)


def page_number(request: Request) -> int:
    """The page of hits asked for, from 1.

    Raises:
        NotFoundError: there is no such page.
    """
    value = request.query_params.get("page", "1")
    if not _PAGE.fullmatch(value) or int(value) > LAST_PAGE:
        raise NotFoundError
    return int(value)
