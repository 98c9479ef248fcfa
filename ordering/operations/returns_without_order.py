"""Take goods back without reference to an order, at prices that staff enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor, NotAllowed
from audit.operations.recording import record
from catalogue.models import Product
from catalogue.queries import UnknownProduct
from dealers.models import Party
from jobs.operations.outbox import announce
from kernel.money import MAX_MONEY, taxed
from kernel.quantities import MAX_UNITS, line_amount
from kernel.refusals import Refusal
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.credit_lock import lock_for_credit
from ledger.operations.receipts import announce_credit_change
from ordering.audit_actions import OrderAction
from ordering.models import Return
from ordering.operations.order_checks import QuantityOutOfRange
from ordering.operations.repeated_returns import ReturnContent, line_at_price, repeated_return
from ordering.operations.return_posting import (
    NothingReturned,
    Returned,
    count_facts,
    credit,
    find_return,
    move_stock,
    worth_of,
    write_return,
)
from ordering.operations.trade_terms import must_flow_down
from ordering.queries.returns import ReturnDetail, return_facts
from ordering.queries.trade_terms import TradeTerms, terms_of_trade
from tenancy.context import joined_transaction
from tenancy.models import new_id


class PriceWrong(Refusal):
    code = "out_of_range"


class PricedReturnPart(NamedTuple):
    """Returned units of one product; `price` is for one base unit, with tax if prices include it."""

    sku: str
    qty: int
    price: Decimal


def take_back_without_order(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    lines: Sequence[PricedReturnPart | tuple[str, int, Decimal]],
    by: Actor,
    at: datetime,
    reason: str = "",
    source: str = "",
) -> ReturnDetail:
    """Take goods back without an order, at the prices given, and return the return.

    A `source` that was booked before with the same content returns that return, `replayed`. Raises
    NotAllowed, SourceTaken, NothingReturned, UnknownProduct, QuantityOutOfRange, PriceWrong.
    """
    by.must("order.return")
    if by.party_kind != MANUFACTURER or not by.acts_for(seller_id):
        message = _("Without the original order only the manufacturer takes back goods, and only its own.")
        raise NotAllowed(message, field="seller")
    wanted = [PricedReturnPart(*one) for one in lines]
    if not wanted:
        raise NothingReturned(_("Nothing is returned."), field="lines")
    with joined_transaction():
        terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id, on=at)
        must_flow_down(terms)
        content = ReturnContent(None, seller_id, reason, [line_at_price(*one) for one in wanted])
        if (known := find_return(source, buyer_id=buyer_id)) is not None:
            return repeated_return(known, content)
        book_id = terms.book_id or open_book(seller_id=seller_id, buyer_id=buyer_id)
        products = _products([one.sku for one in wanted])
        back = []
        for i, one in enumerate(wanted):
            if one.sku not in products:
                raise UnknownProduct(_("There is no such product."), field=f"lines[{i}].sku")
            if not 1 <= one.qty <= MAX_UNITS:
                raise QuantityOutOfRange(_("At least one unit comes back."), field=f"lines[{i}].qty")
            if not 0 <= one.price < Decimal(10) ** 10:
                raise PriceWrong(_("A price is not negative."), field=f"lines[{i}].price")
            product_id, rate = products[one.sku]
            split = taxed(line_amount(one.price, one.qty), rate, tax_in_price=terms.tax_in_price)
            back.append(Returned(None, product_id, one.sku, one.qty, 0, 0, one.price, split.net, split.tax))
        if sum(worth_of(back)) >= MAX_MONEY:
            raise PriceWrong(_("The return is worth too much to be one."), field="lines")
        book = lock_for_credit(book_id)
        if (known := find_return(source, buyer_id=buyer_id)) is not None:
            return repeated_return(known, content)
        trade = _Trade(terms, *_tracking(seller_id, buyer_id))
        return_id = new_id()
        book.head.orders += 1
        Book.objects.filter(id=book_id).update(orders=book.head.orders)
        seller = "" if terms.seller.kind == MANUFACTURER else f"{terms.seller.code}."
        number = f"RT{terms.day_of(at):%y%m%d}-{seller}{terms.buyer.code}-{book.head.orders}"
        write_return(return_id, None, seller_id, buyer_id, number, back, trade, source, reason, at)
        credit(book, f"return:{return_id}", back, number, by, at, terms.day_of(at))
        announce("ordering.returned", {"return_id": str(return_id)}, at=at)
        announce_credit_change(book_id, at)
        record(OrderAction.TAKE_BACK, (Return, return_id), by=by, at=at, number=number, reason=reason)
        move_stock(trade, seller_id, buyer_id, back, return_id, at)
        count_facts(trade, seller_id, buyer_id, back, at)
    return return_facts(return_id)


@dataclass(frozen=True, slots=True)
class _Trade:
    terms: TradeTerms
    seller_tracks: bool
    buyer_tracks: bool

    def day_of(self, at: datetime) -> date:
        return self.terms.day_of(at)


def _tracking(seller_id: UUID, buyer_id: UUID) -> tuple[bool, bool]:
    tracks = dict(Party.objects.filter(id__in=[seller_id, buyer_id]).values_list("id", "tracks_stock"))
    return tracks[seller_id], tracks[buyer_id]


def _products(skus: Sequence[str]) -> dict[str, tuple[UUID, Decimal]]:
    rows = Product.objects.filter(sku__in=skus).values_list("sku", "id", "tax_rate")
    return {sku: (product_id, rate) for sku, product_id, rate in rows}
