"""Create limits of each scope, and orders with a price that the director set by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alliance.models import Contract
from catalogue.models import Category
from demo.operations.people import staff_actor
from demo.operations.prices import factory_price
from demo.operations.scenario import Plan, Ware, World
from kernel.money import cents
from ordering.operations.manual_prices import price_override
from ordering.operations.placing import place_order
from ordering.queries.orders import OrderFacts
from pricing.models import Limit

SEASONINGS = "TWP"
NEARLY_NOTHING = Decimal("0.10")
WELL_BELOW, BELOW_REVIEW = Decimal("0.97"), Decimal("0.89")


def make_limits_of_scopes(world: World) -> int:
    """Put the categories below one, and create a limit for each scope; they stop only absurd prices."""
    seasonings = Category.objects.create(code=SEASONINGS, name="调味品", name_en="Seasonings")
    Category.objects.exclude(id=seasonings.id).update(parent=seasonings)
    dealer = world.dealers[0]
    contract = Contract.objects.filter(dealer=dealer.id, state=Contract.State.ACTIVE).order_by("code").first()
    common: dict[str, Any] = {"floor": NEARLY_NOTHING, "action": Limit.Action.REVIEW}
    limits = [
        Limit(seller_id=world.maker.id, category=seasonings, clause="C1 调味品底价", **common),
        Limit(seller_id=world.maker.id, level="dealer", clause="L1 经销商底价", **common),
        Limit(
            seller_id=world.maker.id,
            category=seasonings,
            region_id=dealer.region,
            clause="R1 区域底价",
            **common | {"action": Limit.Action.ADVISE},
        ),
        Limit(seller_id=dealer.id, level="member", clause="M-L1 联盟商底价", **common),
    ]
    if contract is not None:
        limits.append(
            Limit(
                seller_id=dealer.id,
                category=seasonings,
                contract_code=contract.code,
                clause="3.6",
                **common,
            )
        )
    Limit.objects.bulk_create(limits)
    return len(limits)


def make_manual_prices(plan: Plan, world: World, next_moment: Callable[[], datetime]) -> list[OrderFacts]:
    """Return two orders of the first dealer: one placed at a manual price, one that needs approval for it."""
    dealer = world.dealers[1]
    ware, reviewed = world.wares[:2]
    return [
        _placed(plan, world, dealer.id, ware, WELL_BELOW, "新品铺货首单支持", next_moment()),
        _placed(plan, world, dealer.id, reviewed, BELOW_REVIEW, "临期产品处理", next_moment()),
    ]


def _placed(
    plan: Plan, world: World, buyer_id: UUID, ware: Ware, share: Decimal, reason: str, at: datetime
) -> OrderFacts:
    override = price_override(
        seller_id=world.maker.id,
        price=cents(factory_price(ware) * share),
        per=1,
        reason=reason,
        by=staff_actor("director"),
        at=at,
    )
    return place_order(
        seller_id=world.maker.id,
        buyer_id=buyer_id,
        lines=[(ware.sku, 2 * ware.case)],
        by=plan.by,
        at=at,
        overrides={ware.sku: override},
    )
