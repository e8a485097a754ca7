"""The network: the site's own address, outlets' hosts, the mail server."""

import ipaddress
import json
import smtplib
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

from aggregator.config import Settings, SiteSettings, SmtpSettings
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.model.outlet import Outlet

CONNECT_SECONDS: Final = 5.0
_AT_ONCE: Final = 16
_MOST_BYTES: Final = 10_000
_PORTS: Final = {"http": 80, "https": 443}


def address(site: SiteSettings, *, is_served: bool) -> Iterator[Complaint]:
    """Whether readers elsewhere can follow the site's links, and whether its port is free for it."""
    parts = urlsplit(site.base_url)
    if _is_local(parts.hostname or ""):
        if not _is_local(site.host):
            told = f"links and feeds lead to {site.base_url}, and the site listens on {site.host}"
            yield Complaint(
                Ailment.ADDRESS_LOCAL, "site.base_url", told, "set it to the address that readers use"
            )
    elif parts.scheme == "http":
        told = f"{site.base_url} is not encrypted: the desk's passwords travel readable"
        yield Complaint(
            Ailment.ADDRESS_PLAIN, "site.base_url", told, "have a web server before it speak HTTPS (deploy/)"
        )
    here = "127.0.0.1" if site.host == "0.0.0.0" else site.host  # noqa: S104 - compared, not listened on
    if not is_served and _answers(here, site.port) and not _is_ours(here, site.port):
        told = f"no scheduler of ours runs, and something else listens on port {site.port}"
        yield Complaint(Ailment.PORT_TAKEN, "site.port", told, "stop that program, or set another port")


def hosts(outlets: Mapping[str, Outlet]) -> Iterator[Complaint]:
    """Whether the hosts of seeds have a name and take connections; asks each once, and for no page."""
    asked = {
        (parts.hostname, parts.port or _PORTS.get(parts.scheme, 443)): card
        for card in outlets.values()
        if not card.paused
        for seed in card.seeds
        if (parts := urlsplit(seed.url)).hostname
    }
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for found in pool.map(lambda each: _host(each[0][0] or "", each[0][1], each[1]), asked.items()):
            if found is not None:
                yield found


def mail(smtp: SmtpSettings) -> Iterator[Complaint]:
    """Whether the mail server greets us; nobody logs in, and nothing is sent."""
    if not smtp.host:
        return
    kind = smtplib.SMTP_SSL if smtp.security == "tls" else smtplib.SMTP
    try:
        with closing(kind(smtp.host, smtp.port, timeout=CONNECT_SECONDS)) as server:
            server.ehlo()
            if smtp.security == "starttls" and not server.has_extn("starttls"):
                raise smtplib.SMTPException("offers no STARTTLS")  # noqa: TRY301 - one way for all that fails
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except (smtplib.SMTPException, OSError) as error:
        where = f"{smtp.host}:{smtp.port}"
        yield Complaint(
            Ailment.MAIL_SILENT, where, f"no mail goes out: {error}", "check [smtp]; `aggregator watch test`"
        )


def _host(name: str, port: int, card: Outlet) -> Complaint | None:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return Complaint(
            Ailment.HOST_UNKNOWN,
            f"{card.slug}.toml",
            f"{name}: {error}",
            "check the card's seeds; or your DNS, if it is many",
        )
    ours = [ipaddress.ip_network(each) for each in card.politeness.allow_addresses]
    addresses = [str(each[4][0]) for each in found]
    # Crawls ask no private network unless the card allows it; neither does the doctor.
    free = [each for each in addresses if _is_free(ipaddress.ip_address(each.partition("%")[0]), ours)]
    if not free:
        told = f"{name} is a private address ({addresses[0]})"
        return Complaint(Ailment.HOST_SILENT, f"{card.slug}.toml", told, "see `allow_addresses` of cards")
    if any(_answers(each, port) for each in free[:2]):
        return None
    told = f"{name} does not answer on port {port}"
    remedy = "wait, or check the card's seeds; your network, if it is many"
    return Complaint(Ailment.HOST_SILENT, f"{card.slug}.toml", told, remedy)


def _is_free(
    address_: ipaddress.IPv4Address | ipaddress.IPv6Address,
    ours: list[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    return address_.is_global or any(address_ in network for network in ours)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _is_ours(host: str, port: int) -> bool:
    """Whether a site of ours listens there, such as `aggregator site` beside somebody's own cron."""
    connection = HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    try:
        connection.request("GET", "/healthz")
        told = json.loads(connection.getresponse().read(_MOST_BYTES))
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(told, dict) and "status" in told


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def beyond(settings: Settings, outlets: Mapping[str, Outlet]) -> Iterator[Complaint]:
    """All that is asked beyond this machine."""
    yield from hosts(outlets)
    yield from mail(settings.smtp)
