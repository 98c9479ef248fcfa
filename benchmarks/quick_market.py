"""A dealer's quick order at full size: 5,000 products, 10 of 200 price lists and 8 of 50 schemes apply.

Every list prices every product. Every product has a limit (most advise, some block), stock (some of it
too little), a case of twelve and a barcode. The dealer has a credit limit.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from catalogue.models import Product
from catalogue.operations.products import product_search
from dealers.models import Channel, Party, PartyTag, Tag, Tier
from ledger.models import Book
from ledger.operations.books import open_books
from pricing.models import PriceList, Scheme
from tenancy.context import active_tenant_id

PRODUCTS, LISTS, SCHEMES, LINES, LARGEST = 5_100, 200, 50, 5_000, 1_114
GIFT = f"Q{PRODUCTS - 1:04}"
NAMES = ("金标生抽", "草菇老抽", "鲜上鲜蚝油", "原晒豆酱", "白米醋", "广式料酒", "鲜鸡粉", "蒜蓉辣酱")
TAGS = ("township", "cold")
OURS = [
    ("everyone", ""),
    ("level", "dealer"),
    ("region", "44"),
    ("region", "4401"),
    ("region", "440103"),
    ("tier", "core"),
    ("channel", "catering"),
    ("tag", "township"),
    ("tag", "cold"),
    ("party", "B-DEALER"),
]


@dataclass(frozen=True, slots=True)
class QuickMarket:
    maker: Party
    dealer: Party


def build() -> QuickMarket:
    maker = Party.objects.create(
        kind="manufacturer", code="B-MAKER", name="岭珠味业", tracks_stock=True, confirms_itself=False
    )
    dealer = Party.objects.create(
        kind="dealer",
        code="B-DEALER",
        name="肇庆恒丰粮油贸易",
        parent=maker,
        region_id="440103",
        tier=Tier.objects.create(code="core", name="核心", from_score=80),
        channel=Channel.objects.create(code="catering", name="餐饮"),
    )
    tags = Tag.objects.bulk_create(Tag(code=code, name=code) for code in TAGS)
    PartyTag.objects.bulk_create(PartyTag(party=dealer, tag=tag) for tag in tags)
    goods = [
        Product(sku=f"Q{n:04}", name=f"{NAMES[n % 8]} {n} 号", base_unit="瓶", tax_rate="0.13")
        for n in range(PRODUCTS)
    ]
    for one in goods:
        one.search = product_search(one)
    Product.objects.bulk_create(goods, batch_size=1000)
    others = [("party", f"OTHER-{n}") for n in range(LISTS - len(OURS))]
    PriceList.objects.bulk_create(
        PriceList(seller=maker, code=f"BL-{n:03}", audience_kind=kind, audience_value=value)
        for n, (kind, value) in enumerate([*OURS, *others])
    )
    _by_sql(maker.id)
    PriceList.objects.update(state=PriceList.State.PUBLISHED)
    _schemes(maker)
    pair = (maker.id, dealer.id)
    Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit="900000000")
    return QuickMarket(maker, dealer)


def _by_sql(maker_id: UUID) -> None:
    """Insert units, barcodes, prices, limits and stock of every product.

    The narrower a list's audience, the larger its least quantity, so that every list wins somewhere.
    """
    with connection.cursor() as cursor:
        for statement in (
            "INSERT INTO catalogue_unit (id, tenant_id, product_id, name, factor)"
            " SELECT gen_random_uuid(), tenant_id, id, '箱', 12 FROM catalogue_product"
            " WHERE tenant_id = %(tenant)s",
            "INSERT INTO catalogue_barcode (id, tenant_id, product_id, code)"
            " SELECT gen_random_uuid(), tenant_id, id, '690123' || lpad(right(sku, 4), 7, '0')"
            " FROM catalogue_product WHERE tenant_id = %(tenant)s",
            "INSERT INTO pricing_priceentry (id, tenant_id, price_list_id, product_id, price, per, min_qty)"
            " SELECT gen_random_uuid(), l.tenant_id, l.id, p.id,"
            "  100 + (hashtext(l.code || p.sku) & 4095) / 100.0, 12,"
            "  CASE WHEN l.code < 'BL-010' THEN 24 * right(l.code, 1)::int ELSE 0 END"
            " FROM pricing_pricelist l JOIN catalogue_product p ON p.tenant_id = l.tenant_id"
            " WHERE l.tenant_id = %(tenant)s",
            "INSERT INTO pricing_limit (id, tenant_id, seller_id, product_id, contract_code, clause,"
            "  floor, action)"
            " SELECT gen_random_uuid(), tenant_id, %(maker)s, id, '', '3.6', 8,"
            "  CASE WHEN right(sku, 2) = '05' THEN 'block' ELSE 'advise' END"
            " FROM catalogue_product WHERE tenant_id = %(tenant)s",
            "INSERT INTO ordering_stock (id, tenant_id, party_id, product_id, on_hand, safety, quarantine,"
            "  hard, soft)"
            " SELECT gen_random_uuid(), tenant_id, %(maker)s, id,"
            "  CASE WHEN right(sku, 2) = '11' THEN 6 ELSE 50000000 END, 0, 0, 0, 0"
            " FROM catalogue_product WHERE tenant_id = %(tenant)s",
        ):
            cursor.execute(statement, {"tenant": active_tenant_id(), "maker": maker_id})


def _schemes(maker: Party) -> None:
    some = [f"Q{n:04}" for n in range(0, PRODUCTS, 5)]
    steps = [{"from": "100000", "percent_off": "0.02"}, {"from": "90000000", "percent_off": "0.05"}]
    ours: list[tuple[str, dict[str, Any]]] = [
        ("special_price", {"skus": some[:500], "price": "99.9"}),
        ("special_price", {"skus": some[500:], "price": "95"}),
        ("step", {"skus": some, "steps": steps}),
        (
            "step",
            {
                "measure": "quantity",
                "steps": [{"from": "500", "percent_off": "0.01"}, {"from": "400000", "percent_off": "0.02"}],
            },
        ),
        ("order_amount", {"steps": [{"from": "2000", "amount_off": "100"}]}),
        ("free_goods", {"skus": some[:400], "buy": 8, "free": 1, "mode": "unit"}),
        ("free_goods", {"skus": some[400:800], "buy": 12, "free": 1, "mode": "proportional"}),
        ("free_goods", {"buy": 1000, "free": 1, "mode": "unit", "gift_sku": GIFT}),
    ]
    others = [("step", {"steps": steps})] * (SCHEMES - len(ours))
    Scheme.objects.bulk_create(
        Scheme(
            seller=maker,
            code=f"BS-{n:02}",
            name=f"优惠 {n}",
            kind=kind,
            terms=terms,
            state="published",
            audience_kind="everyone" if n < len(ours) else "party",
            audience_value="" if n < len(ours) else f"OTHER-{n}",
        )
        for n, (kind, terms) in enumerate([*ours, *others])
    )


def ordered_rows(count: int, *, good: bool = False) -> list[tuple[str, int, str]]:
    """Return rows of (reference, quantity, unit): SKUs, barcodes, names, and words of names.

    Two of each thousand references name no product. `good`: only SKUs that can be sent.
    """
    dice, rows = random.Random(7), []
    numbers = [n for n in range(PRODUCTS - 1) if not good or n % 100 not in (5, 11)]
    for place, n in enumerate(numbers[:count]):
        reference = f"Q{n:04}"
        if not good:
            if place % 500 == 3:
                reference = f"没有的货 {n}"
            elif place % 10 == 4:
                reference = f"690123{n:07}"
            elif place % 10 == 7:
                reference = f"{NAMES[n % 8]} {n} 号"
            elif place % 100 == 1:
                reference = f"{NAMES[n % 8][-2:]} {n} 号"
        rows.append((reference, dice.choice((1, 2, 3, 5, 10, 20)), "箱"))
    return rows
