"""Reading and writing credit decisions as JSON cases, in the shape of rules.md, credit."""

from decimal import Decimal
from typing import Any

from kernel.cases import Case, amount, count, day, plain
from kernel.money import ZERO, cents
from kernel.periods import Period
from ledger.domain.credit import CreditDecision, CreditRequest, OpenOrder, TemporaryLimit

Json = dict[str, Any]


def read(value: object, path: str = "") -> CreditRequest:
    """Read a credit request. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        requested, deposit = case.need("order", _order)
        return CreditRequest(
            limit=case.need("limit", amount),
            open_items=case.need("open_items", amount),
            unapplied_receipts=case.need("unapplied_receipts", amount),
            delivered_not_invoiced=case.need("delivered_not_invoiced", amount),
            open_orders=tuple(case.some("open_orders", _open_order)),
            temporary=tuple(case.some("temporary", _temporary)),
            today=case.need("today", day),
            horizon_days=case.take("horizon_days", count, None),
            oldest_overdue_days=case.take("oldest_overdue_days", count, None),
            max_overdue_days=case.take("max_overdue_days", count, None),
            amount=requested,
            deposit_received=deposit,
        )


def _order(value: object, path: str) -> tuple[Decimal, Decimal]:
    with Case(value, path) as order:
        return order.need("amount", amount), order.take("deposit_received", amount, ZERO)


def _open_order(value: object, path: str) -> OpenOrder:
    with Case(value, path) as order:
        return OpenOrder(amount=order.need("amount", amount), due=order.need("due", day))


def _temporary(value: object, path: str) -> TemporaryLimit:
    with Case(value, path) as extra:
        return TemporaryLimit(
            amount=extra.need("amount", amount),
            period=Period(extra.need("from", day), extra.need("until", day)),
        )


def write(request: CreditRequest, answer: CreditDecision) -> Json:
    """Return the decision as JSON."""
    return {
        "limit": plain(cents(answer.limit)),
        "exposure": plain(cents(answer.exposure)),
        "available": plain(cents(answer.available)),
        "decision": answer.decision,
        "reasons": list(answer.reasons),
        "explanation": {
            "limit": plain(cents(request.limit)),
            "temporary": plain(cents(answer.limit - request.limit)),
            "open_items": plain(cents(request.open_items)),
            "unapplied_receipts": plain(cents(request.unapplied_receipts)),
            "delivered_not_invoiced": plain(cents(request.delivered_not_invoiced)),
            "open_orders_counted": plain(cents(answer.open_orders)),
            "asked": plain(cents(answer.requested)),
        },
    }
