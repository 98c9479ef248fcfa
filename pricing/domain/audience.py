"""The audience of a price list or a scheme. Source: rules.md, quote 1."""

from dataclasses import dataclass

# In order of precedence: an agreement with one buyer takes precedence over one with many.
KINDS = ("contract", "party", "tag", "channel", "tier", "region", "level", "everyone")
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Buyer:
    """The facts of a buyer that audiences match. None matches no audience.

    `region` is the path to the buyer's region, root first.
    """

    id: str
    level: str | None = None
    tier: str | None = None
    channel: str | None = None
    tags: frozenset[str] = frozenset()
    region: tuple[str, ...] = ()
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """A kind, one of KINDS, and its value: a contract, a party's id, a tag …; None for everyone."""

    kind: str
    value: str | None = None


EVERYONE = Audience("everyone")


def precedence(audience: Audience, buyer: Buyer) -> tuple[int, int] | None:
    """Return the precedence of the audience for the buyer, the smallest first; None if it excludes them.

    The kind decides; of two regions the deeper one takes precedence.
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


def includes_buyer(audience: Audience, buyer: Buyer) -> bool:
    """Return whether the audience includes the buyer."""
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
