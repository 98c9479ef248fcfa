"""The priced sheet of a draft: what each line costs, has in stock and is blocked by, and the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db import connection

from accounts.rights import MANUFACTURER
from kernel.money import ZERO_MONEY, taxed
from ordering.domain.price_overrides import PriceOverride
from ordering.domain.quick_order.alternatives import with_alternatives
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.quick_order.changes import Changes, Filled, changes_since, filled_now
from ordering.domain.quick_order.next_step import NextStep, next_step
from ordering.domain.quick_order.sheet_rows import SheetRow, sheet_rows
from ordering.domain.sendable_lines import split_sendable
from ordering.queries.quick_order.credit import NO_CREDIT, Credit, credit_after
from ordering.queries.quick_order.products import products_with_stock
from ordering.queries.stock import OnTheWay, available_of, on_the_way
from ordering.queries.trade_terms import TradeTerms, terms_of_trade
from pricing.domain.quote import Quote, QuoteRequest
from pricing.queries import PricedOrder, quote_for
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class AppliedScheme:
    code: str
    kind: str
    worth: Decimal


@dataclass(frozen=True, slots=True)
class SheetGift:
    product_name: str
    unit: str
    qty: int
    scheme: str


@dataclass(frozen=True)
class Sheet:
    """The lines that can be sent are priced together; the blocked ones count for nothing.

    `missing` are SKUs that are no product any more. `names` are those of the schemes, by code.
    """

    rows: tuple[SheetRow, ...] = ()
    terms: TradeTerms | None = None
    priced: PricedOrder | None = None
    request: QuoteRequest | None = None
    quote: Quote | None = None
    total: Decimal = ZERO_MONEY
    tax: Decimal = ZERO_MONEY
    applied: tuple[AppliedScheme, ...] = ()
    gifts: tuple[SheetGift, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    credit: Credit = NO_CREDIT
    step: NextStep | None = None
    missing: tuple[str, ...] = ()
    on_the_way: Mapping[UUID, OnTheWay] = field(default_factory=dict)

    @cached_property
    def good(self) -> list[SheetRow]:
        return [row for row in self.rows if not row.is_blocked]

    @cached_property
    def blocked(self) -> list[SheetRow]:
        return [row for row in self.rows if row.is_blocked]

    def row_of(self, sku: str) -> SheetRow | None:
        return next((row for row in self.rows if row.product.sku == sku), None)

    @property
    def subtotal(self) -> Decimal:
        """Return the total of the sendable lines before discounts, with tax where prices exclude it."""
        return self.total + self.quote.discount if self.quote else ZERO_MONEY

    @property
    def tax_basis(self) -> str:
        """Return whether the prices are "with" or "without" tax, or "mixed"; without prices the tenant's."""
        bases = {line.tax_included for line in self.quote.lines if line.is_priced} if self.quote else set()
        if len(bases) > 1:
            return "mixed"
        included = bases.pop() if bases else self.terms is None or self.terms.tax_in_price
        return "with" if included else "without"

    @property
    def needs_review(self) -> bool:
        return self.quote is not None and self.quote.verdict == "review"

    @property
    def overrides(self) -> dict[str, PriceOverride]:
        """Return the prices that the seller set by hand for sendable lines, by SKU."""
        return {row.product.sku: row.override for row in self.good if row.override is not None}

    def changes_since(self, filled: Filled) -> Changes:
        """Return what changed since the lines were added."""
        if self.priced is None:
            return Changes()
        return changes_since(filled, self.rows, self.priced.request.book.choose, self._in_force)

    def filled_now(self, filled: Filled) -> Filled:
        """Return what the draft stores of its prices after this display."""
        if self.priced is None or self.quote is None:
            return Filled()
        applied = {one.code: one.worth for one in self.quote.schemes if one.applied and one.worth > 0}
        return filled_now(filled, self.rows, self.priced.request.book.choose, self._in_force, applied)

    @property
    def _in_force(self) -> set[str]:
        return set() if self.priced is None else {one.code for one in self.priced.request.schemes}

    @property
    def to_send(self) -> list[tuple[str, int]]:
        return [(row.product.sku, row.units) for row in self.good]


