"""Create price lists, schemes of each kind and price limits, in every state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from demo.operations.prices import LISTS, MEMBER_LIST, OUTLET_LIST, factory_price, member_price, outlet_price
from demo.operations.scenario import Plan, Someone, Ware, World, month_start, read_world
from imports.operations.sales.bulk_insert import insert_rows, new_ids
from kernel.money import cents
from pricing.models import Limit, PriceList, ProductCost, Scheme, SchemeBudget

DEALER_PRODUCTS, MEMBER_PRODUCTS, LIMITED_WARES = 90, 24, 30
RISING_LIST = "REGION-44"
"""The list of the maker of which a published next version begins next month."""
COST = Decimal("0.62")
BUNDLES_USED = 97  # of a budget of 100
Entry = tuple[UUID, UUID, Decimal, int, Decimal | None]


def portfolio(world: World, seller: Someone) -> Sequence[Ware]:
    """Return the products that a party sells: all, or the first ones for a dealer or a member."""
    if seller.kind == "manufacturer":
        return world.wares
    return world.wares[: DEALER_PRODUCTS if seller.kind == "dealer" else MEMBER_PRODUCTS]


def make_offers(plan: Plan) -> str:
    world = read_world()
    lists, entries = _makers_lists(plan, world)
    for seller in world.dealers:
        more, priced = _list(
            seller, MEMBER_LIST, "联盟商价", ("level", "member"), world, member_price, outlet_price
        )
        lists.append(more)
        entries += priced
    for seller in [*world.dealers, *world.members]:
        more, priced = _list(seller, OUTLET_LIST, "终端价", ("level", "outlet"), world, outlet_price)
        lists.append(more)
        entries += priced
    write_lists(lists, entries)
    ProductCost.objects.bulk_create(
        ProductCost(product_id=ware.id, starts_on=first, cost=cents(factory_price(ware) * COST * factor))
        for ware in world.wares
        for first, factor in ((plan.first_day, Decimal(1)), (month_start(plan.day), Decimal("1.03")))
    )
    schemes = _schemes(plan, world)
    Scheme.objects.bulk_create(schemes)
    SchemeBudget.objects.bulk_create(
        [SchemeBudget(scheme=one, used_units=BUNDLES_USED) for one in schemes if one.has_budget]
    )
    limits = _limits(plan, world)
    Limit.objects.bulk_create(limits)
    return f"{len(lists)} 份价目表、{len(schemes)} 项政策、{len(limits)} 条价格上下限"


def write_lists(lists: Sequence[PriceList], entries: Sequence[Entry]) -> None:
    """Write lists with their entries: (price list, product, price, minimum quantity, advised resale price).

    The entries go into drafts; the database refuses them once a list is published.
    """
    states = [one.state for one in lists]
    for one in lists:
        one.state = PriceList.State.DRAFT
    PriceList.objects.bulk_create(lists, batch_size=1000)
    _write_entries(entries)
    for one, state in zip(lists, states, strict=True):
        one.state = state
    PriceList.objects.bulk_update(lists, ["state"], batch_size=1000)


def _write_entries(entries: Sequence[Entry]) -> None:
    insert_rows(
        "pricing_priceentry",
        {
            "id": ("uuid", new_ids(len(entries))),
            "price_list_id": ("uuid", [entry[0] for entry in entries]),
            "product_id": ("uuid", [entry[1] for entry in entries]),
            "price": ("numeric", [entry[2] for entry in entries]),
            "min_qty": ("int", [entry[3] for entry in entries]),
            "advised_resale": ("numeric", [entry[4] for entry in entries]),
        },
        {"per": 1},
    )


def _list(
    seller: Someone,
    code: str,
    name: str,
    audience: tuple[str, str],
    world: World,
    price: Callable[[Ware], Decimal],
    advised: Callable[[Ware], Decimal] | None = None,
    **values: object,
) -> tuple[PriceList, list[Entry]]:
    made = PriceList(
        seller_id=seller.id,
        code=code,
        name=name,
        audience_kind=audience[0],
        audience_value=audience[1],
        **{"state": PriceList.State.PUBLISHED, **values},
    )
    entries: list[Entry] = [
        (made.id, ware.id, price(ware), 0, advised(ware) if advised else None)
        for ware in portfolio(world, seller)
    ]
    return made, entries


def _makers_lists(plan: Plan, world: World) -> tuple[list[PriceList], list[Entry]]:
    """Return the maker's lists: published, drafts, a withdrawn one, and one for a single party."""
    maker, lists, entries = world.maker, [], []

    def add(code: str, name: str, audience: tuple[str, str], factor: Decimal, **values: object) -> None:
        made, priced = _list(
            maker,
            code,
            name,
            audience,
            world,
            lambda ware: cents(factory_price(ware) * factor),
            member_price if audience == ("level", "dealer") else None,
            **values,
        )
        lists.append(made)
        entries.extend(priced)
        if code == "BASE-D" and not values:
            entries.extend(
                (
                    made.id,
                    ware.id,
                    cents(factory_price(ware) * Decimal("0.98")),
                    ware.case * 50,
                    member_price(ware),
                )
                for ware in world.wares
            )

    soon = month_start(plan.day, 1)
    for code, (name, kind, value, factor) in LISTS.items():
        if code == RISING_LIST:
            add(code, name, (kind, value), factor, until=soon)
            add(code, name, (kind, value), factor * Decimal("1.02"), version=2, starts_on=soon)
        else:
            add(code, name, (kind, value), factor)
    draft = {"state": PriceList.State.DRAFT, "version": 2, "starts_on": soon}
    add("BASE-D", "经销商基准价 下季度", ("level", "dealer"), Decimal("1.03"), **draft)
    reduced = {"state": PriceList.State.DRAFT, "priority": 1, "starts_on": soon}
    following = month_start(plan.day, 2)
    add("PROMO-D", "经销商备货价", ("level", "dealer"), Decimal("0.98"), until=following, **reduced)
    first = month_start(plan.day)  # withdrawn before it began: past orders have other prices
    withdrawn = {"state": PriceList.State.WITHDRAWN, "starts_on": first, "ended_on": first}
    add("TAG-EC", "线上分销价（已撤）", ("tag", "e-com"), Decimal("0.95"), **withdrawn)
    if len(world.dealers) > 4:
        one = world.dealers[4]
        add(
            "PARTY-1",
            f"{one.name} 专供",
            ("party", one.code),
            Decimal("0.96"),
            starts_on=plan.day - timedelta(days=1),
            until=soon,
        )
    return lists, entries


