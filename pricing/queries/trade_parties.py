"""The facts of a seller and a buyer that a quote needs, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from alliance.queries import ContractInForce
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


TradeParties = tuple[SellerFacts, BuyerFacts]


def two_parties(
    *, seller_id: UUID, buyer_id: UUID, on: date, contract_id: UUID | None = None
) -> TradeParties:
    """Return the facts of both parties. Raise UnknownParty or ContractNotInForce."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM trade_parties(%s, %s, %s, %s, %s)",
            [active_tenant_id(), seller_id, buyer_id, on, contract_id],
        )
        seller, buyer = parties_of(cursor.fetchall(), seller_id=seller_id, buyer_id=buyer_id)
    if buyer.contract is None and contract_id is not None:
        message = _("The contract does not hold between these two parties on this day.")
        raise ContractNotInForce(message, field="contract")
    return seller, buyer


def parties_of(rows: Iterable[Sequence[Any]], *, seller_id: UUID, buyer_id: UUID) -> TradeParties:
    """Return the facts in the rows of the database's function trade_parties. Raise UnknownParty."""
    found = {row[0]: row for row in rows}
    for party_id, field in ((seller_id, "seller"), (buyer_id, "buyer")):
        if party_id not in found:
            raise UnknownParty(_("There is no such party."), field=field)
    seller = dict(zip(_PARTY, found[seller_id], strict=False))
    buyer = dict(zip(_PARTY, found[buyer_id], strict=False))
    contract = found[buyer_id][len(_PARTY) :]
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
            contract=None if contract[0] is None else ContractInForce(*contract),
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
