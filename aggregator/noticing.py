"""Noticing: alarms go out by mail and to webhooks, gathered, and again until they have arrived."""

import asyncio
import json
import logging
import smtplib
import ssl
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from aggregator.clock import now
from aggregator.config import Settings
from aggregator.delivering import ATTEMPTS, TIMEOUT_SECONDS, opened, pause, send, signed
from aggregator.model.alarm import Alarm
from aggregator.model.delivery import DeliveryState
from aggregator.store import alarms, notices
from aggregator.store.engine import Database
from aggregator.store.notices import MAIL, RAISED, Notice

_LONGEST: Final = 50
"""Outlets that a message names; behind them it counts."""

_log = logging.getLogger(__name__)


def notify(db: Database, settings: Settings, at: datetime) -> Counter[DeliveryState]:
    """Tell everybody what is due, each in one message; how many notices ended in which state.

    Whoever cannot be told is told later: what waits stays in the database, whatever becomes of this process.
    """
    ended: Counter[DeliveryState] = Counter()
    gather = timedelta(minutes=settings.watch.gather_minutes)
    lease = timedelta(seconds=settings.smtp.timeout_seconds + 6 * TIMEOUT_SECONDS)
    for target in (*((MAIL,) if settings.watch.mail else ()), *settings.watch.webhooks):
        if claimed := notices.claim(db, target, at, lease, gather):
            news = _news(db, claimed)
            trouble = _mailed(settings, news) if target == MAIL else _posted(settings, target, news)
            ended[_settled(db, (target, claimed), trouble, at)] += len(claimed)
    return ended


def _news(db: Database, claimed: Sequence[Notice]) -> dict[str, list[Alarm]]:
    """The alarms of notices, by what happened to them."""
    known = {alarm.id: alarm for alarm in alarms.several(db, [each.alarm for each in claimed])}
    news: dict[str, list[Alarm]] = defaultdict(list)
    for each in claimed:
        news[each.event].append(known[each.alarm])
    return news


def _settled(
    db: Database, done: tuple[str, Sequence[Notice]], trouble: str | None, at: datetime
) -> DeliveryState:
    target, claimed = done
    if trouble is None:
        notices.settle(db, claimed, DeliveryState.DELIVERED, at)
        return DeliveryState.DELIVERED
    attempts = max(each.attempts for each in claimed)
    state = DeliveryState.FAILED if attempts >= ATTEMPTS else DeliveryState.WAITING
    _log.warning("alarms to %s: %s (attempt %d)", target, trouble, attempts)
    notices.settle(db, claimed, state, at + pause(attempts), trouble)
    return state


def _posted(settings: Settings, name: str, news: dict[str, list[Alarm]]) -> str | None:
    """Send a webhook one signed event; None if it took it, else what went wrong."""
    numbers = sorted(alarm.id for found in news.values() for alarm in found)
    body = payload(news, now())
    message = signed(settings.webhooks[name], f"alm_{numbers[0]}_{numbers[-1]}_{len(numbers)}", body, now())

    async def once() -> str | None:
        async with opened(settings, TIMEOUT_SECONDS) as session:
            return await send(session, message)

    return asyncio.run(once())


def payload(news: dict[str, list[Alarm]], at: datetime) -> bytes:
    """What a webhook is told, as JSON: every alarm that was raised or is over."""
    event = {
        "type": "alarms",
        "timestamp": at.isoformat(),
        "data": {event: [described(alarm) for alarm in found] for event, found in sorted(news.items())},
    }
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")


def described(alarm: Alarm) -> dict[str, object]:
    """An alarm for programs."""
    found = alarm.finding
    return {
        "id": alarm.id,
        "outlet": found.outlet,
        "kind": found.kind.value,
        "aspect": found.aspect,
        "state": alarm.state.value,
        "since": found.since.isoformat(),
        "raised": alarm.raised_at.isoformat(),
        "resolved": alarm.resolved_at.isoformat() if alarm.resolved_at else None,
        "cause": found.cause,
        "words": found.words,
        "expected": found.expected,
        "observed": found.observed,
        "samples": found.samples,
        "group": alarm.group,
        "last_good_article": alarm.last_good_article,
        "last_good_fetch": alarm.last_good_fetch,
        "acknowledged_by": alarm.acknowledged_by,
        "note": alarm.note,
    }


def _mailed(settings: Settings, news: dict[str, list[Alarm]]) -> str | None:
    return mail(settings, subject(news), "\n".join(lines(news)))


def subject(news: dict[str, list[Alarm]]) -> str:
    """What happened, in a line."""
    raised, over = news.get(RAISED, []), news.get(notices.RESOLVED, [])
    if len(raised) == 1:
        return f"{raised[0].finding.outlet}: {raised[0].finding.kind.value}"
    words = [f"{len(raised)} new alarms"] if raised else []
    words += [f"{len(over)} over"] if over else []
    return ", ".join(words)


def lines(news: dict[str, list[Alarm]]) -> Iterator[str]:
    """The text of a mail: alarms of one cause together, then what is over."""
    groups: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in news.get(RAISED, []):
        groups[alarm.group].append(alarm)
    for group in groups.values():
        yield from group_lines(group)
        yield ""
    if over := news.get(notices.RESOLVED, []):
        yield "Over:"
        yield from (f"  {alarm.finding.outlet}: {alarm.finding.kind.value} (#{alarm.id})" for alarm in over)
        yield ""
    yield "`aggregator watch list` shows what is open; `aggregator watch ack NUMBER` notes that it was seen."


def group_lines(group: Sequence[Alarm]) -> Iterator[str]:
    """Alarms that came together, told as one."""
    first = group[0].finding
    if len(group) == 1:
        yield f"{first.outlet}: {first.kind.value} since {first.since:%Y-%m-%d %H:%M} UTC (#{group[0].id})"
        yield f"  {first.words}"
        if group[0].last_good_article is not None:
            yield f"  last good article: {group[0].last_good_article}"
        return
    yield f"{len(group)} outlets at once: {first.kind.value}, {first.cause}; look for one cause, ours perhaps"
    named = ", ".join(f"{alarm.finding.outlet} (#{alarm.id})" for alarm in group[:_LONGEST])
    yield f"  {named}" + (f" and {len(group) - _LONGEST} more" if len(group) > _LONGEST else "")


def mail(settings: Settings, about: str, text: str) -> str | None:
    """Send a mail to everybody in ``watch.mail``; None if the server took it, else what went wrong."""
    message = EmailMessage()
    message["From"] = settings.smtp.sender
    message["To"] = ", ".join(settings.watch.mail)
    message["Subject"] = f"[{settings.site.name}] {about}"
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain="aggregator.invalid")
    message.set_content(text)
    try:
        server = _connected(settings)
        refused = server.send_message(message)
        with suppress(smtplib.SMTPException, OSError):  # it has the message, however it takes its leave
            server.quit()
        if refused:  # the others have it; sending it to them again helps nobody
            _log.warning("alarms to mail: %s refuses %s", settings.smtp.host, ", ".join(refused))
    except (smtplib.SMTPException, OSError) as error:
        return f"{settings.smtp.host}:{settings.smtp.port}: {type(error).__name__}: {error}"
    return None


def _connected(settings: Settings) -> smtplib.SMTP:
    smtp = settings.smtp
    context = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            smtp.host or "", smtp.port, timeout=smtp.timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(smtp.host or "", smtp.port, timeout=smtp.timeout_seconds)
    try:
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.user is not None:
            server.login(smtp.user, smtp.password.get_secret_value() if smtp.password else "")
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server
