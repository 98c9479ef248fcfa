"""Taking goods back: with the original order, or without one at a price that staff name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, SYSTEM, Actor, NotAllowed
from audit.operations.tracing import trace
from kernel.money import ZERO_MONEY, as_cents, from_cents, taxed
from kernel.quantities import line_amount
from kernel.refusals import Refusal
from ledger.operations.asking import LockedBook, lock_for_credit
from ledger.operations.books import open_book
from ledger.operations.posting import Posting, write
from ledger.operations.receiving import Credit, credit_many
from ordering.models import Order
from ordering.operations.delivering import delivery_source
from ordering.operations.facts import Fact, add_facts
from ordering.operations.lines import free_earned
from ordering.operations.locking import lock_order
from ordering.operations.placing import MOST_MONEY, MOST_UNITS, QuantityOutOfRange
from ordering.operations.reserving import Change, Wanted, change_stock, must_change_stock, open_rows
from ordering.operations.sharing import part
from ordering.operations.terms import Terms, must_flow_down, terms_of_trade
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.queries.returns import ReturnDetail, return_facts
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id
from tenancy.operations.outbox import announce

State = Order.State


class MoreThanDelivered(Refusal):
    code = "more_than_delivered"


class NothingReturned(Refusal):
    code = "nothing_returned"


class UnknownProduct(Refusal):
    code = "unknown_product"


class PriceWrong(Refusal):
    code = "out_of_range"


class SourceTaken(Refusal):
    code = "conflict"


class Back(NamedTuple):
    """Paid and free units of one line that came back."""

    position: int
    qty: int
    free: int = 0


class BackLoose(NamedTuple):
    """Units without an order: `price` for one base unit, with tax where the tenant's prices have it."""

    sku: str
    qty: int
    price: Decimal


class Returned(NamedTuple):
    """One line of a return. `charged`: free units kept beyond what is still earned, paid now;
    `settled`: units that were charged before and came back now."""

    line_id: UUID | None
    product_id: UUID
    sku: str
    qty: int
    free: int
    charged: int
    settled: int
    price: Decimal
    net: Decimal
    tax: Decimal


def take_back(
    *,
    order_id: UUID,
    lines: Sequence[Back | tuple[int, ...]],
    by: Actor,
    at: datetime,
    reason: str = "",
    source: str = "",
) -> ReturnDetail:
    """Takes back what was delivered of an order: the seller's to do. A full return nets to 0.00.

    Free units beyond what the rest still earns come back or are charged at the line's price. A
    `source` that was taken back answers with that return. Raises MoreThanDelivered
    (`lines[i].qty`, `lines[i].free`), NothingReturned.
    """
    by.must("order.return")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        if (known := _known(source)) is not None:
            return _same_return(known, order_id, locked.order.seller_id, locked.order.buyer_id)
        locked.must_be(State.PART_SHIPPED, State.SHIPPED, State.DELIVERED)
        order = locked.order
        back = returned_lines(order, [Back(*one) for one in lines])
        return_id = new_id()
        number = f"{order.number}-R{_count_of(order_id) + 1}"
        _write(return_id, order_id, order.seller_id, order.buyer_id, number, back, locked, source, reason, at)
        _update_lines(back)
        _credit(locked.book, f"return:{return_id}", back, number, by, at, first=delivery_source(order_id))
        announce("ordering.returned", {"return_id": str(return_id)}, at=at)
        trace("take_back", "order", order_id, by=by, at=at, number=number, reason=reason)
        _move_stock(locked, order.seller_id, order.buyer_id, back, return_id, at)
        _count_facts(locked, order.seller_id, order.buyer_id, back, at)
    return return_facts(return_id)


