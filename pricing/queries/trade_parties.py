"""The facts of a seller and a buyer that a quote needs, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from alliance.queries import CONTRACT_IN_FORCE, ContractInForce
from dealers.models.region import region_path
from dealers.queries.traders import UnknownParty
from kernel.refusals import Refusal
from pricing.domain.audience import Buyer
from tenancy.context import active_tenant_id


class ContractNotInForce(Refusal):
    code = "contract_not_in_force"


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """The facts of a seller that a quote and an order need."""

    id: UUID
    code: str
    kind: str
    tracks_stock: bool
    confirms_itself: bool
    name: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """The facts of a buyer. `region` is the path of codes to its region, root first: ("44", "4413")."""

    id: UUID
    code: str
    kind: str
    tier: str | None
    channel: str | None
    tags: frozenset[str]
    region: tuple[str, ...]
    contract: ContractInForce | None = None
    parent_id: UUID | None = None
    name: str = ""
    is_active: bool = True

    @property
    def contract_id(self) -> UUID | None:
        return None if self.contract is None else self.contract.id

    @property
    def contract_code(self) -> str | None:
        return None if self.contract is None else self.contract.code

    def as_buyer(self) -> Buyer:
        return Buyer(
            id=self.code,
            level=self.kind,
            tier=self.tier,
            channel=self.channel,
            tags=self.tags,
            region=self.region,
            contract=self.contract_code,
        )

    def audiences(self) -> tuple[tuple[str, str], ...]:
        """Return every audience (kind, value) that includes this buyer."""
        named = [
            ("everyone", ""),
            ("level", self.kind),
            ("party", self.code),
            ("tier", self.tier),
            ("channel", self.channel),
            ("contract", self.contract_code),
            *(("tag", tag) for tag in sorted(self.tags)),
            *(("region", code) for code in self.region),
        ]
        return tuple([(kind, value) for kind, value in named if value is not None])


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """The facts of a product that a quote and an order need."""

    id: UUID
    sku: str
    name: str
    tax_rate: Decimal


def two_parties(
    *, seller_id: UUID, buyer_id: UUID, on: date, contract_id: UUID | None = None
) -> tuple[SellerFacts, BuyerFacts]:
    """Return the facts of both parties. Raise UnknownParty or ContractNotInForce."""
    rows = _parties(seller_id, buyer_id, on, contract_id)
    for party_id, field in ((seller_id, "seller"), (buyer_id, "buyer")):
        if party_id not in rows:
            raise UnknownParty(_("There is no such party."), field=field)
    seller, buyer = rows[seller_id], rows[buyer_id]
    contract = buyer["contract"]
    if contract is None and contract_id is not None:
        message = _("The contract does not hold between these two parties on this day.")
        raise ContractNotInForce(message, field="contract")
    return (
        SellerFacts(
            seller_id,
            seller["code"],
            seller["kind"],
            seller["tracks_stock"],
            seller["confirms_itself"],
            seller["name"],
            seller["is_active"],
        ),
        BuyerFacts(
            id=buyer_id,
            code=buyer["code"],
            kind=buyer["kind"],
            tier=buyer["tier"],
            channel=buyer["channel"],
            tags=frozenset(buyer["tags"]),
            region=region_path(buyer["region"]) if buyer["region"] else (),
            contract=contract,
            parent_id=buyer["parent_id"],
            name=buyer["name"],
            is_active=buyer["is_active"],
        ),
    )


_PARTY = (
    "id",
    "code",
    "kind",
    "name",
    "region",
    "parent_id",
    "tracks_stock",
    "confirms_itself",
    "is_active",
    "tier",
    "channel",
    "tags",
)


_PARTIES = (
    "SELECT p.id, p.code, p.kind, p.name, p.region_id, p.parent_id, p.tracks_stock,"
    " p.confirms_itself, p.is_active, tier.code, channel.code, ARRAY("
    "  SELECT tag.code FROM dealers_partytag has"
    "  JOIN dealers_tag tag ON tag.tenant_id = has.tenant_id AND tag.id = has.tag_id"
    "  WHERE has.tenant_id = p.tenant_id AND has.party_id = p.id), c.*"
    " FROM dealers_party p"
    " LEFT JOIN dealers_tier tier ON tier.tenant_id = p.tenant_id AND tier.id = p.tier_id"
    " LEFT JOIN dealers_channel channel ON channel.tenant_id = p.tenant_id AND channel.id = p.channel_id"
    f" LEFT JOIN ({CONTRACT_IN_FORCE}) c"
    "  ON p.id = %(buyer)s AND (p.kind = 'member' OR %(contract)s::uuid IS NOT NULL)"
    " WHERE p.tenant_id = %(tenant)s AND p.id IN (%(seller)s, %(buyer)s)"
)


def _parties(
    seller_id: UUID, buyer_id: UUID, on: date, contract_id: UUID | None
) -> dict[UUID, dict[str, Any]]:
    """Return both parties by id; `contract` is the buyer's contract with the seller."""
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "seller": seller_id,
        "buyer": buyer_id,
        "on": on,
        "contract": contract_id,
    }
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, values)
        for row in cursor.fetchall():
            columns, contract = row[: len(_PARTY)], row[len(_PARTY) :]
            party = dict(zip(_PARTY, columns, strict=True))
            party["contract"] = None if contract[0] is None else ContractInForce(*contract)
            found[party["id"]] = party
    return found
