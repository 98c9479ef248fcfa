"""Turn facts into the bodies of responses. Decimals are strings; moments carry their offset."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.rights import Actor
from ordering.models import DeliverySlip
from ordering.operations.repeated_orders import HOLD
from ordering.queries.money_fields import (
    MONEY_OF_A_LINE,
    MONEY_OF_A_RETURN,
    MONEY_OF_A_SHIPMENT,
    MONEY_OF_AN_ORDER,
    is_own_trade,
    sees_prices,
)
from ordering.queries.orders import LineFacts, OrderFacts, ShipmentFacts
from ordering.queries.returns import ReturnDetail
from ordering.queries.shipments import ShipmentDetail

Json = dict[str, Any]


def moment(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()


def hide(body: Json, *names: str) -> Json:
    """Return the body with null in place of the named values."""
    return body | {name: None for name in names if name in body}


def _price(x: Decimal) -> str:
    """Return a unit price without trailing zeros, but with at least two places."""
    plain = format(x.normalize(), "f")
    integer, _point, places = plain.partition(".")
    return f"{integer}.{places.ljust(2, '0')}"


def manual_price_body(why: Json, *, to_seller: bool) -> Json | None:
    """Return the price set by hand; the list price, the person and the reason are for the seller alone."""
    manual, listed = why.get("manual"), why.get("list", {})
    if manual is None:
        return None
    body: Json = {"price": _price(Decimal(manual["price"])), "per": manual["per"]}
    seller_only = {
        "list_price": _price(Decimal(listed["price"])) if listed else None,
        "list_per": listed.get("per"),
        "price_list": listed.get("code"),
        "reason": manual["reason"],
        "set_by": manual["set_by_name"],
        "set_at": manual["at"],
    }
    return body | (seller_only if to_seller else dict.fromkeys(seller_only))


def line_body(line: LineFacts, *, to_seller: bool = False) -> Json:
    why = line.why
    return {
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "qty": line.qty,
        "free_qty": line.free_qty,
        "per": line.per,
        "base_price": _price(line.base_price),
        "unit_price": _price(line.unit_price),
        "net_unit_price": _price(line.net_unit_price),
        "discount": str(line.discount),
        "amount": str(line.amount),
        "tax_rate": _price(line.tax_rate),
        "net": str(line.net),
        "tax": str(line.tax),
        "price_list": line.price_list,
        "schemes": why.get("schemes", []),
        "clauses": why.get("clauses", []),
        "verdict": why.get("verdict", "ok"),
        "limits": why.get("limits", []) if to_seller else [],
        "manual_price": manual_price_body(why, to_seller=to_seller),
        "gift": why.get("gift"),
        "reserved_qty": line.reserved_qty,
        "cancelled_qty": line.cancelled_qty,
        "cancelled_free": line.cancelled_free,
        "shipped_qty": line.shipped_qty,
        "shipped_free": line.shipped_free,
        "delivered_qty": line.delivered_qty,
        "delivered_free": line.delivered_free,
        "returned_qty": line.returned_qty,
        "returned_free": line.returned_free,
        "charged_free": line.charged_free,
    }


CREDIT_FIGURES = ("exposure", "available")


def sees_credit(by: Actor, *parties: UUID) -> bool:
    """Return whether the actor may see the parties' ledger, and so the figures of a credit check."""
    return by.may("ledger.view") and is_own_trade(by, *parties)


def _reasons(order: OrderFacts, by: Actor) -> Json:
    hidden = {HOLD} if by.party_id == order.seller_id else {HOLD, "approved"}
    facts = {name: value for name, value in order.facts.items() if name not in hidden}
    if not sees_prices(by, order.seller_id, order.buyer_id):
        visible = {"schemes": [hide(one, "worth") for one in facts.get("schemes", [])]}
        credit = {"credit": {"reasons": facts.get("credit", {}).get("reasons", [])}}
        return {name: value for name, value in (visible | credit).items() if name in facts}
    if "credit" not in facts or sees_credit(by, order.seller_id, order.buyer_id):
        return facts
    credit = {name: value for name, value in facts["credit"].items() if name not in CREDIT_FIGURES}
    return {**facts, "credit": credit}


def order_body(order: OrderFacts, by: Actor) -> Json:
    body = _order_body(order, by)
    if sees_prices(by, order.seller_id, order.buyer_id):
        return body
    lines = [hide(line, *MONEY_OF_A_LINE) for line in body["lines"]]
    for line in lines:
        line["schemes"] = [hide(one, "saved") for one in line["schemes"]]
    shipments = [hide(one, *MONEY_OF_A_SHIPMENT) for one in body["shipments"]]
    return hide(body, *MONEY_OF_AN_ORDER) | {"lines": lines, "shipments": shipments}