def price_sheet(*, seller_id: UUID, buyer_id: UUID, lines: Sequence[CartLine], on: date) -> Sheet:
    """Return the sheet of a draft; a constant number of statements however many lines."""
    terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id, on=on)
    skus = [line.sku for line in lines]
    products, stocked = products_with_stock(skus=skus, seller_id=seller_id) if skus else ({}, {})
    known = [line for line in lines if line.sku in products]
    missing = tuple([line.sku for line in lines if line.sku not in products])
    if not known:
        return Sheet(terms=terms, missing=missing, credit=credit_after(terms, ZERO_MONEY, on))
    units = [(line.sku, line.qty * max(products[line.sku].factor(line.unit), 1)) for line in known]
    manual = {line.sku: line.override.manual for line in known if line.override is not None}
    priced = quote_for(
        seller_id=seller_id, buyer_id=buyer_id, lines=units, on=on, parties=terms.parties, manual=manual
    )
    stock = _stock(priced, seller_id, stocked)
    blocked, request, quote = split_sendable(priced.request, priced.quote, stock, priced.unavailable)
    rows = sheet_rows(known, products, blocked, quote, stock)
    rows = with_alternatives(rows, priced.request, quote, stock)
    total, tax = _total_and_tax(quote, priced)
    codes = {one.code for one in priced.request.schemes}
    return Sheet(
        rows=tuple(rows),
        terms=terms,
        priced=priced,
        request=request,
        quote=quote,
        total=total,
        tax=tax,
        applied=_applied(quote),
        gifts=_gifts(quote, priced, products),
        names=scheme_names(seller_id=seller_id, codes=codes) if codes else {},
        credit=credit_after(terms, total, on),
        step=next_step(request, quote, [row for row in rows if not row.is_blocked]),
        missing=missing,
        on_the_way=_on_the_way(priced, seller_id, rows),
    )


def price_beside(sheet: Sheet, row: SheetRow, *, qty: int, on: date) -> PricedOrder:
    """Return the price of `qty` base units of one row, ordered beside the lines that can be sent."""
    sku = row.product.sku
    lines = [(one, qty if one == sku else units) for one, units in sheet.to_send]
    if row.is_blocked:
        lines.append((sku, qty))
    assert sheet.terms is not None
    return quote_for(
        seller_id=sheet.terms.seller.id,
        buyer_id=sheet.terms.buyer.id,
        lines=lines,
        on=on,
        manual={one.product.sku: one.override.manual for one in sheet.rows if one.override is not None},
    )


def scheme_names(*, seller_id: UUID, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of a seller's published schemes, by code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM pricing_scheme WHERE tenant_id = %s AND seller_id = %s"
            " AND code = ANY(%s) AND state = 'published' AND name <> ''",
            [active_tenant_id(), seller_id, list(codes)],
        )
        return dict(cursor.fetchall())


def _stock(priced: PricedOrder, seller_id: UUID, stocked: dict[str, int]) -> dict[str, int] | None:
    """Return what may still be sold by SKU, gifts too; None where the seller keeps no stock here."""
    if not priced.seller.tracks_stock:
        return None
    gifts = {sku: product for sku, product in priced.products.items() if sku not in stocked}
    if not gifts:
        return stocked
    left = available_of(seller_id, [product.id for product in gifts.values()])
    return stocked | {sku: max(left.get(product.id, 0), 0) for sku, product in gifts.items()}


def _applied(quote: Quote) -> tuple[AppliedScheme, ...]:
    """Return the schemes that take something off the total; the others show on their lines."""
    return tuple(
        [
            AppliedScheme(one.code, one.kind, one.worth)
            for one in quote.schemes
            if one.applied and one.kind in {"bundle", "step", "order_amount"}
        ]
    )


def _gifts(quote: Quote, priced: PricedOrder, products: Mapping[str, SheetProduct]) -> tuple[SheetGift, ...]:
    gifts = []
    for gift in quote.gifts:
        unit = products[gift.sku].base_unit if gift.sku in products else ""
        gifts.append(SheetGift(priced.products[gift.sku].name, unit, gift.qty, gift.scheme))
    return tuple(gifts)


def _total_and_tax(quote: Quote, priced: PricedOrder) -> tuple[Decimal, Decimal]:
    """Return what the order will come to and the tax in it, added up as placing does."""
    total = tax = ZERO_MONEY
    for line in quote.lines:
        split = taxed(line.amount, priced.products[line.sku].tax_rate, tax_in_price=line.tax_included)
        total, tax = total + split.gross, tax + split.tax
    return total, tax


def _on_the_way(priced: PricedOrder, seller_id: UUID, rows: Sequence[SheetRow]) -> dict[UUID, OnTheWay]:
    """Return the short products that are shipped to the seller; a manufacturer has none on the way."""
    short = [row.product.id for row in rows if row.state == "short"]
    if not short or priced.seller.kind == MANUFACTURER:
        return {}
    return on_the_way(party_id=seller_id, product_ids=short)
