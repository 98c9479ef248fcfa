"""Where a request comes from: what rate limits and the lock of an account count by."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

SUBSCRIBER = 64


def client_address(request: HttpRequest) -> str | None:
    """The address that the outermost of our PROXY_COUNT proxies saw; without proxies the peer's.

    Each proxy appends who spoke to it to X-Forwarded-For, so that the entries count from the right;
    what stands further left was written by the client, and is believed by nobody. A header with
    fewer entries did not come through the proxies: then it is the peer.
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
    """The address that one subscriber counts under: in IPv6 the /64, which is theirs altogether.

    An IPv4 address written as IPv6 is the IPv4 one.
    """
    seen = client_address(request)
    return subscriber_of(seen) if seen else None


def subscriber_of(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), SUBSCRIBER), strict=False).network_address)
