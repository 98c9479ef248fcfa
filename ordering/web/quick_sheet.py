"""The sheet of a quick order: what each line costs, has in stock and is blocked by, and the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from accounts.rights import MANUFACTURER
from kernel.money import ZERO_MONEY, taxed
from ledger.domain.credit import CreditDecision, OpenOrder
from ledger.queries import Position
from ordering.domain.sendable_lines import parted
from ordering.operations.reserving import available_of
from ordering.operations.trade_terms import Terms, terms_of_trade
from ordering.queries.orders import open_orders_due
from ordering.queries.quick import CartLine, SheetProduct, position_now, scheme_names, stocked_products
from ordering.queries.stock import OnTheWay, on_the_way
from ordering.web.quick_rows import Row, row_of
from ordering.web.quick_steps import NextStep, next_step_of
from ordering.web.quick_ways import MAX_HELPED, with_way_out
from pricing.domain.quote import Quote, QuoteRequest
from pricing.queries import PricedOrder, quote_for


@dataclass(frozen=True, slots=True)
class Applied:
    code: str
    kind: str
    worth: Decimal


@dataclass(frozen=True, slots=True)
class Gifted:
    product_name: str
    unit: str
    qty: int
    scheme: str


@dataclass(frozen=True, slots=True)
class Credit:
    """What is left of a limit after this order; `decision` None: nothing holds orders here."""

    position: Position | None
    decision: CreditDecision | None

    @property
    def holds(self) -> bool:
        return self.decision is not None and self.decision.decision == "hold"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The good lines priced together, as they would be sent; the blocked ones counted for nothing."""

    rows: tuple[Row, ...] = ()
    terms: Terms | None = None
    priced: PricedOrder | None = None
    request: QuoteRequest | None = None
    quote: Quote | None = None
    total: Decimal = ZERO_MONEY
    tax: Decimal = ZERO_MONEY
    applied: tuple[Applied, ...] = ()
    gifts: tuple[Gifted, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    credit: Credit = Credit(None, None)
    step: NextStep | None = None
    missing: tuple[str, ...] = ()
    on_the_way: Mapping[UUID, OnTheWay] = field(default_factory=dict)

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.is_blocked]

    @property
    def blocked(self) -> list[Row]:
        return [row for row in self.rows if row.is_blocked]

    @property
    def subtotal(self) -> Decimal:
        """The good lines before discounts, with tax where prices exclude it."""
        return self.total + self.quote.discount if self.quote else ZERO_MONEY

    @property
    def wants_review(self) -> bool:
        return self.quote is not None and self.quote.verdict == "review"

    @property
    def to_send(self) -> list[tuple[str, int]]:
        return [(row.product.sku, row.units) for row in self.good]


def sheet_of(*, seller_id: UUID, buyer_id: UUID, lines: Sequence[CartLine], on: date) -> Sheet:
    """The sheet of a draft; a constant number of statements however many lines.

    Lines whose SKU is no product any more are named in `missing` and left out.
    """
    terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id)
    skus = [line.sku for line in lines]
    products, there = stocked_products(skus=skus, seller_id=seller_id) if skus else ({}, {})
    known = [line for line in lines if line.sku in products]
    missing = tuple([line.sku for line in lines if line.sku not in products])
    if not known:
        return Sheet(terms=terms, missing=missing, credit=_credit(terms, ZERO_MONEY, on))
    wanted = [(line.sku, line.qty * max(products[line.sku].factor(line.unit), 1)) for line in known]
    priced = quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=wanted, on=on)
    stock = _stock(priced, seller_id, there)
    bad, request, found = parted(priced.request, priced.quote, stock)
    good = {line.sku: line for line in found.lines}
    rows, helped = [], 0
    for position, line in enumerate(known, start=1):
        state, quoted = bad.get(line.sku) or (good[line.sku].verdict, good[line.sku])
        row = row_of(position, line, products[line.sku], state, quoted, found, stock)
        helped += row.is_blocked
        helps = row.is_blocked and helped <= MAX_HELPED
        rows.append(with_way_out(row, priced.request, found, stock) if helps else row)
    total, tax = _taxed(found, priced, terms)
    codes = {one.code for one in priced.request.schemes}
    return Sheet(
        rows=tuple(rows),
        terms=terms,
        priced=priced,
        request=request,
        quote=found,
        total=total,
        tax=tax,
        applied=tuple(
            [
                Applied(one.code, one.kind, one.worth)
                for one in found.schemes
                if one.applied and one.kind in {"step", "order_amount"}
            ]
        ),
        gifts=tuple([_gift(gift.sku, gift.qty, gift.scheme, priced, products) for gift in found.gifts]),
        names=scheme_names(seller_id=seller_id, codes=codes) if codes else {},
        credit=_credit(terms, total, on),
        step=next_step_of(request, found, [row for row in rows if not row.is_blocked]),
        missing=missing,
        on_the_way=_on_the_way(priced, seller_id, rows),
    )


def _on_the_way(priced: PricedOrder, seller_id: UUID, rows: Sequence[Row]) -> dict[UUID, OnTheWay]:
    """What is short and has been shipped to the seller; of what a manufacturer makes nothing is known."""
    short = [row.product.id for row in rows if row.state == "short"]
    if not short or priced.seller.kind == MANUFACTURER:
        return {}
    return on_the_way(party_id=seller_id, product_ids=short)


def _stock(priced: PricedOrder, seller_id: UUID, there: dict[str, int]) -> dict[str, int] | None:
    """What may still be sold, by SKU, gifts too; None where the seller keeps no stock here."""
    if not priced.seller.tracks_stock:
        return None
    gifts = {sku: product for sku, product in priced.products.items() if sku not in there}
    if not gifts:
        return there
    left = available_of(seller_id, [product.id for product in gifts.values()])
    return there | {sku: max(left.get(product.id, 0), 0) for sku, product in gifts.items()}


def _gift(
    sku: str, qty: int, scheme: str, priced: PricedOrder, products: Mapping[str, SheetProduct]
) -> Gifted:
    unit = products[sku].base_unit if sku in products else ""
    return Gifted(priced.products[sku].name, unit, qty, scheme)


def _taxed(found: Quote, priced: PricedOrder, terms: Terms) -> tuple[Decimal, Decimal]:
    """What the order will come to, and the tax in it, as placing adds it up."""
    total = tax = ZERO_MONEY
    for line in found.lines:
        split = taxed(line.amount, priced.products[line.sku].tax_rate, tax_in_price=terms.tax_in_price)
        total, tax = total + split.gross, tax + split.tax
    return total, tax


def _credit(terms: Terms, amount: Decimal, on: date) -> Credit:
    if terms.book_id is None:
        return Credit(None, None)
    position = position_now(terms.book_id)
    open_orders = None
    if position.horizon_days is not None and position.limit is not None:
        due = open_orders_due(seller_id=terms.seller.id, buyer_id=terms.buyer.id)
        open_orders = [OpenOrder(owed, day) for owed, day in due]
    return Credit(position, position.ask(amount, today=on, open_orders=open_orders))
