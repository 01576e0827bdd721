"""Where a machine may be told: never inside our own walls, never in the open, never anywhere it is sent on to."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LONGEST = 500


class Forbidden(Exception):
    """We do not speak to this address; the message says why."""


def check(url: str, *, node: Any) -> None:
    """Raise `Forbidden` for what can be told from the address alone; `resolved` looks at the rest when something is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise Forbidden(_("This is no web address: %(fault)s.") % {"fault": fault}) from fault
    if (
        not host
        or port == 0
        or len(url) > LONGEST
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise Forbidden(_("This is no web address. Write it whole, such as https://example.vn/notices."))
    if parts.username is not None or parts.fragment:
        raise Forbidden(_("The address must hold no password and no part after #."))
    if parts.scheme != "https" and not (parts.scheme == "http" and node.demo and is_loopback(host)):
        raise Forbidden(_("The address must begin with https://."))
    literal = as_address(host)
    if literal and not is_allowed(literal, node=node):
        raise Forbidden(
            _("This address lies inside a network of its own; we tell only what the internet can reach.")
        )


def resolved(url: str, *, node: Any) -> str:
    """One IP address of the host, all of which we may speak to; asked for at each sending, and then spoken to, not asked again.

    Raises `Forbidden`, or OSError where the name is not known.
    """
    check(url, node=node)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not all(is_allowed(address, node=node) for address in addresses):
        raise Forbidden(
            _("This address lies inside a network of its own; we tell only what the internet can reach.")
        )
    return str(addresses[0])


type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_allowed(address: Address, *, node: Any) -> bool:
    """Public addresses always; our own machine in the demo; others where the operator says so."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if inner.is_loopback or inner.is_unspecified or inner.is_link_local or inner.is_multicast:
        return bool(node.demo and inner.is_loopback)
    return bool(inner.is_global or node.webhooks_private)


def as_address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    address = as_address(host)
    return host == "localhost" or bool(address and address.is_loopback)
