"""Requests at moments fixed before the first is sent, so that a slow answer cannot hold back the next ones.

Each time counts from the moment that the request was due, as readers wait (no coordinated omission).
"""

import asyncio
import json
import sys
import time
from typing import Any, Final

import aiohttp

PER_SECOND: Final = 20
_GZIP: Final = {"Accept-Encoding": "gzip"}


async def asked(base: str, paths: list[str], cookie: str) -> list[tuple[float, int, int]]:
    """For each path in turn the milliseconds, the status and the bytes of the body as it travelled.

    A ``{}`` in the cookie is another word in each request.
    """
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        start = asyncio.get_running_loop().time() + 0.1
        due = [start + number / PER_SECOND for number in range(len(paths))]
        first = time.time_ns()
        headers = [
            {"Cookie": cookie.format(first + number)} if cookie else {} for number in range(len(paths))
        ]
        each = zip(paths, due, headers, strict=True)
        return await asyncio.gather(*(_ask(session, base + path, at, sent) for path, at, sent in each))


async def _ask(
    session: aiohttp.ClientSession, url: str, due: float, headers: dict[str, str]
) -> tuple[float, int, int]:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(due - clock())
    async with session.get(url, headers=_GZIP | headers, allow_redirects=False) as answer:
        body = await answer.read()
        return (clock() - due) * 1000, answer.status, len(body)


def main() -> None:
    """Read an address, paths and a cookie as JSON, ask, and write what came of each."""
    told: dict[str, Any] = json.load(sys.stdin)
    json.dump(asyncio.run(asked(told["base"], told["paths"], told["cookie"])), sys.stdout)


if __name__ == "__main__":
    main()
