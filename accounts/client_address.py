"""The client's IP address, by which rate limits and account locks count."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

SUBSCRIBER_PREFIX_BITS = 64


def client_address(request: HttpRequest) -> str | None:
    """Return the peer's address at the outermost of our PROXY_COUNT proxies, else of this connection.

    Each proxy appends its peer's address to X-Forwarded-For, so entries count from the right; entries
    further left were written by the client and are ignored. A header with fewer entries did not pass
    through the proxies; then the result is the peer of this connection.
    """
    peer: str | None = request.META.get("REMOTE_ADDR") or None
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < settings.PROXY_COUNT <= len(hops):
        return peer
    try:
        return str(ip_address(hops[-settings.PROXY_COUNT].strip()))
    except ValueError:
        return peer


def counted_address(request: HttpRequest) -> str | None:
    """Return the client's address as rate limits count it: see `subscriber_of`."""
    address = client_address(request)
    return subscriber_of(address) if address else None


def subscriber_of(text: str) -> str:
    """Return the address that identifies a subscriber.

    For IPv6 it is the /64 network, all of which belongs to one subscriber; for an IPv4 address mapped to
    IPv6 it is the IPv4 address. Text that is no address is returned unchanged.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), SUBSCRIBER_PREFIX_BITS), strict=False).network_address)
