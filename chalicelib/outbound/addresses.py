"""Which addresses may be talked to: public ones, in whatever notation they come."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., list[Any]]

LONGEST_URL = 2_048
RESOLVED_WITHIN_S = 5.0
_TRANSLATED = tuple(ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""NAT64 (RFC 6052, 8215) and the IPv4-compatible addresses of old: an IPv4 address is in the last 32 bits."""
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")


class AddressRefused(Exception):
    """The URL can't be talked to; the message says why, for its owner to read."""


@dataclass(frozen=True)
class Policy:
    """What is allowed beyond https and public addresses; ``loopback`` for a service on one's own machine only."""

    http: bool = False
    loopback: bool = False


def parse(url: str, policy: Policy) -> SplitResult:
    """``url`` in its parts, if it may be asked for at all. Raises ``AddressRefused``.

    An address in it, in any notation, is checked here; what a name leads to is, by :func:`resolve`, at each try.
    """
    if len(url) > LONGEST_URL or _UNFIT.search(url) or not url.isascii():
        raise AddressRefused(f"is not a URL of at most {LONGEST_URL} ASCII characters without spaces")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("is not a URL") from error
    schemes = ("https", "http") if policy.http else ("https",)
    if parts.scheme not in schemes:
        raise AddressRefused(f"must begin with {' or '.join(f'{one}://' for one in schemes)}")
    if not parts.hostname or "%" in parts.hostname or port == 0:
        raise AddressRefused("names no host")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("must not hold a user name or password")
    for address in _literal(parts.hostname):
        _require_public(address, policy)
    return parts


def resolve(host: str, port: int, policy: Policy, resolver: Resolver = socket.getaddrinfo) -> list[str]:
    """The addresses of ``host``. All that it has must be allowed. Raises ``AddressRefused``, ``OSError``."""
    found = _within(RESOLVED_WITHIN_S, lambda: resolver(host, port, type=socket.SOCK_STREAM))
    addresses = [str(one[4][0]) for one in found]
    if not addresses:
        raise AddressRefused("leads to no address")
    for address in addresses:
        _require_public(_ip(address), policy)
    return addresses


def is_public(address: IpAddress) -> bool:
    """Whether ``address``, and every one that is wrapped in it, belongs to the public Internet."""
    return all(_is_global(one) for one in (address, *_wrapped(address)))


def _require_public(address: IpAddress, policy: Policy) -> None:
    if policy.loopback and address.is_loopback:
        return
    if not is_public(address):
        raise AddressRefused("leads to an address that is not public")


def _is_global(address: IpAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    unusual = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not (unusual and not _is_translated(address))


def _is_translated(address: IpAddress) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address in _TRANSLATED[0]


def _wrapped(address: IpAddress) -> Iterator[IpAddress]:
    """IPv4 addresses that lie in an IPv6 one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if any(address in network for network in _TRANSLATED):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _literal(host: str) -> list[IpAddress]:
    """The address that ``host`` is when it is one, be it 127.1, 0x7f000001 or 2130706433: as the resolver reads it."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [_ip(str(one[4][0])) for one in found]


def _ip(text: str) -> IpAddress:
    return ipaddress.ip_address(text.partition("%")[0])


def _within(seconds: float, call: Callable[[], list[Any]]) -> list[Any]:
    """What ``call`` answers. Raises ``TimeoutError``: the system's resolver knows no time-out of one's own."""
    answers: list[list[Any]] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            faults.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if faults:
        raise OSError("the name can't be resolved") from faults[0]
    if not answers:
        raise TimeoutError("the name was not resolved in time")
    return answers[0]
