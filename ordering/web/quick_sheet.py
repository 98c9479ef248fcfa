"""The sheet of a quick order: what each line costs, has in stock and is blocked by, and the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from kernel.money import ZERO_MONEY, taxed
from ledger.domain.credit import CreditDecision, OpenOrder
from ledger.queries import Position
from ordering.operations.reserving import available_of
from ordering.operations.terms import Terms, terms_of_trade
from ordering.queries.orders import open_orders_due
from ordering.queries.quick import CartLine, SheetProduct, position_now, scheme_names, stocked_products
from ordering.web.quick_steps import NextStep, next_step_of
from pricing.domain.quote import Line, Quote, QuotedLine, QuoteRequest, quote
from pricing.domain.schemes import FreeGoods
from pricing.queries import PricedOrder, quote_for

BLOCKING = {"block", "no_price", "short"}
TRIED, MOST_HELPED, MOST_BESIDE = 6, 10, 300
_FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the sheet shows it. Prices are for one `unit`; `units` are base units.

    `state`: ok, advise, review, or what keeps it from being sent: block, no_price, short (of
    `available` base units). `instead` is a quantity of `unit` that could be sent, 0 for none.
    """

    position: int
    product: SheetProduct
    qty: int
    unit: str
    units: int
    state: str
    quoted: QuotedLine
    price: Decimal | None
    was: Decimal | None
    net: Decimal | None
    available: int | None
    instead: int = 0
    breaks_floor: bool = False

    @property
    def is_blocked(self) -> bool:
        return self.state in BLOCKING

    @property
    def unit_name(self) -> str:
        return self.unit or self.product.base_unit


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
    products, there = stocked_products(skus=[line.sku for line in lines], seller_id=seller_id)
    known = [line for line in lines if line.sku in products]
    missing = tuple([line.sku for line in lines if line.sku not in products])
    if not known:
        return Sheet(terms=terms, missing=missing, credit=_credit(terms, ZERO_MONEY, on))
    wanted = [(line.sku, line.qty * max(products[line.sku].factor(line.unit), 1)) for line in known]
    priced = quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=wanted, on=on)
    stock = _stock(priced, seller_id, there)
    bad, request, found = _parted(priced, stock)
    good = {line.sku: line for line in found.lines}
    rows, helped = [], 0
    for position, line in enumerate(known, start=1):
        state, quoted = bad.get(line.sku) or (good[line.sku].verdict, good[line.sku])
        row = _row(position, line, products[line.sku], state, quoted, found, stock)
        helped += row.is_blocked
        helps = row.is_blocked and helped <= MOST_HELPED
        rows.append(_with_way_out(row, priced.request, found, stock) if helps else row)
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
    )


def _stock(priced: PricedOrder, seller_id: UUID, there: dict[str, int]) -> dict[str, int] | None:
    """What may still be sold, by SKU, gifts too; None where the seller keeps no stock here."""
    if not priced.seller.tracks_stock:
        return None
    gifts = {sku: product for sku, product in priced.products.items() if sku not in there}
    if not gifts:
        return there
    left = available_of(seller_id, [product.id for product in gifts.values()])
    return there | {sku: max(left.get(product.id, 0), 0) for sku, product in gifts.items()}


def _parted(
    priced: PricedOrder, stock: dict[str, int] | None
) -> tuple[dict[str, tuple[str, QuotedLine]], QuoteRequest, Quote]:
    """The lines that cannot be sent and why, and the rest priced by themselves.

    Without a blocked line the others may cost something else, so they are asked for again; pure
    arithmetic over what was read once. Each turn takes lines away, so that it ends.
    """
    bad: dict[str, tuple[str, QuotedLine]] = {}
    request, found = priced.request, priced.quote
    while True:
        gifts: dict[str, int] = {}
        for gift in found.gifts:
            gifts[gift.sku] = gifts.get(gift.sku, 0) + gift.qty
        worse = {}
        for line in found.lines:
            if line.verdict in BLOCKING:
                worse[line.sku] = (line.verdict, line)
            elif stock is not None and line.qty + line.free_qty + gifts.get(line.sku, 0) > stock[line.sku]:
                worse[line.sku] = ("short", line)
        if not worse:
            return bad, request, found
        bad |= worse
        request = replace(request, lines=[line for line in request.lines if line.sku not in bad])
        found = quote(request)


def _row(
    position: int,
    line: CartLine,
    product: SheetProduct,
    state: str,
    quoted: QuotedLine,
    found: Quote,
    stock: dict[str, int] | None,
) -> Row:
    factor = max(product.factor(line.unit), 1)
    price = was = net = None
    if quoted.is_priced:
        price = _per_unit(quoted.unit_price, factor, quoted.per)
        if quoted.unit_price < quoted.base_price:
            was = _per_unit(quoted.base_price, factor, quoted.per)
        given = sum(gift.qty for gift in found.gifts if gift.sku == line.sku)
        net = _per_unit(quoted.amount, factor, quoted.qty + quoted.free_qty + given)
    there = None if stock is None else stock[line.sku]
    return Row(position, product, line.qty, line.unit, quoted.qty, state, quoted, price, was, net, there)


def _per_unit(amount: Decimal, factor: int, per: int) -> Decimal:
    return (amount * factor / per).quantize(_FINE, ROUND_HALF_UP)


def _with_way_out(row: Row, request: QuoteRequest, found: Quote, stock: dict[str, int] | None) -> Row:
    """With the largest smaller quantity that could be sent, where one is found in a few tries."""
    factor = max(row.product.factor(row.unit), 1)
    sku = row.product.sku
    if row.state == "no_price":
        return row
    broken = [one for one in request.limits if one.sku == sku and one.broken_by(row.quoted.net_unit_price)]
    floor = any(one.floor is not None and row.quoted.net_unit_price < one.floor for one in broken)
    beside = len(request.lines) <= MOST_BESIDE
    others = [line for line in request.lines if beside and line.sku != sku]
    if not beside:
        request = _only(sku, request)
    for qty in _fewer(row, request, found, factor):
        again = quote(replace(request, lines=[*others, Line(sku, qty * factor)]))
        line, given = again.lines[-1], sum(gift.qty for gift in again.gifts if gift.sku == sku)
        enough = stock is None or line.qty + line.free_qty + given <= stock[sku]
        if line.verdict not in BLOCKING and enough:
            return replace(row, instead=qty, breaks_floor=floor)
    return replace(row, breaks_floor=floor)


def _only(sku: str, request: QuoteRequest) -> QuoteRequest:
    """The same request for one product alone: of a long sheet the rest is not priced again."""
    lists = [
        replace(one, entries=[entry for entry in one.entries if entry.sku == sku])
        for one in request.price_lists
    ]
    return replace(request, price_lists=lists, limits=[one for one in request.limits if one.sku == sku])


def _fewer(row: Row, request: QuoteRequest, found: Quote, factor: int) -> list[int]:
    """Smaller quantities worth a try: what there is, with its free units, and short of free units."""
    most = row.units if row.state != "short" else row.available or 0
    given = sum(gift.qty for gift in found.gifts if gift.sku == row.product.sku)
    tried = {most, most - given} if row.state == "short" else set()
    for scheme in request.schemes:
        if isinstance(scheme, FreeGoods) and (scheme.skus is None or row.product.sku in scheme.skus):
            tried |= {scheme.rule.buy - 1, most * scheme.rule.buy // (scheme.rule.buy + scheme.rule.free)}
    whole = {units // factor for units in tried if 0 < units <= most}
    return sorted({qty for qty in whole if 0 < qty < row.qty}, reverse=True)[:TRIED]


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
