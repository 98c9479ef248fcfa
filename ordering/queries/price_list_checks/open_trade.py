"""Open orders and carts that hold products whose prices change."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ordering.models.order import UNDER_WAY, Order
from pricing.domain.dry_run.findings import CheckResult, Finding
from pricing.queries.dry_run.impact import PriceImpact
from tenancy.context import active_tenant_id

MAX_LISTED = 2_000


def open_orders(impact: PriceImpact) -> CheckResult:
    """Return the orders under way of buyers whose prices change, the newest first.

    They keep the prices at which they were placed. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, o.number, o.state, o.buyer_id, o.total, count(*) OVER () FROM ordering_order o"
            " WHERE o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND o.state = ANY(%(states)s)"
            "  AND o.buyer_id = ANY(%(buyers)s::uuid[])"
            "  AND EXISTS (SELECT FROM ordering_orderline l WHERE l.tenant_id = o.tenant_id"
            "   AND l.order_id = o.id AND l.product_id = ANY(%(products)s::uuid[]))"
            " ORDER BY o.placed_at DESC, o.id DESC LIMIT %(max)s",
            _values(impact) | {"states": list(UNDER_WAY), "products": impact.changed_products()},
        )
        rows = cursor.fetchall()
    findings = [
        Finding({"number": number, "state": state, "order_id": str(order)}, party_id=buyer, amount=total)
        for order, number, state, buyer, total, _count in rows
    ]
    return CheckResult(findings, count=rows[0][-1] if rows else 0)


def open_order_sentence(facts: Any) -> str:
    """Return the order's number and state, and that its prices are locked."""
    message = _("%(number)s (%(state)s) keeps the prices at which it was placed")
    return message % {"number": facts["number"], "state": Order.State(facts["state"]).label}


def open_carts(impact: PriceImpact) -> CheckResult:
    """Return the carts of buyers whose prices change, the last saved first. One statement."""
    skus = sorted({change.sku for group in impact.groups for change in group.changes})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.buyer_id, touched.lines, count(*) OVER () FROM ordering_cart c"
            " CROSS JOIN LATERAL (SELECT count(*) AS lines FROM jsonb_array_elements(c.lines) l"
            "  WHERE l ->> 'sku' = ANY(%(skus)s)) touched"
            " WHERE c.tenant_id = %(tenant)s AND c.seller_id = %(seller)s"
            "  AND c.buyer_id = ANY(%(buyers)s::uuid[]) AND touched.lines > 0"
            " ORDER BY c.saved_at DESC, c.id DESC LIMIT %(max)s",
            _values(impact) | {"skus": skus},
        )
        rows = cursor.fetchall()
    findings = [Finding({"lines": lines}, party_id=buyer) for buyer, lines, _count in rows]
    return CheckResult(findings, count=rows[0][-1] if rows else 0)


def open_cart_sentence(facts: Any) -> str:
    """Return how many lines of the cart change their price."""
    return _("%(lines)s lines of a draft order get new prices") % {"lines": facts["lines"]}


def _values(impact: PriceImpact) -> dict[str, Any]:
    return {
        "tenant": active_tenant_id(),
        "seller": impact.seller.id,
        "buyers": list(impact.buyers),
        "max": MAX_LISTED,
    }
