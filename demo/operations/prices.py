"""The prices of the demonstration, from the factory to the outlet, and their lists.

Past orders are priced by `price_for`. The published lists contain the same prices, so that every past
line can be explained by its list.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from demo.operations.names import CATEGORIES
from demo.operations.scenario import Someone, Ware
from kernel.money import cents

SIZES = (Decimal("2.30"), Decimal("4.60"), Decimal("7.90"), Decimal("16.80"), Decimal("43.00"))
CATEGORY = dict(
    zip(CATEGORIES, map(Decimal, ("1", "1.15", "0.7", "0.8", "1.3", "1.2", "1.35", "1.6")), strict=True)
)
KIND = Decimal("0.07")
MEMBER, OUTLET = Decimal("1.09"), Decimal("1.21")
LISTS = {
    "TIER-CORE": ("核心经销商价", "tier", "core", Decimal("0.965")),
    "TIER-KEY": ("重点经销商价", "tier", "key", Decimal("0.985")),
    "REGION-44": ("广东区域价", "region", "44", Decimal("0.99")),
    "BASE-D": ("经销商基准价", "level", "dealer", Decimal("1")),
}
"""The maker's lists for dealers by code: name, audience kind and code, factor; strongest first."""

CONTRACT, MEMBER_LIST, OUTLET_LIST = "HT", "BASE-A", "BASE-T"
CONTRACT_FACTOR = Decimal("0.98")
EIGHT_GET_ONE = 8


class Price(NamedTuple):
    price: Decimal
    price_list: str


def factory_price(ware: Ware) -> Decimal:
    """Return what an ordinary dealer pays for a base unit, tax included."""
    kind, size = int(ware.sku[-2]) - 1, int(ware.sku[-1]) - 1
    return cents(SIZES[size] * CATEGORY[ware.category] * (1 + KIND * kind))


def member_price(ware: Ware) -> Decimal:
    return cents(factory_price(ware) * MEMBER)


def outlet_price(ware: Ware) -> Decimal:
    return cents(factory_price(ware) * OUTLET)


def advised_resale(ware: Ware) -> Decimal:
    """Return the resale price that the maker advises to a member; it is not binding."""
    return cents(factory_price(ware) * OUTLET)


def contract_price(ware: Ware) -> Decimal:
    return cents(member_price(ware) * CONTRACT_FACTOR)


def dealers_list(dealer: Someone) -> str:
    """Return the code of a dealer's list: of its tier, else of its region, else of its level."""
    if dealer.tier in {"core", "key"}:
        return f"TIER-{dealer.tier.upper()}"
    return "REGION-44" if (dealer.region or "").startswith("44") else "BASE-D"


def price_for(ware: Ware, seller: Someone, buyer: Someone, contract: str | None = None) -> Price:
    """Return the price of a base unit and the code of its list."""
    if seller.kind == "manufacturer":
        code = dealers_list(buyer)
        return Price(cents(factory_price(ware) * LISTS[code][3]), code)
    if buyer.kind == "member":
        if contract:
            return Price(contract_price(ware), f"{CONTRACT}-{contract}")
        return Price(member_price(ware), MEMBER_LIST)
    return Price(outlet_price(ware), OUTLET_LIST)
