"""The check that a webhook's address belongs to the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
SPECIAL_PURPOSE = (
    IPv4Network("192.0.0.0/24"),  # IETF protocols
    IPv6Network("64:ff9b:1::/48"),  # local NAT64
    IPv6Network("3fff::/20"),  # documentation
    IPv6Network("5f00::/16"),  # segment routing
    IPv6Network("fec0::/10"),  # site-local
)
"""Networks that are not public and that the ipaddress of some supported Python takes for public."""
ISATAP = {0x00005EFE, 0x02005EFE}
"""The upper half of an interface identifier whose lower half is an IPv4 address (RFC 5214)."""


def is_public(text: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    Loopback, private, link-local, shared, multicast, reserved and unspecified addresses do not. An IPv6
    address that contains IPv4 addresses (mapped, 6to4, Teredo, NAT64, ISATAP) is checked by them.
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
    if int(address) >> 32 & 0xFFFFFFFF in ISATAP:
        return [address, IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in SPECIAL_PURPOSE):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
