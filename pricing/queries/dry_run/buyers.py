"""The buyers that a seller's price lists are for, by the lists that apply to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from accounts.rights import DEALER, MANUFACTURER, MEMBER
from alliance.models import Contract
from dealers.models import Party, PartyTag
from dealers.models.region import region_path
from pricing.domain.audience import Audience, Buyer
from pricing.models import AudienceKind

AudienceOf = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EqualBuyers:
    """Buyers to whom the same lists apply. `buyer` is one of them."""

    buyer: Buyer
    ids: tuple[UUID, ...]
    levels: frozenset[str]
    contracts: frozenset[str]
    regions: frozenset[str]


def equal_buyers(
    seller: Party, lists: Collection[Audience], concerned: Collection[Audience], on: date
) -> list[EqualBuyers]:
    """Return the active buyers of a seller whom an audience `concerned` includes, by their lists.

    Three statements at most, for any number of buyers.
    """
    places: dict[AudienceOf, list[int]] = defaultdict(list)
    for place, audience in enumerate(lists):
        places[audience.kind, audience.value or ""].append(place)
    ours = {(one.kind, one.value or "") for one in concerned}
    found: dict[tuple[int, ...], list[tuple[UUID, Buyer]]] = defaultdict(list)
    for party_id, buyer in _buyers(seller, {kind for kind, _value in (*places, *ours)}, ours, on):
        audiences = _audiences(buyer)
        if not ours.isdisjoint(audiences):
            key = tuple([place for one in audiences for place in places.get(one, ())])
            found[key].append((party_id, buyer))
    return [_equal(pairs) for pairs in found.values()]


def _equal(pairs: list[tuple[UUID, Buyer]]) -> EqualBuyers:
    buyers = [buyer for _id, buyer in pairs]
    return EqualBuyers(
        buyers[0],
        tuple([party_id for party_id, _buyer in pairs]),
        frozenset([str(one.level) for one in buyers]),
        frozenset([one.contract for one in buyers if one.contract]),
        frozenset([code for one in buyers for code in one.region]),
    )


def _audiences(buyer: Buyer) -> tuple[AudienceOf, ...]:
    """Return every audience that includes the buyer, regions root first."""
    named = [
        ("everyone", ""),
        ("level", buyer.level),
        ("party", buyer.id),
        ("tier", buyer.tier),
        ("channel", buyer.channel),
        ("contract", buyer.contract),
        *(("tag", tag) for tag in sorted(buyer.tags)),
        *(("region", code) for code in buyer.region),
    ]
    return tuple([(kind, value) for kind, value in named if value is not None])


def _buyers(
    seller: Party, kinds: set[str], concerned: set[AudienceOf], on: date
) -> Iterable[tuple[UUID, Buyer]]:
    tags: dict[UUID, set[str]] = defaultdict(set)
    if AudienceKind.TAG in kinds:
        for party_id, code in PartyTag.objects.values_list("party_id", "tag__code"):
            tags[party_id].add(code)
    contracts: dict[UUID, str] = {}
    if AudienceKind.CONTRACT in kinds:
        in_force = Contract.objects.filter(
            dealer_id=seller.id, state=Contract.State.ACTIVE, starts_on__lte=on, until__gt=on
        )
        contracts = dict(in_force.order_by("starts_on").values_list("member_id", "code"))
    rows = (
        Party.objects.filter(_supplied_by(seller, concerned), is_active=True)
        .exclude(id=seller.id)
        .order_by("id")
        .values_list("id", "code", "kind", "tier__code", "channel__code", "region_id")
    )
    none: frozenset[str] = frozenset()
    for party_id, code, kind, tier, channel, region in rows.iterator(chunk_size=5000):
        yield (
            party_id,
            Buyer(
                id=code,
                level=kind,
                tier=tier,
                channel=channel,
                tags=frozenset(tags[party_id]) if party_id in tags else none,
                region=region_path(region) if region else (),
                contract=contracts.get(party_id),
            ),
        )


def _supplied_by(seller: Party, concerned: set[AudienceOf]) -> Q:
    """Return the filter for the buyers of a seller.

    The manufacturer sells to dealers and members, and to outlets only where a list names them.
    """
    found = Q(parent_id=seller.id)
    if seller.kind == MANUFACTURER:
        found |= Q(kind__in=[DEALER, MEMBER])
        found |= Q(kind__in=[value for kind, value in concerned if kind == AudienceKind.LEVEL])
        found |= Q(code__in=[value for kind, value in concerned if kind == AudienceKind.PARTY])
    return found
