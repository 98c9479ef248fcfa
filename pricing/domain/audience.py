"""Whom a price list or a scheme is for. Source: rules.md, quote 1."""

from dataclasses import dataclass

# In order of precedence: what was agreed with this buyer alone beats what holds for many.
KINDS = ("contract", "party", "tag", "channel", "tier", "region", "level", "everyone")
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys. What is None matches no audience. `region` is the path to it, root first."""

    id: str
    level: str | None = None
    tier: str | None = None
    channel: str | None = None
    tags: frozenset[str] = frozenset()
    region: tuple[str, ...] = ()
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """One of KINDS, and whose: a contract, a party's id, a tag … None for everyone."""

    kind: str
    value: str | None = None


EVERYONE = Audience("everyone")


def precedence(audience: Audience, buyer: Buyer) -> tuple[int, int] | None:
    """Where the audience stands for this buyer, the first being the smallest; None: not for him.

    The kind decides; among regions the deeper one comes first.
    """
    kind, value = audience.kind, audience.value
    rank = _RANK[kind]
    if kind == "everyone":
        return rank, 0
    if value is None:
        return None
    if kind == "region":
        return (rank, -buyer.region.index(value)) if value in buyer.region else None
    if kind == "tag":
        return (rank, 0) if value in buyer.tags else None
    return (rank, 0) if value == _own(kind, buyer) else None


def takes_in(audience: Audience, buyer: Buyer) -> bool:
    return precedence(audience, buyer) is not None


def _own(kind: str, buyer: Buyer) -> str | None:
    match kind:
        case "contract":
            return buyer.contract
        case "party":
            return buyer.id
        case "channel":
            return buyer.channel
        case "tier":
            return buyer.tier
        case _:
            return buyer.level
