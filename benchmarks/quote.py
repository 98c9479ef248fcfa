"""500 prices with their reasons for one buyer: 10 of 200 lists and 8 of 50 schemes apply.

`ms` is the median time of the complete quote as the API answers it (the facts of both parties, the
contract, lists, schemes and limits read; the order priced; every price considered explained),
`bare_ms` that of one hand-written statement that only fetches the same winning base prices.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import django
import psycopg2
import psycopg2.extras
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

django.setup()

from alliance.models import Contract
from catalogue.models import Product
from dealers.models import Channel, Party, PartyTag, Tag, Tier
from pricing.domain import quote_case
from pricing.models import PriceList, Scheme
from pricing.queries import quote_for
from tenancy.context import active_tenant_id, tenant_active
from tenancy.models import Tenant

SLUG = "bench-quote"
PRODUCTS, LINES, LISTS, SCHEMES = 1000, 500, 200, 50
ROUNDS = 40
TODAY = date(2026, 6, 1)
OURS = [
    ("everyone", ""),
    ("level", "member"),
    ("region", "44"),
    ("region", "4401"),
    ("region", "440103"),
    ("tier", "core"),
    ("channel", "catering"),
    ("tag", "township"),
    ("party", "B-MEMBER"),
    ("contract", "B-CONTRACT"),
]


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with ms, sql, peak_mb, bare_ms and ratio (ms to bare_ms)."""
    tenant_id = _tenant()
    with tenant_active(tenant_id):
        seller_id, buyer_id = _parties()
    lines = [(f"Q{number:04}", 1 + number % 97) for number in range(LINES)]
    with tenant_active(tenant_id):
        run = _quoting(seller_id, buyer_id, lines)
        priced = run()
        sql = _statements(run)
        ms = _median(run)
    bare = _bare(tenant_id, seller_id, buyer_id, lines)
    _assert_same(priced, bare())
    bare_ms = _median(bare)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {"ms": ms, "sql": sql, "peak_mb": peak_mb, "bare_ms": bare_ms, "ratio": ms / bare_ms}
    print(json.dumps({key: round(value, 2) for key, value in answer.items()}))
    return 0


def _quoting(seller_id: UUID, buyer_id: UUID, lines: list[tuple[str, int]]) -> Callable[[], Any]:
    def run() -> Any:
        found = quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=lines, on=TODAY)
        return quote_case.write(found.request, found.quote)

    return run


def _statements(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


def _median(run: Callable[[], Any]) -> float:
    run()
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


BARE = """
WITH buyer AS (
  SELECT p.id, p.code, p.kind, p.region_id, t.code tier, c.code channel, (
    SELECT k.code FROM alliance_contract k WHERE k.tenant_id = p.tenant_id AND k.member_id = p.id
    AND k.dealer_id = %(seller)s AND k.state = 'active' AND k.starts_on <= %(on)s AND k.until > %(on)s
    ORDER BY k.starts_on DESC, k.code DESC LIMIT 1) contract
  FROM dealers_party p
  LEFT JOIN dealers_tier t ON t.tenant_id = p.tenant_id AND t.id = p.tier_id
  LEFT JOIN dealers_channel c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
  WHERE p.tenant_id = %(tenant)s AND p.id = %(buyer)s
), audience AS (
  SELECT 'everyone' kind, '' value, 80 place UNION ALL
  SELECT 'level', kind, 70 FROM buyer UNION ALL
  SELECT 'region', left(region_id, n), 60 - n FROM buyer, unnest(ARRAY[2, 4, 6, 9, 12]) n
    WHERE n <= length(region_id) UNION ALL
  SELECT 'tier', tier, 40 FROM buyer UNION ALL
  SELECT 'channel', channel, 35 FROM buyer UNION ALL
  SELECT 'tag', g.code, 30 FROM buyer JOIN dealers_partytag h ON h.tenant_id = %(tenant)s
    AND h.party_id = buyer.id JOIN dealers_tag g ON g.tenant_id = h.tenant_id AND g.id = h.tag_id
    UNION ALL
  SELECT 'party', code, 20 FROM buyer UNION ALL
  SELECT 'contract', contract, 10 FROM buyer
), lists AS MATERIALIZED (
  SELECT l.id, l.code, a.place, l.priority, l.starts_on FROM pricing_pricelist l
  JOIN audience a ON a.kind = l.audience_kind AND a.value = l.audience_value
  WHERE l.tenant_id = %(tenant)s AND l.seller_id = %(seller)s AND l.state = 'published'
  AND (l.starts_on IS NULL OR l.starts_on <= %(on)s) AND (l.until IS NULL OR l.until > %(on)s)
), wanted AS MATERIALIZED (
  SELECT p.id, w.sku, w.qty, w.n FROM unnest(%(skus)s::text[], %(qty)s::int[])
    WITH ORDINALITY w(sku, qty, n)
  JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.sku = w.sku
)
SELECT DISTINCT ON (w.n) w.sku, w.qty, e.price, e.per, l.code
FROM lists l JOIN pricing_priceentry e ON e.tenant_id = %(tenant)s AND e.price_list_id = l.id
JOIN wanted w ON w.id = e.product_id AND e.min_qty <= w.qty
ORDER BY w.n, l.place, l.priority DESC, e.min_qty DESC, l.starts_on DESC NULLS LAST, l.code
"""


def _bare(
    tenant_id: UUID, seller_id: UUID, buyer_id: UUID, lines: list[tuple[str, int]]
) -> Callable[[], Any]:
    psycopg2.extras.register_uuid()
    database = settings.DATABASES["default"]
    bare = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    )
    cursor = bare.cursor()
    cursor.execute("SET LOCAL app.tenant = %s", [str(tenant_id)])
    values = {
        "tenant": tenant_id,
        "seller": seller_id,
        "buyer": buyer_id,
        "on": TODAY,
        "skus": [sku for sku, _qty in lines],
        "qty": [qty for _sku, qty in lines],
    }

    def run() -> Any:
        cursor.execute(BARE, values)
        return cursor.fetchall()

    return run


