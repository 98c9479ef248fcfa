"""The price book of one buyer: 5,000 products, 10 of 200 lists and 8 of 50 schemes apply.

`ms` is the median time of the complete book: the facts of both parties, the products for sale, lists, entries
and schemes read, every price and its quantity breaks resolved. `cold_ms` is the first book of the process,
which also reads the entries. `bare_ms` is that of the candidates' rows merely read. The bar is 200 ms.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import django
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

django.setup()

from catalogue.models import Product
from dealers.models import Channel, Party, PartyTag, Tag, Tier
from pricing.models import PriceList, Scheme
from pricing.queries.price_book import price_book
from tenancy.context import active_tenant_id, tenant_active
from tenancy.models import Tenant

SLUG = "bench-price-book"
PRODUCTS, LISTS, OTHER_ENTRIES, SCHEMES, ROUNDS = 5000, 200, 500, 50, 20
OURS = [
    ("everyone", ""),
    ("level", "dealer"),
    ("region", "44"),
    ("region", "4401"),
    ("region", "440103"),
    ("tier", "core"),
    ("channel", "wholesale"),
    ("tag", "township"),
    ("tag", "key"),
    ("party", "B-BUYER"),
]
ENTRIES = """
INSERT INTO pricing_priceentry (id, tenant_id, price_list_id, product_id, price, per, min_qty)
SELECT gen_random_uuid(), l.tenant_id, l.id, p.id, 10 + (hashtext(l.code || p.sku) & 4095) / 100.0, 1,
  CASE WHEN l.code < 'BL-010' THEN 10 * right(l.code, 1)::int ELSE 0 END
FROM pricing_pricelist l JOIN catalogue_product p ON p.tenant_id = l.tenant_id
WHERE l.tenant_id = %s AND (l.code < 'BL-010' OR right(p.sku, 4)::int < %s)
"""
BARE = """
SELECT e.product_id, e.price, e.per, e.min_qty, e.price_list_id FROM pricing_priceentry e
JOIN pricing_pricelist l ON l.tenant_id = e.tenant_id AND l.id = e.price_list_id
WHERE e.tenant_id = %s AND l.code < 'BL-010'
"""


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with ms, sql, peak_mb, cold_ms, bare_ms and ratio (ms to bare_ms)."""
    tenant_id = _tenant()
    with tenant_active(tenant_id):
        today = timezone.localdate()
        ids = dict(Party.objects.values_list("code", "id"))

        def run() -> Any:
            return price_book(seller_id=ids["B-MAKER"], buyer_id=ids["B-BUYER"], on=today)

        began = time.perf_counter()
        book = run()
        cold_ms = (time.perf_counter() - began) * 1000
        if len(book) != PRODUCTS or len({one.price_list for row in book for one in row.breaks}) != len(OURS):
            raise SystemExit(f"The book has {len(book)} products, or not each list sets a price.")
        with CaptureQueriesContext(connection) as statements:
            run()
        ms, bare_ms = _median(run), _median(lambda: _bare(tenant_id))
    answer = {
        "ms": ms,
        "sql": len(statements),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cold_ms": cold_ms,
        "bare_ms": bare_ms,
        "ratio": ms / bare_ms,
    }
    print(json.dumps({key: round(value, 2) for key, value in answer.items()}))
    return 0


def _median(run: Callable[[], Any]) -> float:
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _bare(tenant_id: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [tenant_id])
        return cursor.fetchall()


def _tenant() -> UUID:
    """Return the benchmark's tenant, filled on its first run."""
    tenant, _made = Tenant.objects.using("owner").get_or_create(slug=SLUG, defaults={"name": SLUG})
    with tenant_active(tenant.id):
        is_empty = not Scheme.objects.exists()
        if is_empty:
            print("filling the tenant of the benchmark", file=sys.stderr)
            _fill()
    if is_empty:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")
    return UUID(str(tenant.id))


def _fill() -> None:
    maker = Party.objects.create(kind="manufacturer", code="B-MAKER", name="Maker")
    buyer = Party.objects.create(
        kind="dealer",
        code="B-BUYER",
        name="Buyer",
        parent=maker,
        region_id="440103",
        tier=Tier.objects.create(code="core", name="core", from_score=80),
        channel=Channel.objects.create(code="wholesale", name="wholesale"),
    )
    for tag in ("township", "key"):
        PartyTag.objects.create(party=buyer, tag=Tag.objects.create(code=tag, name=tag))
    Product.objects.bulk_create(Product(sku=f"Q{n:04}", name=f"Product {n}") for n in range(PRODUCTS))
    others = [("party", f"OTHER-{n}") for n in range(LISTS - len(OURS))]
    PriceList.objects.bulk_create(
        PriceList(seller=maker, code=f"BL-{n:03}", audience_kind=kind, audience_value=value)
        for n, (kind, value) in enumerate([*OURS, *others])
    )
    with connection.cursor() as cursor:
        # The narrower the audience, the larger the least quantity, so that every list sets some prices.
        cursor.execute(ENTRIES, [active_tenant_id(), OTHER_ENTRIES])
    PriceList.objects.update(state=PriceList.State.PUBLISHED)
    steps = [{"from": "1000", "percent_off": "0.02"}, {"from": "5000", "percent_off": "0.05"}]
    some = [f"Q{n:04}" for n in range(0, PRODUCTS, 50)]
    ours: list[tuple[str, dict[str, Any]]] = [
        *[("special_price", {"skus": some[n::3], "price": "9.99"}) for n in range(3)],
        *[("free_goods", {"skus": some[n::3], "buy": 8, "free": 1, "mode": "unit"}) for n in range(3)],
        ("step", {"skus": some, "steps": steps}),
        ("order_amount", {"steps": [{"from": "2000", "amount_off": "100"}]}),
    ]
    Scheme.objects.bulk_create(
        Scheme(
            seller=maker,
            code=f"BS-{n:02}",
            kind=kind,
            terms=terms,
            state="published",
            audience_kind="everyone" if n < len(ours) else "party",
            audience_value="" if n < len(ours) else f"OTHER-{n}",
        )
        for n, (kind, terms) in enumerate([*ours, *[("step", {"steps": steps})] * (SCHEMES - len(ours))])
    )
