"""Operations that measure the region guarantee: deliveries of others into a granted region.

Orders have no delivery address with a region yet, so that the registered region of the buyer decides.
Source: the contract; "others" are all sellers but the contract's dealer and member (docs/adr/0040).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from alliance.models import GuaranteeKind, GuaranteeTerm, Metric
from alliance.models.contract import CHANNEL_BITS
from alliance.operations.evidence import UnknownContract
from alliance.operations.guarantee_events import GuaranteeEvent, record_events
from catalogue.models import Product
from dealers.models import Party
from kernel.cases import plain
from kernel.money import ZERO_MONEY
from tenancy.context import active_tenant_id

# Deliveries to these count: a delivery to a dealer fills its store, and sells nothing in the region.
BUYERS = (Party.Kind.MEMBER, Party.Kind.OUTLET)


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """Base units of a product, paid and free, and their amount with tax."""

    product_id: UUID
    units: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as the room above knows it: its documents, its parties and its lines."""

    shipment_id: UUID
    shipment: str
    order_id: UUID
    order: str
    seller_id: UUID
    buyer_id: UUID
    on: date
    lines: Sequence[DeliveredLine]


def record_region_events(deliveries: Sequence[Delivery], *, at: datetime, measure: bool = True) -> int:
    """Record an event for each delivery of others into a granted region; return the number of new events.

    A delivery breaks a term once, however many of its lines concern it. Constant number of statements.
    """
    if not deliveries or not GuaranteeTerm.objects.filter(metric=Metric.EXCLUSIVE).exists():
        return 0
    parties = _parties(deliveries)
    products = _products(deliveries)
    found = _broken_terms(deliveries, parties, products)
    events = []
    for (number, term_id), rows in groupby(found, key=lambda row: (row.delivery, row.term_id)):
        lines = list(rows)
        one = deliveries[number]
        events.append(
            GuaranteeEvent(
                contract_id=lines[0].contract_id,
                term_id=term_id,
                kind=GuaranteeKind.REGION,
                source=f"shipment:{one.shipment_id}:region:{term_id}",
                on=one.on,
                fulfilled=False,
                owed=lines[0].owed,
                facts=_facts(one, lines, parties, products),
            )
        )
    return record_events(events, at=at, measure=measure)


def report_diversion(
    *, contract_id: UUID, reference: str, on: date, facts: Mapping[str, Any], at: datetime
) -> int:
    """Record a confirmed diversion case as an event of a contract's region guarantee; return 1 if it is new.

    `reference` identifies the case. `facts` may have category (id), shipment_id, region, region_name,
    products and amount as in the events of deliveries; a case of a delivery that is an event already adds
    none. Without an exclusive term for the category nothing is recorded. Raise UnknownContract.
    """
    term = _term_for(contract_id, facts.get("category"))
    if term is None:
        return 0
    shipment = facts.get("shipment_id")
    of_delivery = f"shipment:{shipment}:region:{term.id}"
    event = GuaranteeEvent(
        contract_id=contract_id,
        term_id=term.id,
        kind=GuaranteeKind.REGION,
        source=of_delivery if shipment else f"diversion:{contract_id}:{reference}"[:120],
        on=on,
        fulfilled=False,
        owed=term.owed_per_event,
        facts={"clause": term.clause, **facts, "case": reference},
    )
    return record_events([event], at=at)


def _term_for(contract_id: UUID, category_id: object) -> GuaranteeTerm | None:
    """Return the exclusive term of a contract for a category, or the one for all."""
    terms = GuaranteeTerm.objects.filter(contract_id=contract_id, metric=Metric.EXCLUSIVE)
    by_category = {str(one.category_id or ""): one for one in terms}
    found: GuaranteeTerm | None = by_category.get(str(category_id or "")) or by_category.get("")
    if found is None and not by_category and not _contract_exists(contract_id):
        raise UnknownContract(_("There is no such contract."), field="contract")
    return found


def _contract_exists(contract_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM alliance_contract WHERE tenant_id = %s AND id = %s)",
            [active_tenant_id(), contract_id],
        )
        return bool(cursor.fetchone()[0])


def _parties(deliveries: Sequence[Delivery]) -> dict[UUID, Party]:
    ids = {one.seller_id for one in deliveries} | {one.buyer_id for one in deliveries}
    return {one.id: one for one in Party.objects.filter(id__in=ids).select_related("region")}


