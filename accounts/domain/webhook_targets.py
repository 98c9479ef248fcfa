"""The check that a webhook's address belongs to the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")


def is_public(text: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    Loopback, private, link-local, shared, multicast, reserved and unspecified addresses do not. An IPv6
    address that contains IPv4 addresses (mapped, 6to4, Teredo, NAT64) is checked by them.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_global, _targets_of(address)))


def _targets_of(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address, address.sixtofour]
    if address.teredo:
        return [address, *address.teredo]
    if address in NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address in LOCAL_NAT64:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