def _order_body(order: OrderFacts, by: Actor) -> Json:
    window, to_seller = None, by.party_id == order.seller_id and by.may("price.view")
    if order.window_from is not None:
        window = {"from": moment(order.window_from), "until": moment(order.window_until)}
    return {
        "id": str(order.id),
        "number": order.number,
        "kind": order.kind,
        "state": order.state,
        "seller": {"id": str(order.seller_id), "code": order.seller_code, "name": order.seller_name},
        "buyer": {"id": str(order.buyer_id), "code": order.buyer_code, "name": order.buyer_name},
        "contract": None if order.contract_id is None else str(order.contract_id),
        "placed_at": moment(order.placed_at),
        "confirmed_at": moment(order.confirmed_at),
        "delivered_at": moment(order.delivered_at),
        "window": window,
        "currency": order.currency,
        "subtotal": str(order.subtotal),
        "discount": str(order.discount),
        "total": str(order.total),
        "tax": str(order.tax),
        "open_amount": str(order.open_amount),
        "due_on": moment(order.due_on),
        "verdict": order.verdict,
        "source": order.source,
        "reference": order.reference,
        "note": order.note,
        "reasons": _reasons(order, by),
        "lines": [line_body(line, to_seller=to_seller) for line in order.lines],
        "shipments": [_order_shipment_body(one) for one in order.shipments],
    }


def _order_shipment_body(one: ShipmentFacts) -> Json:
    return {
        "id": str(one.id),
        "number": one.number,
        "state": one.state,
        "shipped_at": moment(one.shipped_at),
        "delivered_at": moment(one.delivered_at),
        "signed_by": one.signed_by,
        "amount": str(one.amount),
    }


def shipment_body(one: ShipmentDetail, by: Actor) -> Json:
    body = _shipment_body(one)
    if sees_prices(by, one.seller_id, one.buyer_id):
        return body
    lines = [hide(line, *MONEY_OF_A_SHIPMENT) for line in body["lines"]]
    return hide(body, *MONEY_OF_A_SHIPMENT) | {"lines": lines}


def _shipment_body(one: ShipmentDetail) -> Json:
    lines = [
        {
            "position": line.position,
            "sku": line.sku,
            "qty": line.qty,
            "free_qty": line.free_qty,
            "net": str(line.net),
            "tax": str(line.tax),
        }
        for line in one.lines
    ]
    return {
        "id": str(one.id),
        "number": one.number,
        "order": str(one.order_id),
        "order_number": one.order_number,
        "state": one.state,
        "source": one.source,
        "shipped_at": moment(one.shipped_at),
        "delivered_at": moment(one.delivered_at),
        "signed_by": one.signed_by,
        "slip_at": moment(one.slip_at),
        "timed_out": one.timed_out,
        "amount": str(one.amount),
        "lines": lines,
    }


def slip_body(one: DeliverySlip) -> Json:
    return {
        "id": str(one.id),
        "file_name": one.file_name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "uploaded_at": moment(one.uploaded_at),
        "uploaded_by": one.uploaded_by,
    }


def return_body(one: ReturnDetail, by: Actor) -> Json:
    body = _return_body(one)
    if sees_prices(by, one.seller_id, one.buyer_id):
        return body
    lines = [hide(line, *MONEY_OF_A_RETURN) for line in body["lines"]]
    return hide(body, *MONEY_OF_A_RETURN) | {"lines": lines}


def _return_body(one: ReturnDetail) -> Json:
    lines = [
        {
            "position": line.position,
            "sku": line.sku,
            "qty": line.qty,
            "free_qty": line.free_qty,
            "charged_free": line.charged_free,
            "unit_price": _price(line.unit_price),
            "net": str(line.net),
            "tax": str(line.tax),
        }
        for line in one.lines
    ]
    return {
        "id": str(one.id),
        "number": one.number,
        "order": None if one.order_id is None else str(one.order_id),
        "seller": str(one.seller_id),
        "buyer": str(one.buyer_id),
        "source": one.source,
        "returned_at": moment(one.returned_at),
        "reason": one.reason,
        "net": str(one.net),
        "tax": str(one.tax),
        "credit": str(one.credit),
        "lines": lines,
    }