def _products(deliveries: Sequence[Delivery]) -> dict[UUID, Product]:
    ids = {line.product_id for one in deliveries for line in one.lines}
    return Product.objects.only("id", "name", "category_id").in_bulk(ids)


@dataclass(frozen=True, slots=True)
class _BrokenTerm:
    delivery: int
    term_id: UUID
    product_id: UUID
    contract_id: UUID
    clause: str
    owed: Decimal


def _broken_terms(
    deliveries: Sequence[Delivery], parties: Mapping[UUID, Party], products: Mapping[UUID, Product]
) -> list[_BrokenTerm]:
    """Return each line and the term that it breaks, by delivery and term. One statement.

    A term for the line's category goes before the one for all categories of the same contract.
    """
    columns: list[list[Any]] = [[] for _column in range(9)]
    for number, one in enumerate(deliveries):
        buyer = parties[one.buyer_id]
        if buyer.region is None or buyer.kind not in BUYERS:
            continue
        channel = buyer.channel_id.int & ((1 << CHANNEL_BITS) - 1) if buyer.channel_id else None
        for product_id in {line.product_id for line in one.lines if line.units}:
            category_id = products[product_id].category_id
            if category_id is None:
                continue
            row = (
                number,
                product_id,
                category_id,
                buyer.region.start,
                buyer.region.end,
                channel,
                one.on,
                one.seller_id,
                one.buyer_id,
            )
            for column, value in zip(columns, row, strict=True):
                column.append(str(value) if isinstance(value, UUID) else value)
    if not columns[0]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, [*columns, active_tenant_id()])
        return [_BrokenTerm(*row) for row in cursor.fetchall()]


_BROKEN = (
    "SELECT number, term_id, product_id, contract_id, clause, owed_per_event FROM ("
    " SELECT DISTINCT ON (d.number, d.product_id, c.id) d.number, d.product_id, c.id AS contract_id,"
    "  t.id AS term_id, t.clause, t.owed_per_event"
    " FROM unnest(%s::int[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[],"
    "  %s::uuid[], %s::uuid[])"
    "  AS d(number, product_id, category_id, first, past, channel, day, seller_id, buyer_id)"
    " JOIN alliance_contractarea a ON a.tenant_id = %s AND a.category_id = d.category_id"
    "  AND a.area @> int8range(d.first, d.past) AND a.term @> d.day"
    "  AND (a.channels = '(,)'::int8range OR a.channels @> d.channel)"
    " JOIN alliance_contract c ON c.tenant_id = a.tenant_id AND c.id = a.contract_id"
    "  AND c.state IN ('active', 'ended') AND d.day >= c.starts_on AND d.day < c.until"
    "  AND d.seller_id NOT IN (c.dealer_id, c.member_id) AND d.buyer_id NOT IN (c.dealer_id, c.member_id)"
    " JOIN alliance_guaranteeterm t ON t.tenant_id = c.tenant_id AND t.contract_id = c.id"
    "  AND t.metric = 'exclusive' AND (t.category_id IS NULL OR t.category_id = d.category_id)"
    " ORDER BY d.number, d.product_id, c.id, t.category_id NULLS LAST"
    ") AS broken ORDER BY number, term_id, product_id"
)


def _facts(
    one: Delivery,
    broken: Sequence[_BrokenTerm],
    parties: Mapping[UUID, Party],
    products: Mapping[UUID, Product],
) -> dict[str, Any]:
    """Return the documents of an event. Partners are shown `facts_for_partners` of it only."""
    seller, buyer = parties[one.seller_id], parties[one.buyer_id]
    region = buyer.region
    concerned = {row.product_id for row in broken}
    lines = [line for line in one.lines if line.product_id in concerned and line.units]
    units = dict.fromkeys(sorted(concerned), 0)
    for line in lines:
        units[line.product_id] += line.units
    return {
        "clause": broken[0].clause,
        "order": one.order,
        "order_id": str(one.order_id),
        "shipment": one.shipment,
        "shipment_id": str(one.shipment_id),
        "seller": seller.name,
        "seller_kind": seller.kind,
        "buyer": buyer.name,
        "region": region.code if region is not None else "",
        "region_name": region.full_name if region is not None else "",
        "products": [
            {"product": str(product_id), "name": products[product_id].name, "qty": qty}
            for product_id, qty in units.items()
        ],
        "amount": plain(sum((line.amount for line in lines), ZERO_MONEY)),
    }
