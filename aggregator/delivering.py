"""Delivering: webhooks and hubs are told what went out, what changed and what was withdrawn."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import aiohttp
from tenacity import RetryCallState, wait_exponential

from aggregator.clock import now
from aggregator.config import Settings, WebhookSettings
from aggregator.model.delivery import Delivery, DeliveryState, EventKind
from aggregator.model.edition import Publication, PublicationState
from aggregator.store import editions, outbox
from aggregator.store.engine import Database

TIMEOUT_SECONDS: Final = 10.0
"""Longest time of one attempt, all of it; who takes longer is tried again later."""

ATTEMPTS: Final = 10
"""After these a delivery has failed: with the pauses below, after about two days and a half."""

BATCH: Final = 100
"""Deliveries to one target in one round, so that a long queue does not keep the others waiting."""

_PAUSE: Final = wait_exponential(multiplier=5, exp_base=4, max=timedelta(hours=12).total_seconds())
_LEASE: Final = timedelta(seconds=6 * TIMEOUT_SECONDS)
_KEY_PREFIX: Final = "whsec_"
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One HTTP request: where to, what, under which headers."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def targets(settings: Settings) -> dict[str, tuple[EventKind, ...]]:
    """Everybody who is told, by name, with the kinds of events that they want."""
    hooks = {name: hook.events for name, hook in settings.webhooks.items()}
    return hooks | dict.fromkeys(settings.websub.hubs, tuple(EventKind))


def deliver(
    db: Database, settings: Settings, at: datetime, timeout_seconds: float = TIMEOUT_SECONDS
) -> Counter[DeliveryState]:
    """Make one round: what is due by ``at`` is sent, once; how many deliveries ended in which state.

    A target that fails is left alone for the rest of the round, and none waits for another. What cannot be
    sent stays in the database, whatever becomes of this process; it is sent at least once, with the same id.
    """
    wanted = targets(settings)
    if not wanted:
        return Counter()
    outbox.register(db, list(wanted))
    outbox.collect(db, wanted, at)
    return asyncio.run(_round(db, settings, at, timeout_seconds))


async def _round(
    db: Database, settings: Settings, at: datetime, timeout_seconds: float
) -> Counter[DeliveryState]:
    async with opened(settings, timeout_seconds) as session:
        rounds = [_hook(db, settings, session, name, at) for name in settings.webhooks]
        rounds += [_hub(db, settings, session, hub, at) for hub in settings.websub.hubs]
        return sum(await asyncio.gather(*rounds), Counter())


async def _hook(
    db: Database, settings: Settings, session: aiohttp.ClientSession, name: str, at: datetime
) -> Counter[DeliveryState]:
    """Tell a webhook what is due, one by one and in order, until one fails."""
    ended: Counter[DeliveryState] = Counter()
    for _ in range(BATCH):
        claimed = outbox.claim(db, name, at, _LEASE, 1)
        if not claimed:
            break
        publication = editions.publication(db, claimed[0].publication_id)
        if publication is None or not _still_true(claimed[0], publication):
            outbox.settle(db, claimed, DeliveryState.DROPPED, at, "it was withdrawn meanwhile")
            ended[DeliveryState.DROPPED] += 1
            continue
        body = payload(claimed[0], publication, settings.site.base_url)
        message = signed(settings.webhooks[name], f"evt_{claimed[0].event_id}", body, now())
        state = _settled(db, claimed, await send(session, message), at)
        ended[state] += 1
        if state is not DeliveryState.DELIVERED:
            break
    return ended


async def _hub(
    db: Database, settings: Settings, session: aiohttp.ClientSession, hub: str, at: datetime
) -> Counter[DeliveryState]:
    """Tell a hub which feeds have changed: all that is due in one request."""
    claimed = outbox.claim(db, hub, at, _LEASE, BATCH)
    if not claimed:
        return Counter()
    found = (editions.publication(db, each.publication_id) for each in claimed)
    feeds = changed_feeds((each for each in found if each is not None), settings.site.base_url)
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]).encode()
    state = _settled(db, claimed, await send(session, Message(hub, _FORM, body)), at)
    return Counter({state: len(claimed)})


def _settled(db: Database, done: Sequence[Delivery], trouble: str | None, at: datetime) -> DeliveryState:
    """Write how an attempt ended; the state that the deliveries have then."""
    state, again = DeliveryState.DELIVERED, at
    if trouble is not None:
        attempts = max(each.attempts for each in done)
        state = DeliveryState.FAILED if attempts >= ATTEMPTS else DeliveryState.WAITING
        again = at + pause(attempts)
        _log.warning("%s: %s (attempt %d)", done[0].target, trouble, attempts)
    outbox.settle(db, done, state, again, trouble)
    return state


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 20 s, 80 s … 12 hours."""
    state = RetryCallState(retry_object=None, fn=None, args=(), kwargs={})  # type: ignore[arg-type]
    state.attempt_number = attempts
    return timedelta(seconds=_PAUSE(state))