def returned_lines(order: OrderFacts, wanted: Sequence[Back]) -> list[Returned]:
    """What each line is worth, and which free units are charged. Source: rules.md, free-goods."""
    by_position = {line.position: line for line in order.lines}
    named: dict[int, tuple[int, Back]] = {}
    for i, one in enumerate(wanted):
        line = by_position.get(one.position)
        if line is None or one.position in named:
            message = _("The order has no line %(position)s, or it is named twice.")
            raise MoreThanDelivered(message % {"position": one.position}, field=f"lines[{i}].position")
        for field, units, most in (
            ("qty", one.qty, line.delivered_qty - line.returned_qty),
            ("free", one.free, line.delivered_free - line.returned_free),
        ):
            if not 0 <= units <= most:
                message = _("Of %(sku)s the buyer holds %(held)s.") % {"sku": line.sku, "held": most}
                raise MoreThanDelivered(message, field=f"lines[{i}].{field}", held=most)
        named[one.position] = (i, one)
    if not any(one.qty or one.free for one in wanted):
        raise NothingReturned(_("Nothing comes back."), field="lines")
    held = {line.position: line.delivered_qty - line.returned_qty for line in order.lines}
    after = {place: units - (named[place][1].qty if place in named else 0) for place, units in held.items()}
    made = []
    for line in order.lines:
        _i, one = named.get(line.position, (-1, Back(line.position, 0)))
        one_back = _returned(line, one, held[line.position], after)
        if one_back.qty or one_back.free or one_back.charged:
            made.append(one_back)
    return made


def _returned(line: LineFacts, back: Back, held: int, after: dict[int, int]) -> Returned:
    free_held = line.delivered_free - line.returned_free - line.charged_free
    excess = max(0, free_held - free_earned(line.why.get("grants", ()), after))
    charged = max(0, excess - back.free)
    settled = back.free - min(back.free, free_held - charged)
    net = part(line.net, held - back.qty, held, line.qty)
    tax = part(line.tax, held - back.qty, held, line.qty)
    if charged:
        cost = taxed(_price_of(line, charged), line.tax_rate, tax_in_price=True)
        net, tax = net - cost.net, tax - cost.tax
    unit = from_cents(0) if not line.qty else (line.amount / line.qty).quantize(Decimal("0.0001"))
    return Returned(line.id, line.product_id, line.sku, back.qty, back.free, charged, settled, unit, net, tax)


def _price_of(line: LineFacts, units: int) -> Decimal:
    """What free units cost: what the paid ones of the line cost; for a gift its own price."""
    if line.qty:
        size = (2 * as_cents(line.amount) * units + line.qty) // (2 * line.qty)
        return from_cents(size)
    return line_amount(line.unit_price, units, line.per)


def take_back_loose(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    lines: Sequence[BackLoose | tuple[str, int, Decimal]],
    by: Actor,
    at: datetime,
    reason: str = "",
    source: str = "",
) -> ReturnDetail:
    """Takes goods back without their order, at a price that staff name."""
    by.must("order.return")
    if by.party_kind != MANUFACTURER and by.role != SYSTEM:
        raise NotAllowed(_("Without the original order only the manufacturer's staff take goods back."))
    wanted = [BackLoose(*one) for one in lines]
    if not wanted:
        raise NothingReturned(_("Nothing comes back."), field="lines")
    with joined_transaction():
        terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id)
        must_flow_down(terms)
        book_id = terms.book_id or open_book(seller_id=seller_id, buyer_id=buyer_id)
        products = _products([one.sku for one in wanted])
        back = []
        for i, one in enumerate(wanted):
            if one.sku not in products:
                raise UnknownProduct(_("There is no such product."), field=f"lines[{i}].sku")
            if not 1 <= one.qty <= MOST_UNITS:
                raise QuantityOutOfRange(_("At least one unit comes back."), field=f"lines[{i}].qty")
            if not 0 <= one.price < Decimal(10) ** 10:
                raise PriceWrong(_("A price is not negative."), field=f"lines[{i}].price")
            product_id, rate = products[one.sku]
            split = taxed(line_amount(one.price, one.qty), rate, tax_in_price=terms.tax_in_price)
            back.append(
                Returned(None, product_id, one.sku, one.qty, 0, 0, 0, one.price, split.net, split.tax)
            )
        if sum(_sum(back)) >= MOST_MONEY:
            raise PriceWrong(_("The return is worth too much to be one."), field="lines")
        book = lock_for_credit(book_id)
        if (known := _known(source)) is not None:
            return _same_return(known, None, seller_id, buyer_id)
        around = _Loose(terms, *_tracking(seller_id, buyer_id))
        return_id = new_id()
        book.head.orders += 1
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ledger_book SET orders = %s WHERE tenant_id = %s AND id = %s",
                [book.head.orders, active_tenant_id(), book_id],
            )
        seller = "" if terms.seller.kind == MANUFACTURER else f"{terms.seller.code}."
        number = f"RT{terms.day_of(at):%y%m%d}-{seller}{terms.buyer.code}-{book.head.orders}"
        _write(return_id, None, seller_id, buyer_id, number, back, around, source, reason, at)
        _credit(book, f"return:{return_id}", back, number, by, at)
        announce("ordering.returned", {"return_id": str(return_id)}, at=at)
        trace("take_back", "return", return_id, by=by, at=at, number=number, reason=reason)
        _move_stock(around, seller_id, buyer_id, back, return_id, at)
        _count_facts(around, seller_id, buyer_id, back, at)
    return return_facts(return_id)


