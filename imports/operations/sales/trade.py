"""Write completed trade in bulk: delivered orders and returns with their ledger entries and facts.

The rows are the same as those that placing, shipping, delivering and returning write; a test compares
them. Each call writes a few thousand lines in the active tenant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from imports.operations.sales.bulk_insert import insert_rows, new_ids
from ledger.operations.posting import Posting, post_many
from ledger.operations.receipts import Credit, credit_many
from ordering.operations.daily_facts import Fact, add_facts
from ordering.operations.delivering import delivery_source

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DealtLine:
    """A delivered or returned line. `amount` is net + tax, in full cents."""

    product_id: UUID
    sku: str
    qty: int
    unit_price: Decimal
    amount: Decimal
    net: Decimal
    tax: Decimal = ZERO
    tax_rate: Decimal = ZERO
    free_qty: int = 0
    base_price: Decimal | None = None
    net_unit_price: Decimal | None = None
    discount: Decimal = ZERO
    price_list: str = ""
    why: str = "{}"


@dataclass(frozen=True, slots=True)
class Deal:
    """An order delivered by one shipment, or a return of goods."""

    number: str
    source: str
    seller_id: UUID
    buyer_id: UUID
    book_id: UUID
    placed_at: datetime
    placed_on: date
    delivered_at: datetime
    delivered_on: date
    due_on: date
    lines: Sequence[DealtLine]
    kind: str = "standard"
    contract_id: UUID | None = None
    window_from: datetime | None = None
    window_until: datetime | None = None
    reason: str = ""

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), ZERO)


def write_deliveries(deals: Sequence[Deal], *, currency: str, posted_by: str) -> list[str]:
    """Write orders with one delivered shipment each and return the ids of the shipments.

    Nothing is looked up. The credit that placing commits and delivering releases is not posted.
    """
    orders, shipments = new_ids(len(deals)), new_ids(len(deals))
    flat = [
        (at, position, line) for at, deal in enumerate(deals) for position, line in enumerate(deal.lines, 1)
    ]
    lines = new_ids(len(flat))
    _insert_orders(deals, orders, currency)
    _insert_order_lines(flat, lines, orders)
    _insert_shipments(deals, shipments, orders)
    insert_rows(
        "ordering_shipmentline",
        {
            "id": ("uuid", new_ids(len(flat))),
            "shipment_id": ("uuid", [shipments[at] for at, _, _ in flat]),
            "order_line_id": ("uuid", lines),
            "qty": ("int", [line.qty for _, _, line in flat]),
            "free_qty": ("int", [line.free_qty for _, _, line in flat]),
            "net": ("numeric", [line.net for _, _, line in flat]),
            "tax": ("numeric", [line.tax for _, _, line in flat]),
        },
    )
    add_facts(_facts(deals, returned=False))
    post_many(
        [
            Posting(
                book_id=deal.book_id,
                kind="sale",
                source=delivery_source(UUID(order), shipment),
                at=deal.delivered_at,
                memo=f"{deal.number}/1",
                due_on=deal.due_on,
                posted_by=posted_by,
                lines=[("receivable", deal.net + deal.tax), ("sales", -deal.net), ("tax", -deal.tax)],
            )
            for deal, order, shipment in zip(deals, orders, shipments, strict=True)
            if deal.net + deal.tax
        ]
    )
    return shipments


def write_returns(deals: Sequence[Deal], *, posted_by: str) -> list[str]:
    """Write returns without an original order and return their ids."""
    ids = new_ids(len(deals))
    flat = [(at, line) for at, deal in enumerate(deals) for line in deal.lines]
    insert_rows(
        "ordering_return",
        {
            "id": ("uuid", ids),
            "seller_id": ("uuid", [deal.seller_id for deal in deals]),
            "buyer_id": ("uuid", [deal.buyer_id for deal in deals]),
            "number": ("text", [deal.number for deal in deals]),
            "source": ("text", [deal.source for deal in deals]),
            "returned_at": ("timestamptz", [deal.delivered_at.isoformat() for deal in deals]),
            "returned_on": ("date", [deal.delivered_on for deal in deals]),
            "reason": ("text", [deal.reason for deal in deals]),
            "net": ("numeric", [deal.net for deal in deals]),
            "tax": ("numeric", [deal.tax for deal in deals]),
            "credit": ("numeric", [deal.net + deal.tax for deal in deals]),
        },
    )
    insert_rows(
        "ordering_returnline",
        {
            "id": ("uuid", new_ids(len(flat))),
            "parent_id": ("uuid", [ids[at] for at, _ in flat]),
            "product_id": ("uuid", [line.product_id for _, line in flat]),
            "qty": ("int", [line.qty for _, line in flat]),
            "unit_price": ("numeric", [line.unit_price for _, line in flat]),
            "net": ("numeric", [line.net for _, line in flat]),
            "tax": ("numeric", [line.tax for _, line in flat]),
        },
        {"free_qty": 0, "charged_free": 0},
    )
    add_facts(_facts(deals, returned=True))
    credit_many(
        [
            Credit(
                book_id=deal.book_id,
                kind="return",
                source=f"return:{return_id}",
                at=deal.delivered_at,
                debits=[("sales", deal.net), ("tax", deal.tax)],
                memo=deal.number,
                posted_by=posted_by,
            )
            for deal, return_id in zip(deals, ids, strict=True)
            if deal.net + deal.tax
        ]
    )
    return ids


def _insert_orders(deals: Sequence[Deal], orders: Sequence[str], currency: str) -> None:
    totals = [deal.net + deal.tax for deal in deals]
    discounts = [sum((line.discount for line in deal.lines), ZERO) for deal in deals]
    insert_rows(
        "ordering_order",
        {
            "id": ("uuid", orders),
            "number": ("text", [deal.number for deal in deals]),
            "source": ("text", [deal.source for deal in deals]),
            "kind": ("text", [deal.kind for deal in deals]),
            "seller_id": ("uuid", [deal.seller_id for deal in deals]),
            "buyer_id": ("uuid", [deal.buyer_id for deal in deals]),
            "contract_id": ("uuid", [deal.contract_id for deal in deals]),
            "placed_at": ("timestamptz", [deal.placed_at.isoformat() for deal in deals]),
            "placed_on": ("date", [deal.placed_on for deal in deals]),
            "confirmed_at": ("timestamptz", [deal.placed_at.isoformat() for deal in deals]),
            "delivered_at": ("timestamptz", [deal.delivered_at.isoformat() for deal in deals]),
            "window_from": ("timestamptz", [_moment(deal.window_from) for deal in deals]),
            "window_until": ("timestamptz", [_moment(deal.window_until) for deal in deals]),
            "subtotal": ("numeric", [total + less for total, less in zip(totals, discounts, strict=True)]),
            "discount": ("numeric", discounts),
            "total": ("numeric", totals),
            "tax": ("numeric", [deal.tax for deal in deals]),
            "due_on": ("date", [deal.due_on for deal in deals]),
        },
        {
            "state": "delivered",
            "currency": currency,
            "open_amount": 0,
            "verdict": "ok",
            "reference": "",
            "note": "",
            "facts": "{}",
        },
    )


def _insert_order_lines(
    flat: Sequence[tuple[int, int, DealtLine]], ids: Sequence[str], orders: Sequence[str]
) -> None:
    quantities = ("int", [line.qty for _, _, line in flat])
    free = ("int", [line.free_qty for _, _, line in flat])
    amounts = ("numeric", [line.amount for _, _, line in flat])
    insert_rows(
        "ordering_orderline",
        {
            "id": ("uuid", ids),
            "order_id": ("uuid", [orders[at] for at, _, _ in flat]),
            "position": ("int", [position for _, position, _ in flat]),
            "product_id": ("uuid", [line.product_id for _, _, line in flat]),
            "sku": ("text", [line.sku for _, _, line in flat]),
            "qty": quantities,
            "shipped_qty": quantities,
            "delivered_qty": quantities,
            "free_qty": free,
            "shipped_free": free,
            "delivered_free": free,
            "base_price": ("numeric", [_first(line.base_price, line.unit_price) for _, _, line in flat]),
            "unit_price": ("numeric", [line.unit_price for _, _, line in flat]),
            "net_unit_price": (
                "numeric",
                [_first(line.net_unit_price, line.unit_price) for _, _, line in flat],
            ),
            "discount": ("numeric", [line.discount for _, _, line in flat]),
            "amount": amounts,
            "posted": amounts,
            "tax_rate": ("numeric", [line.tax_rate for _, _, line in flat]),
            "net": ("numeric", [line.net for _, _, line in flat]),
            "tax": ("numeric", [line.tax for _, _, line in flat]),
            "price_list": ("text", [line.price_list for _, _, line in flat]),
            "why": ("jsonb", [line.why for _, _, line in flat]),
        },
        {
            "per": 1,
            "reserved_qty": 0,
            "cancelled_qty": 0,
            "cancelled_free": 0,
            "returned_qty": 0,
            "returned_free": 0,
            "charged_free": 0,
            "credited": 0,
        },
    )


def _insert_shipments(deals: Sequence[Deal], ids: Sequence[str], orders: Sequence[str]) -> None:
    insert_rows(
        "ordering_shipment",
        {
            "id": ("uuid", ids),
            "order_id": ("uuid", orders),
            "number": ("text", [f"{deal.number}/1" for deal in deals]),
            "shipped_at": ("timestamptz", [deal.placed_at.isoformat() for deal in deals]),
            "delivered_at": ("timestamptz", [deal.delivered_at.isoformat() for deal in deals]),
            "delivered_on": ("date", [deal.delivered_on for deal in deals]),
            "amount": ("numeric", [deal.net + deal.tax for deal in deals]),
        },
        {"state": "delivered", "signed_by": ""},
    )


def _facts(deals: Sequence[Deal], *, returned: bool) -> Iterator[Fact]:
    for deal in deals:
        between = deal.seller_id, deal.buyer_id
        for line in deal.lines:
            if returned:
                yield Fact(
                    deal.delivered_on, *between, line.product_id, returned_qty=line.qty, returned_net=line.net
                )
                continue
            same_day = deal.placed_on == deal.delivered_on
            if not same_day:
                yield Fact(deal.placed_on, *between, line.product_id, line.qty, line.net)
            yield Fact(
                deal.delivered_on,
                *between,
                line.product_id,
                line.qty if same_day else 0,
                line.net if same_day else ZERO,
                line.qty,
                line.free_qty,
                line.net,
            )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _first(value: Decimal | None, other: Decimal) -> Decimal:
    return other if value is None else value