def _schemes(plan: Plan, world: World) -> list[Scheme]:
    maker = world.maker
    skus = [ware.sku for ware in world.wares]
    of = {
        code: [ware.sku for ware in world.wares if ware.category == code] for code in ("SY", "OY", "CE", "HO")
    }
    month, following = month_start(plan.day), month_start(plan.day, 1)
    published, draft, withdrawn = Scheme.State.PUBLISHED, Scheme.State.DRAFT, Scheme.State.WITHDRAWN
    steps = [
        {"from": "5000", "percent_off": "0.01"},
        {"from": "20000", "percent_off": "0.02"},
        {"from": "50000", "percent_off": "0.035"},
    ]

    def scheme(code: str, name: str, kind: str, terms: dict[str, object], **values: object) -> Scheme:
        given = {"seller_id": maker.id, "state": published, "starts_on": month, "until": following}
        return Scheme(code=code, name=name, kind=kind, terms=terms, **given | values)

    special: dict[str, object] = {"skus": of["HO"][:2], "price": "3.80"}
    rows = [
        scheme("TJ-HO", "辣酱特价", "special_price", special),
        scheme(
            "KJ-SY", "酱油坎级", "step", {"skus": of["SY"], "measure": "amount", "steps": steps}, priority=5
        ),
        scheme(
            "KJ-OY",
            "蚝油箱数坎级",
            "step",
            {
                "skus": of["OY"],
                "measure": "quantity",
                "steps": [{"from": "480", "amount_off": "120"}],
            },
        ),
        scheme(
            "TC-SYCE",
            "酱油鸡精组合",
            "bundle",
            {
                "items": [{"sku": of["SY"][0], "qty": 24}, {"sku": of["CE"][0], "qty": 12}],
                "price": "120",
            },
            budget_units=100,
            buyer_units=40,
        ),
        scheme("MJ-3W", "整单满减", "order_amount", {"steps": [{"from": "30000", "amount_off": "300"}]}),
        scheme(
            "MS-CE",
            "鸡精 8 送 1",
            "free_goods",
            {"skus": of["CE"][:3], "buy": 8, "free": 1, "mode": "unit"},
            exclusive_group="free",
        ),
        scheme(
            "MZ-NEW",
            "买酱油赠新品",
            "free_goods",
            {"skus": of["SY"][:3], "buy": 240, "free": 2, "mode": "unit", "cap": 24, "gift_sku": skus[-1]},
            audience_kind="tier",
            audience_value="core",
            exclusive_group="gift",
        ),
        scheme(
            "KJ-NEXT",
            "下月坎级（草稿）",
            "step",
            {"measure": "amount", "steps": steps},
            state=draft,
            starts_on=following,
            until=month_start(plan.day, 2),
        ),
        scheme(
            "TJ-OLD",
            "旧特价（已撤）",
            "special_price",
            {"skus": skus[:2], "price": "1.99"},
            state=withdrawn,
            ended_on=month,
        ),
    ]
    for number, dealer in enumerate(world.dealers[:10]):
        rows.append(
            scheme(
                f"MS-{number + 1}",
                "联盟商 10 送 1",
                "free_goods",
                {
                    "skus": of["OY"][:2],
                    "buy": 10,
                    "free": 1,
                    "mode": "unit",
                },
                seller_id=dealer.id,
                audience_kind="level",
                audience_value="member",
            )
        )
    return rows


def _limits(plan: Plan, world: World) -> list[Limit]:
    """Return floors of the maker's prices and ceilings of some dealers' prices."""
    actions = (Limit.Action.ADVISE, Limit.Action.REVIEW, Limit.Action.BLOCK)
    depth = (Decimal("0.94"), Decimal("0.90"), Decimal("0.80"))
    limits = [
        Limit(
            seller_id=world.maker.id,
            product_id=ware.id,
            clause=f"P{at + 1}",
            action=actions[at % 3],
            floor=cents(factory_price(ware) * depth[at % 3]),
            starts_on=month_start(plan.day, -12),
        )
        for at, ware in enumerate(world.wares[:LIMITED_WARES])
    ]
    limits += [
        Limit(
            seller_id=dealer.id,
            product_id=ware.id,
            clause=f"M{at + 1}",
            action=Limit.Action.REVIEW,
            ceiling=cents(member_price(ware) * Decimal("1.05")),
        )
        for dealer in world.dealers[:12]
        for at, ware in enumerate(world.wares[:5])
    ]
    return limits