class _Around(Protocol):
    """The two parties' ways, as an order or a trade without one knows them."""

    @property
    def seller_tracks(self) -> bool: ...

    @property
    def buyer_tracks(self) -> bool: ...

    def day_of(self, at: datetime) -> date: ...


@dataclass(frozen=True, slots=True)
class _Loose:
    terms: Terms
    seller_tracks: bool
    buyer_tracks: bool

    def day_of(self, at: datetime) -> date:
        return self.terms.day_of(at)


def _tracking(seller_id: UUID, buyer_id: UUID) -> tuple[bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tracks_stock FROM dealers_party WHERE tenant_id = %s AND id = ANY(%s::uuid[])",
            [active_tenant_id(), [str(seller_id), str(buyer_id)]],
        )
        tracks = dict(cursor.fetchall())
    return tracks[seller_id], tracks[buyer_id]


def _products(skus: Sequence[str]) -> dict[str, tuple[UUID, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sku, id, tax_rate FROM catalogue_product WHERE tenant_id = %s AND sku = ANY(%s)",
            [active_tenant_id(), list(skus)],
        )
        return {sku: (product_id, rate) for sku, product_id, rate in cursor.fetchall()}


def _same_return(return_id: UUID, order_id: UUID | None, seller_id: UUID, buyer_id: UUID) -> ReturnDetail:
    """The return that has this outside number, to those alone whose return it is."""
    known = return_facts(return_id)
    if (known.order_id, known.seller_id, known.buyer_id) != (order_id, seller_id, buyer_id):
        raise SourceTaken(_("Another return has this outside number."), field="source")
    return known


def _known(source: str) -> UUID | None:
    if not source:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ordering_return WHERE tenant_id = %s AND source = %s",
            [active_tenant_id(), source],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _count_of(order_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ordering_return WHERE tenant_id = %s AND order_id = %s",
            [active_tenant_id(), order_id],
        )
        return int(cursor.fetchone()[0])


def _sum(back: Iterable[Returned]) -> tuple[Decimal, Decimal]:
    net = tax = ZERO_MONEY
    for one in back:
        net, tax = net + one.net, tax + one.tax
    return net, tax


def _write(
    return_id: UUID, order_id: UUID | None, seller_id: UUID, buyer_id: UUID, number: str,
    back: Sequence[Returned], around: _Around, source: str, reason: str, at: datetime,
) -> None:  # fmt: skip
    net, tax = _sum(back)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH returns AS (INSERT INTO ordering_return (id, tenant_id, order_id, seller_id, buyer_id,"
            " number, source, returned_at, returned_on, reason, net, tax, credit) VALUES (%(id)s,"
            " %(tenant)s, %(order)s, %(seller)s, %(buyer)s, %(number)s, %(source)s, %(at)s, %(on)s,"
            " %(reason)s, %(net)s, %(tax)s, %(credit)s))"
            " INSERT INTO ordering_returnline (id, tenant_id, parent_id, order_line_id, product_id, qty,"
            " free_qty, charged_free, unit_price, net, tax)"
            " SELECT id, %(tenant)s, %(id)s, line_id, product_id, qty, free, charged, price, net, tax"
            " FROM unnest(%(ids)s::uuid[], %(lines)s::uuid[], %(products)s::uuid[], %(qtys)s::int[],"
            " %(frees)s::int[], %(charged)s::int[], %(prices)s::numeric[], %(nets)s::numeric[],"
            " %(taxes)s::numeric[])"
            " AS r(id, line_id, product_id, qty, free, charged, price, net, tax)",
            {
                "tenant": active_tenant_id(), "id": return_id, "order": order_id, "seller": seller_id,
                "buyer": buyer_id, "number": number, "source": source, "at": at,
                "on": around.day_of(at),
                "reason": reason, "net": net, "tax": tax, "credit": net + tax,
                "ids": [str(new_id()) for _one in back],
                "lines": [str(one.line_id) if one.line_id else None for one in back],
                "products": [str(one.product_id) for one in back], "qtys": [one.qty for one in back],
                "frees": [one.free for one in back], "charged": [one.charged for one in back],
                "prices": [one.price for one in back], "nets": [one.net for one in back],
                "taxes": [one.tax for one in back],
            },
        )  # fmt: skip


def _update_lines(back: Sequence[Returned]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ordering_orderline l SET returned_qty = l.returned_qty + r.qty,"
            " returned_free = l.returned_free + r.free, charged_free = l.charged_free + r.charged,"
            " credited = l.credited + r.credit"
            " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[], %s::numeric[])"
            " AS r(id, qty, free, charged, credit) WHERE l.tenant_id = %s AND l.id = r.id",
            [
                [str(one.line_id) for one in back], [one.qty for one in back], [one.free for one in back],
                [one.charged - one.settled for one in back], [one.net + one.tax for one in back],
                active_tenant_id(),
            ],
        )  # fmt: skip


def _credit(
    book: LockedBook, source: str, back: Sequence[Returned], number: str, by: Actor, at: datetime,
    first: str = "",
) -> None:  # fmt: skip
    """The credit; where the charge for free units is more than what came back, it is owed."""
    net, tax = _sum(back)
    if net + tax > 0:
        debits = [("sales", net), ("tax", tax)]
        credit_many([Credit(book.book_id, "return", source, at, debits, number, by.label, first)])
    elif net + tax < 0:
        lines = [("receivable", -net - tax), ("sales", net), ("tax", tax)]
        posting = Posting(book.book_id, "return", source, at, lines, number, posted_by=by.label)
        write([posting], book.heads)


def _move_stock(
    around: _Around, seller_id: UUID, buyer_id: UUID, back: Sequence[Returned], return_id: UUID, at: datetime
) -> None:
    """Out of the buyer's stock and into the seller's, where they keep it."""
    units: dict[UUID, int] = {}
    for one in back:
        units[one.product_id] = units.get(one.product_id, 0) + one.qty + one.free
    source = f"return:{return_id}"

    def leave() -> None:
        changes = {product: Change(on_hand=-count) for product, count in units.items()}
        wanted = [
            Wanted(one.product_id, one.qty + one.free, one.sku, f"lines[{i}].qty")
            for i, one in enumerate(back)
        ]
        must_change_stock(
            party_id=buyer_id, changes=changes, wanted=wanted, kind="return", source=source, at=at
        )

    def arrive() -> None:
        changes = {product: Change(on_hand=count) for product, count in units.items()}
        open_rows(party_id=seller_id, product_ids=units)
        change_stock(party_id=seller_id, changes=changes, kind="return", source=source, at=at, strict=False)

    if around.buyer_tracks:
        leave()
    if around.seller_tracks:
        arrive()


def _count_facts(
    around: _Around, seller_id: UUID, buyer_id: UUID, back: Sequence[Returned], at: datetime
) -> None:
    day = around.day_of(at)
    add_facts(
        Fact(day, seller_id, buyer_id, one.product_id, returned_qty=one.qty, returned_net=one.net)
        for one in back
    )
