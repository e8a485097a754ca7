"""Asking the site's app in this process, without a network between."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered."""

    status: int
    body: bytes


@contextmanager
def asking(app: ASGIApp, language: str) -> Iterator[Callable[[str], Answer]]:
    """A function that asks for a path and query of the app in a language, as long as the context is open."""
    with start_blocking_portal() as portal:
        yield lambda target: portal.call(_ask, app, target, language)


async def _ask(app: ASGIApp, target: str, language: str) -> Answer:
    status, body, is_sent = 0, bytearray(), False

    async def receive() -> Message:
        nonlocal is_sent
        if is_sent:
            await asyncio.Event().wait()  # nobody hangs up here; who waits for it is cancelled at the end
        is_sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body.extend(message.get("body", b""))

    await app(_scope(target, language), receive, send)
    return Answer(status, bytes(body))


def _scope(target: str, language: str) -> Scope:
    parts = urlsplit(target)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote_to_bytes(parts.path).decode("utf-8", "replace"),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(b"accept-language", language.encode())],
        "client": None,
        "server": None,
    }