async def send(session: aiohttp.ClientSession, message: Message) -> str | None:
    """Send a message; None if it was taken, else what went wrong, in a line."""
    try:
        async with session.post(
            message.url, data=message.body, headers=message.headers, allow_redirects=False
        ) as answer:
            return None if 200 <= answer.status < 300 else f"it answered {answer.status}"  # noqa: PLR2004 - HTTP's own numbers
    except TimeoutError:
        return f"no answer within {session.timeout.total:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def payload(delivery: Delivery, publication: Publication, base_url: str) -> bytes:
    """What a webhook is told, as JSON: never the text, and of what was withdrawn the address alone."""
    data: dict[str, object] = {"id": publication.id, "url": _address(publication, base_url)}
    if delivery.kind is EventKind.WITHDRAWN:
        data["reason"] = publication.withdrawn_reason
    else:
        data |= {
            "headline": publication.headline,
            "outlet": {"slug": publication.outlet, "name": publication.outlet_name},
            "authors": list(publication.byline),
            "language": publication.language,
            "mode": publication.mode.value,
            "source": publication.source_link,
            "licence": publication.licence,
            "licence_url": publication.licence_url,
            "credit": publication.credit,
            "published": publication.published_at.isoformat(),
            "updated": publication.updated_at.isoformat(),
        }
    event = {
        "type": f"publication.{delivery.kind.value}",
        "timestamp": delivery.at.isoformat(),
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")


def signed(hook: WebhookSettings, number: str, body: bytes, at: datetime) -> Message:
    """The message under the headers of Standard Webhooks: id, seconds, HMAC-SHA256 of these and the body."""
    seconds = str(int(at.timestamp()))
    content = f"{number}.{seconds}.".encode() + body
    digest = hmac.new(_key(hook.secret.get_secret_value()), content, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    return Message(hook.url, headers, body)


def try_out(settings: Settings, name: str, at: datetime) -> str | None:
    """Send a webhook an event of the type ``test``; None if it was taken, else what went wrong."""
    body = json.dumps({"type": "test", "timestamp": at.isoformat(), "data": {}}).encode()
    message = signed(settings.webhooks[name], f"test_{int(at.timestamp())}", body, at)

    async def once() -> str | None:
        async with opened(settings, TIMEOUT_SECONDS) as session:
            return await send(session, message)

    return asyncio.run(once())


def changed_feeds(publications: Iterable[Publication], base_url: str) -> list[str]:
    """Every feed that these publications stand in: the site's, of outlets, languages and topics."""
    base = base_url.rstrip("/")
    folders: dict[str, str] = {f"{base}/feed": ""}
    for each in publications:
        folders[f"{base}/outlet/{quote(each.outlet, safe='')}/feed"] = ""
        folders |= {f"{base}/topic/{quote(key, safe='')}/feed": "" for key, _ in each.topics}
        if each.language:
            folders[f"{base}/feed?{each.language.split('-')[0]}"] = each.language.split("-")[0]
    made = []
    for folder, language in folders.items():
        query = f"?language={language}" if language else ""
        made += [f"{folder.partition('?')[0]}.{kind}{query}" for kind in ("atom", "rss", "json")]
    return made


def _still_true(delivery: Delivery, publication: Publication) -> bool:
    """Whether what happened is still so: nobody is told the headline of what was withdrawn since."""
    is_out = publication.state is PublicationState.PUBLISHED
    return is_out is not (delivery.kind is EventKind.WITHDRAWN)


def _key(secret: str) -> bytes:
    if secret.startswith(_KEY_PREFIX):
        return base64.b64decode(secret.removeprefix(_KEY_PREFIX) + "==")
    return secret.encode()


def _address(publication: Publication, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/article/{publication.id}"


def opened(settings: Settings, timeout_seconds: float) -> aiohttp.ClientSession:
    """A session for messages; to be entered."""
    timeout = aiohttp.ClientTimeout(total=timeout_seconds)
    return aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": settings.crawl.user_agent})