def _assert_same(priced: dict[str, Any], rows: Sequence[Any]) -> None:
    ours = [(one["sku"], Decimal(one["base_price"]), one["price_list"]) for one in priced["lines"]]
    if ours != [(sku, price, code) for sku, _qty, price, _per, code in rows]:
        raise SystemExit("The bare statement finds other prices than the quote: neither counts.")
    lists = {one["price_list"] for one in priced["explanation"]["prices"][0]["considered"]}
    applied = sum(one["applied"] for one in priced["explanation"]["schemes"])
    if len(lists) != len(OURS) or applied != 8:
        raise SystemExit(f"{len(lists)} lists and {applied} schemes apply, not {len(OURS)} and 8.")


def _tenant() -> UUID:
    """Return the benchmark's tenant, filled on its first run."""

    tenant, made = Tenant.objects.using("owner").get_or_create(slug=SLUG, defaults={"name": SLUG})
    with tenant_active(tenant.id):
        empty = made or not Party.objects.filter(code="B-MEMBER").exists()
        if empty:
            print("filling the tenant of the benchmark", file=sys.stderr)
            _fill()
    if empty:
        _analyze()
    return tenant.id


def _parties() -> tuple[UUID, UUID]:
    ids = dict(Party.objects.filter(code__in=["B-DEALER", "B-MEMBER"]).values_list("code", "id"))
    return ids["B-DEALER"], ids["B-MEMBER"]


def _fill() -> None:
    maker = Party.objects.create(kind="manufacturer", code="B-MAKER", name="Maker")
    dealer = Party.objects.create(kind="dealer", code="B-DEALER", name="Dealer", parent=maker)
    member = Party.objects.create(
        kind="member",
        code="B-MEMBER",
        name="Member",
        parent=dealer,
        region_id="440103",
        tier=Tier.objects.create(code="core", name="core", from_score=80),
        channel=Channel.objects.create(code="catering", name="catering"),
    )
    PartyTag.objects.create(party=member, tag=Tag.objects.create(code="township", name="township"))
    Contract.objects.create(
        code="B-CONTRACT",
        manufacturer=maker,
        dealer=dealer,
        member=member,
        state="active",
        starts_on=date(2026, 1, 1),
        until=date(2027, 1, 1),
    )
    Product.objects.bulk_create(Product(sku=f"Q{n:04}", name=f"Product {n}") for n in range(PRODUCTS))
    others = [("party", f"OTHER-{n}") for n in range(LISTS - len(OURS))]
    PriceList.objects.bulk_create(
        PriceList(seller=dealer, code=f"BL-{n:03}", audience_kind=kind, audience_value=value)
        for n, (kind, value) in enumerate([*OURS, *others])
    )
    tenant_id = active_tenant_id()
    with connection.cursor() as cursor:
        # The narrower the audience, the larger the least quantity, so that every list wins somewhere.
        cursor.execute(
            "INSERT INTO pricing_priceentry (id, tenant_id, price_list_id, product_id, price, per, min_qty)"
            " SELECT gen_random_uuid(), l.tenant_id, l.id, p.id,"
            "  10 + (hashtext(l.code || p.sku) & 4095) / 100.0, 1,"
            "  CASE WHEN l.code < 'BL-010' THEN 10 * right(l.code, 1)::int ELSE 0 END"
            " FROM pricing_pricelist l JOIN catalogue_product p ON p.tenant_id = l.tenant_id"
            " WHERE l.tenant_id = %s",
            [tenant_id],
        )
        PriceList.objects.update(state=PriceList.State.PUBLISHED)
        cursor.execute(
            "INSERT INTO pricing_limit (id, tenant_id, seller_id, product_id, contract_code, clause,"
            "  floor, action)"
            " SELECT gen_random_uuid(), tenant_id, %s, id, '', 'floor', 12, 'advise'"
            " FROM catalogue_product WHERE tenant_id = %s",
            [dealer.id, tenant_id],
        )
    _fill_schemes(dealer)


def _fill_schemes(dealer: Any) -> None:
    some = [f"Q{n:04}" for n in range(0, LINES, 5)]
    steps = [{"from": "1000", "percent_off": "0.02"}, {"from": "5000", "percent_off": "0.05"}]
    ours: list[tuple[str, dict[str, Any]]] = [
        ("special_price", {"skus": some[:50], "price": "9.99"}),
        ("special_price", {"skus": some[50:], "price": "9.5"}),
        ("step", {"skus": some, "steps": steps}),
        ("step", {"steps": [{"from": "500", "amount_off": "300"}]}),
        ("order_amount", {"steps": [{"from": "2000", "amount_off": "100"}]}),
        ("free_goods", {"skus": some[:40], "buy": 8, "free": 1, "mode": "unit"}),
        ("free_goods", {"skus": some[40:80], "buy": 12, "free": 1, "mode": "proportional"}),
        ("free_goods", {"buy": 100, "free": 1, "mode": "unit", "gift_sku": "Q0999"}),
    ]
    others = [("step", {"steps": steps})] * (SCHEMES - len(ours))
    Scheme.objects.bulk_create(
        Scheme(
            seller=dealer,
            code=f"BS-{n:02}",
            kind=kind,
            terms=terms,
            state="published",
            audience_kind="everyone" if n < len(ours) else "party",
            audience_value="" if n < len(ours) else f"OTHER-{n}",
        )
        for n, (kind, terms) in enumerate([*ours, *others])
    )


def _analyze() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
