"""The address guard: a download handler that refuses private addresses at the moment it connects."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Headers, Response

from aggregator.errors import AddressRefusedError
from aggregator.urls import host
from spiders.bodies import LARGE_AT_ONCE, PatientHandler

ALLOWED = "allow_addresses"
"""The request meta key that holds the networks a card allows, as a tuple of CIDR strings."""

_MARK = "address guard: "
_Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Private, loopback, link-local, multicast, reserved and unspecified ranges do not (IANA's special-purpose
    registries, as ``ipaddress`` knows them), nor does IPv6 that carries such an IPv4 address (mapped, 6to4,
    Teredo, NAT64), nor any IPv6 outside 2000::/3, the only range that is given out (RFC 4291, 2.4).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GIVEN_OUT:
            return False
    if any(ip in network for network in _SPECIAL):
        return False
    return ip.is_global and not ip.is_multicast


_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""In IANA's registries, but not in those of every Python; a cloud's metadata stands at 192.0.0.192."""

_NAMES_OF_LOOPBACK = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def check_address(address: str, allowed: _Networks) -> None:
    """Let a public or an allowed address pass.

    Raises:
        AddressRefusedError: it is neither.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if not is_public(address) and not any(ip in network for network in allowed):
        raise AddressRefusedError(
            f"{_MARK}{address} is not a public address; if it is yours, name its network in the card's "
            "politeness.allow_addresses"
        )


def _networks(request: Request) -> tuple[str, ...]:
    return tuple(request.meta.get(ALLOWED, ()))


def _parse(networks: tuple[str, ...]) -> _Networks:
    return tuple(ipaddress.ip_network(network) for network in networks)


def _check_literal(url: str, allowed: _Networks) -> None:
    # Behind a proxy the connection goes to the proxy, so a target written as an address is checked here.
    # Forms that resolvers take (127.1, 0x7f.1, 2130706433) are read as inet_aton reads them.
    name = unquote(host(url)).rstrip(".")
    if name in _NAMES_OF_LOOPBACK or name.endswith(".localhost"):
        name = "127.0.0.1"
    try:
        address = str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        try:
            address = socket.inet_ntoa(socket.inet_aton(name))
        except OSError:
            return
    check_address(address, allowed)


def _guarded_socket(allowed: _Networks) -> Callable[[Any], socket.socket]:
    def connect(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, address = info
        try:
            check_address(str(address[0]), allowed)
        except AddressRefusedError as refused:
            raise OSError(str(refused)) from refused  # what the connector reports as a failed connection
        return socket.socket(family, kind, protocol)

    return connect


class _Handler(PatientHandler):
    """A handler whose every new connection passes a check of the address it goes to."""

    def __init__(self, crawler: Crawler, allowed: _Networks | None, turns: asyncio.Semaphore) -> None:
        super().__init__(crawler, turns)
        self._unguarded = self._session
        if allowed is None:
            return
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
                socket_factory=_guarded_socket(allowed),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    @asynccontextmanager
    async def _make_request(
        self,
        request: Request,
        timeout: float,  # noqa: ASYNC109 - the library's own signature
    ) -> AsyncIterator[_ClientResponse]:
        try:
            async with super()._make_request(request, timeout) as response:
                yield response
        except DownloadConnectionRefusedError as error:
            if _MARK in str(error):
                raise AddressRefusedError(_MARK + str(error).partition(_MARK)[2].rstrip("]")) from error
            raise

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        # As bytes: Scrapy's own way fails at what is not UTF-8, and headers in Latin-1 are still sent.
        return Headers(list(response.raw_headers))

    async def close(self) -> None:
        await self._unguarded.close()
        await self._session.close()


class GuardedDownloadHandler(BaseDownloadHandler):
    """Downloads over HTTP, one set of connections for each set of networks that cards allow.

    Connections are never shared between those sets, so a connection opened for an outlet whose card allows
    an address cannot serve another one. The check sees the address actually connected to, on each redirect
    and after DNS. Through a configured proxy only the proxy is connected to, so there a target that is
    written as an address is checked instead.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._handlers: dict[tuple[str, ...] | None, _Handler] = {}
        self._turns = asyncio.Semaphore(LARGE_AT_ONCE)

    async def download_request(self, request: Request) -> Response:
        """Download a page.

        Raises:
            AddressRefusedError: its host's address is private and its outlet's card does not allow it.
        """
        networks = _networks(request)
        allowed = _parse(networks)
        _check_literal(request.url, allowed)
        key = None if request.meta.get("proxy") else networks
        if key not in self._handlers:
            self._handlers[key] = _Handler(self.crawler, None if key is None else allowed, self._turns)
        return await self._handlers[key].download_request(request)

    async def close(self) -> None:
        """Close every connection."""
        for handler in self._handlers.values():
            await handler.close()
