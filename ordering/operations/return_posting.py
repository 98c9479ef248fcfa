"""Write a return, with or without its order: rows, credit, stock, facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from ledger.operations.credit_lock import LockedBook
from ledger.operations.posting import Posting, write
from ledger.operations.receipts import Credit, credit_many
from ordering.operations.daily_facts import Fact, add_facts
from ordering.operations.reserving import Change, Wanted, change_stock, must_change_stock, open_rows
from ordering.operations.sources import SourceTaken
from tenancy.context import active_tenant_id
from tenancy.models import new_id


class NothingReturned(Refusal):
    code = "nothing_returned"


class Returned(NamedTuple):
    """One line of a return.

    `charged` counts free units that the buyer keeps without having earned them and pays now; later they come
    back in `qty`.
    """

    line_id: UUID | None
    product_id: UUID
    sku: str
    qty: int
    free: int
    charged: int
    price: Decimal
    net: Decimal
    tax: Decimal


class TradeSettings(Protocol):
    """The settings of the two parties, as an order or a trade without an order provides them."""

    @property
    def seller_tracks(self) -> bool: ...

    @property
    def buyer_tracks(self) -> bool: ...

    def day_of(self, at: datetime) -> date: ...


def find_return(source: str, *, buyer_id: UUID) -> UUID | None:
    """Return the buyer's return with an outside number; each buyer numbers returns independently."""
    if not source:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ordering_return WHERE tenant_id = %s AND source = %s AND buyer_id = %s",
            [active_tenant_id(), source, buyer_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def worth_of(back: Iterable[Returned]) -> tuple[Decimal, Decimal]:
    """Return net and tax of the returned lines."""
    net = tax = ZERO_MONEY
    for one in back:
        net, tax = net + one.net, tax + one.tax
    return net, tax


@contextmanager
def _unless_taken() -> Iterator[None]:
    """Raise SourceTaken for a number that a return to another seller has taken at the same moment."""
    try:
        yield
    except IntegrityError as error:
        if "return_source_once" not in str(error):
            raise
        raise SourceTaken(_("Another return has this outside number."), field="source") from error


def write_return(
    return_id: UUID,
    order_id: UUID | None,
    seller_id: UUID,
    buyer_id: UUID,
    number: str,
    back: Sequence[Returned],
    trade: TradeSettings,
    source: str,
    reason: str,
    at: datetime,
) -> None:
    """Insert the return and its lines in one statement. Raises SourceTaken."""
    net, tax = worth_of(back)
    with _unless_taken(), connection.cursor() as cursor:
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
                "tenant": active_tenant_id(),
                "id": return_id,
                "order": order_id,
                "seller": seller_id,
                "buyer": buyer_id,
                "number": number,
                "source": source,
                "at": at,
                "on": trade.day_of(at),
                "reason": reason,
                "net": net,
                "tax": tax,
                "credit": net + tax,
                "ids": [str(new_id()) for _one in back],
                "lines": [str(one.line_id) if one.line_id else None for one in back],
                "products": [str(one.product_id) for one in back],
                "qtys": [one.qty for one in back],
                "frees": [one.free for one in back],
                "charged": [one.charged for one in back],
                "prices": [one.price for one in back],
                "nets": [one.net for one in back],
                "taxes": [one.tax for one in back],
            },
        )


def credit(
    book: LockedBook,
    source: str,
    back: Sequence[Returned],
    number: str,
    by: Actor,
    at: datetime,
    on: date,
    first: str = "",
) -> None:
    """Post the credit. If charged free units cost more than the returned goods, the difference is due `on`.

    If both are equal, cents may still move between sales and tax.
    """
    net, tax = worth_of(back)
    if net + tax > 0:
        debits = [("sales", net), ("tax", tax)]
        credit_many([Credit(book.book_id, "return", source, at, debits, number, by.label, first)])
    elif net or tax:
        lines = [("receivable", -net - tax), ("sales", net), ("tax", tax)]
        posting = Posting(book.book_id, "return", source, at, lines, number, on, by.label)
        write([posting], book.heads)


def move_stock(
    trade: TradeSettings,
    seller_id: UUID,
    buyer_id: UUID,
    back: Sequence[Returned],
    return_id: UUID,
    at: datetime,
) -> None:
    """Move the goods from the buyer's stock to the seller's, where the parties track stock."""
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

    if trade.buyer_tracks:
        leave()
    if trade.seller_tracks:
        arrive()


def count_facts(
    trade: TradeSettings, seller_id: UUID, buyer_id: UUID, back: Sequence[Returned], at: datetime
) -> None:
    """Add the returned units and amounts to the facts of the day. A charged free unit is a unit bought.

    So it lowers the units returned.
    """
    day = trade.day_of(at)
    add_facts(
        Fact(
            day, seller_id, buyer_id, one.product_id, returned_qty=one.qty - one.charged, returned_net=one.net
        )
        for one in back
    )
