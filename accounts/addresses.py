"""Where a request comes from: what rate limits and the lock of an account count by."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


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
