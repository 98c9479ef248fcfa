"""A manufacturer with a director, a dealer and its member with their owners, and what they trade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from accounts.rights import the_system
from alliance.models import Contract
from alliance.operations.drafting import NewArea, NewSpread, draft_contract
from alliance.operations.evidence import NewEvidence, record_evidence, service_evidence
from alliance.operations.measurement import measure_month
from alliance.operations.new_terms import NO_TERMS, NewTerms
from alliance.operations.signing import sign_contract, submit_contract
from catalogue.models import Category
from dealers.models import Membership, Party
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.event_handlers import record_delivery_evidence
from ordering.operations.placing import place_order
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, an_actor
from tests.people import a_membership, a_user, signed_in

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
HUICHENG = "441302"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass
class AllianceWorld:
    tenant: Tenant
    maker: Party
    dealer: Party
    member: Party
    director: Membership
    dealer_owner: Membership
    member_owner: Membership
    product: Any
    category: Category

    def draft(self, code: str = "C-0412", terms: NewTerms = NO_TERMS, **values: Any) -> Contract:
        """A region, one spread and a delivery time, for a year that began a hundred days ago."""
        given: dict[str, Any] = {
            "manufacturer": self.maker,
            "dealer": self.dealer,
            "member": self.member,
            "starts_on": TODAY - timedelta(days=100),
            "until": TODAY + timedelta(days=265),
            "delivery_hours": 48,
            "late_fee": Decimal("120.00"),
        } | values
        with tenant_active(self.tenant):
            return draft_contract(
                contract=Contract(code=code, **given),
                areas=[NewArea(self.category.code, HUICHENG)],
                spreads=[NewSpread(self.product.sku, "3.2", Decimal("6.5"), Decimal(92))],
                terms=terms,
                by=an_actor(self.maker),
                at=AT,
            )

    def submitted(self, code: str = "C-0412", **values: Any) -> Contract:
        draft = self.draft(code, **values)
        with tenant_active(self.tenant):
            return submit_contract(contract_id=draft.id, by=an_actor(self.maker), at=AT)

    def sign(self, contract: Contract, *parties: Party) -> Contract:
        with tenant_active(self.tenant):
            for party in parties or (contract.manufacturer, contract.dealer, contract.member):
                contract = sign_contract(
                    contract_id=contract.id, digest=contract.digest, by=an_actor(party), at=AT
                )
        return contract

    def active(self, code: str = "C-0412", **values: Any) -> Contract:
        return self.sign(self.submitted(code, **values))

    def late_delivery(self, contract: Contract, on: date, *, hours: int = 60) -> None:
        """A delivery that took so many hours, measured."""
        told = service_evidence(
            contract_id=contract.id,
            source=f"shipment:{contract.id}:service",
            on=on,
            ordered_at=AT,
            delivered_at=AT + timedelta(hours=hours),
            promised_hours=48,
            late_fee=Decimal("120.00"),
        )
        self.record(told, on)

    def record(self, evidence: NewEvidence, on: date) -> None:
        with tenant_active(self.tenant):
            record_evidence([evidence])
            measure_month(month=on, at=AT)

    def client(self, membership: Membership) -> Client:
        return signed_in(membership)


def alliance_world() -> AllianceWorld:
    """In the tenant acme; the people read Chinese."""
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        maker = a_manufacturer(name="岭珠味业有限公司")
        dealer = a_party("dealer", parent=maker, tracks_stock=True, name="肇庆恒丰粮油贸易")
        member = a_party("member", parent=dealer, name="四会陈记调味批发部", region_id=HUICHENG)
        category = Category.objects.get_or_create(code="soy", defaults={"name": "酱油"})[0]
        product = a_product(name="金标生抽 500ml", category=category)
        director, dealer_owner, member_owner = (
            a_membership(party, user=a_user(first_name=name))
            for party, name in ((maker, "周启明"), (dealer, "冯国强"), (member, "陈志远"))
        )
    return AllianceWorld(
        tenant, maker, dealer, member, director, dealer_owner, member_owner, product, category
    )


def bought(world: AllianceWorld, at: datetime, *, hours: int, price: str) -> None:
    """The member orders twelve from the dealer at this price; they come after so many hours."""
    with tenant_active(world.tenant):
        a_price_list(world.dealer, {world.product: price})
        count_stock(
            party_id=world.dealer.id,
            rows=[(world.product.sku, 100)],
            source="opening",
            by=the_system(),
            at=at,
        )
        order = place_order(
            seller_id=world.dealer.id,
            buyer_id=world.member.id,
            lines=[(world.product.sku, 12)],
            by=the_system(),
            at=at,
        )
        confirm_order(order_id=order.id, by=the_system(), at=at)
        shipment = ship(order_id=order.id, by=the_system(), at=at + timedelta(hours=1))
        late = at + timedelta(hours=hours)
        deliver(shipment_id=shipment.id, signed_by="陈志远", by=the_system(), at=late)
        record_delivery_evidence({"shipment_id": str(shipment.id)}, late)
        measure_month(month=late.date(), at=late)
