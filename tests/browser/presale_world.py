"""A member with an outlet, prices and a person: what the pre-sale tests walk through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalogue.models import Product, Unit
from dealers.models import Membership, Party
from pricing.models import PriceList
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_channel, a_manufacturer, a_party, a_price_list, a_product, a_scheme
from tests.people import a_membership, a_user


@dataclass
class PresaleWorld:
    tenant: Tenant
    dealer: Party
    member: Party
    outlet: Party
    other: Party
    soy: Product
    oyster: Product
    wine: Product
    seller: Membership
    rival: Membership
    dealer_person: Membership

    def set_price(self, product: Product, price: str) -> None:
        """A newer list for a case of it goes before the old one."""
        with tenant_active(self.tenant):
            _publish(self.member, {product: price}, priority=PriceList.objects.count())

    @property
    def address(self) -> str:
        return f"/m/outlets/{self.outlet.id}"


def presale_world(*, scheme: bool = False) -> PresaleWorld:
    """四会陈记 sells to 阿强大排档: three products by the case of 12, at 92.00, 112.00 and 64.80."""
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        maker = a_manufacturer(name=tenant.name)
        dealer = a_party("dealer", name="肇庆恒丰粮油贸易", parent=maker)
        member = a_party("member", name="四会陈记调味批发部", parent=dealer)
        place = {"region_id": "441284", "channel": a_channel("餐饮")}
        outlet = a_party("outlet", name="阿强大排档", parent=member, address="城中街道朝阳路 8 号", **place)
        other = a_party("outlet", name="好运来酒家", parent=member, **place)
        products = [
            a_product(sku, name=name, search=f"{sku} {name} {initials}".lower())
            for sku, name, initials in (
                ("LZ1012", "金标生抽 500ml×12", "jbsc"),
                ("LZ2021", "鲜上鲜蚝油 700g×12", "xsxhy"),
                ("LZ3050", "广式料酒 500ml×12", "gslj"),
            )
        ]
        for product in products:
            Unit.objects.create(product=product, name="箱", factor=12)
        _publish(member, dict(zip(products, ("92", "112", "64.80"), strict=True)))
        if scheme:
            a_scheme(member, "step", {"steps": [{"from": "500", "percent_off": "0.05"}]}, code="KJ-500")
        return PresaleWorld(
            tenant,
            dealer,
            member,
            outlet,
            other,
            *products,
            seller=a_membership(member, user=_person("陈志远")),
            rival=a_membership(member, "sales_rep", user=_person("李小兰")),
            dealer_person=a_membership(dealer, user=_person("冯国强")),
        )


def _publish(seller: Party, prices: dict[Product, str], **values: Any) -> None:
    a_price_list(seller, dict(prices), per=12, **values)


def _person(name: str) -> Any:
    return a_user(first_name=name)
