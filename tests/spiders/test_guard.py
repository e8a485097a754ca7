import ipaddress

import pytest

from aggregator.errors import AddressRefusedError
from spiders.guard import _check_literal, check_address, is_public


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "1.1.1.1"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)
    check_address(address, ())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",  # noqa: S104 - it is refused here
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "192.0.0.192",  # the metadata of a cloud
        "::127.0.0.1",  # IPv4-compatible (RFC 4291, 2.5.5.1)
        "::ffff:0:127.0.0.1",  # IPv4-translated (RFC 2765)
        "64:ff9b:1::7f00:1",  # NAT64 of one's own (RFC 8215)
        "fec0::1",  # site-local (RFC 3879)
    ],
)
def test_all_others_are_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefusedError, match="not a public address"):
        check_address(address, ())


def test_a_card_allows_its_own_networks_only() -> None:
    allowed = (ipaddress.ip_network("127.0.0.1/32"),)
    check_address("127.0.0.1", allowed)
    with pytest.raises(AddressRefusedError):
        check_address("127.0.0.2", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://[::1]/",
        "http://localhost:8000/",
        "http://api.localhost/",
        "http://localhost./",
        "http://ip6-localhost/",
        "http://127.0.0.1./",
        "http://127%2e0.0.1/",
        "http://0x7f000001./",
    ],
)
def test_an_address_in_the_url_is_read_as_resolvers_read_it(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        _check_literal(url, ())


def test_a_name_waits_for_its_address() -> None:
    _check_literal("http://example.org/", ())
