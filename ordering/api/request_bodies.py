"""Parse the bodies of requests strictly; an error names its field by path, like lines[3].qty.

This is done by hand because an order has up to 5,000 lines and serializers are too slow for that.
`ordering.api.serializers` describes the same shapes for the schema.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kernel.cases import Case, InvalidCase, count, flag, one_of, positive, price, text
from kernel.quantities import MAX_LINES
from ordering.models import Order
from ordering.operations.placing import Window
from ordering.operations.returns import ReturnPart
from ordering.operations.returns_without_order import PricedReturnPart
from ordering.operations.shipping import Part
from ordering.operations.stock_reports import Counted


def text_up_to(max_chars: int) -> Callable[[object, str], str]:
    """Return a reader of text that fits a column of `max_chars` characters."""

    def read(value: object, path: str) -> str:
        found = text(value, path)
        if len(found) > max_chars or (not found.isprintable() and not _is_plain(found)):
            raise InvalidCase(
                "bad_text",
                _("At most %(most)s characters, none of control.") % {"most": max_chars},
                field=path,
            )
        return found

    return read


def _is_plain(found: str) -> bool:
    return all(letter in "\n\t\r\u3000\u00a0" or letter.isprintable() for letter in found)


def moment(value: object, path: str) -> datetime:
    """Return a date and time like 2026-06-01T09:30:00+08:00; without an offset it is in the tenant's zone."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or not 1900 < found.year < 3000:
        raise InvalidCase("not_a_moment", _("This must be a date and time."), field=path)
    aware = timezone.make_aware(found) if timezone.is_naive(found) else found
    return aware.astimezone(UTC)


def _lines(case: Case, read: Callable[[object, str], Any], key: str = "lines") -> list[Any]:
    found = case.each(key, read, least=1)
    if len(found) > MAX_LINES:
        raise InvalidCase("too_many", _("At most %(most)s lines.") % {"most": MAX_LINES}, field=key)
    return found


class ManualPriceRequest(NamedTuple):
    price: Decimal
    per: int
    reason: str


class OrderRequest(NamedTuple):
    """`manual` are the prices that the seller sets by hand, by SKU."""

    seller: str | None
    buyer: str | None
    lines: list[tuple[str, int]]
    kind: str
    window: Window | None
    reference: str
    note: str
    source: str
    hold: bool
    accept_review: bool
    manual: dict[str, ManualPriceRequest]


_sku, _kind = text_up_to(60), one_of(*Order.Kind.values)


def order_request(body: object) -> OrderRequest:
    with Case(body) as case:
        lines = _lines(case, _order_line)
        return OrderRequest(
            seller=case.take("seller", text_up_to(40), None),
            buyer=case.take("buyer", text_up_to(40), None),
            lines=[(sku, qty) for sku, qty, _manual in lines],
            manual={sku: manual for sku, _qty, manual in lines if manual is not None},
            kind=case.take("kind", _kind, "standard"),
            window=case.take("window", _window, None),
            reference=case.take("reference", text_up_to(100), ""),
            note=case.take("note", text_up_to(500), ""),
            source=case.take("source", text_up_to(120), ""),
            hold=case.take("hold", flag, True),
            accept_review=case.take("accept_review", flag, False),
        )


def _order_line(value: object, path: str) -> tuple[str, int, ManualPriceRequest | None]:
    with Case(value, path) as line:
        manual = line.take("manual_price", _manual_price, None)
        return line.need("sku", _sku), line.need("qty", positive), manual


def _manual_price(value: object, path: str) -> ManualPriceRequest:
    with Case(value, path) as case:
        return ManualPriceRequest(
            case.need("price", price), case.take("per", positive, 1), case.need("reason", text_up_to(300))
        )


def _window(value: object, path: str) -> Window:
    with Case(value, path) as window:
        return Window(window.need("from", moment), window.need("until", moment))


def cancel_reason(body: object) -> str:
    with Case(body or {}) as case:
        return case.take("reason", text_up_to(300), "")


def approval_reason(body: object) -> str:
    with Case(body or {}) as case:
        return case.need("reason", text_up_to(300))


def empty(body: object) -> None:
    with Case(body or {}):
        return


def shipment_request(body: object) -> tuple[list[Part] | None, str]:
    """Return the lines to ship, or None without `lines`: all open quantities; and the outside number."""
    with Case(body or {}) as case:
        lines = _lines(case, _shipment_line) if case.has("lines") else None
        return lines, case.take("source", text_up_to(120), "")


def _shipment_line(value: object, path: str) -> Part:
    with Case(value, path) as line:
        return Part(line.need("position", positive), line.need("qty", count), line.take("free", count, None))


def delivery_receipt(body: object) -> tuple[str, datetime | None]:
    with Case(body or {}) as case:
        return case.take("signed_by", text_up_to(100), ""), case.take("delivered_at", moment, None)


def delivery_slip(body: object) -> tuple[str, bytes]:
    """Return the name and the bytes of a delivery slip."""
    with Case(body) as case:
        return case.take("file_name", text_up_to(200), ""), case.need("content", _base64)


def _base64(value: object, path: str) -> bytes:
    try:
        return b64decode(text(value, path), validate=True)
    except ValueError:
        raise InvalidCase("bad_text", _("This must be a file in base64."), field=path) from None


class ReturnRequest(NamedTuple):
    order: UUID | None
    seller: str | None
    buyer: str | None
    lines: list[ReturnPart]
    loose: list[PricedReturnPart]
    reason: str
    source: str


def return_request(body: object) -> ReturnRequest:
    """Return the return request.

    With `order` a line is (position, qty, free); without it a line is (sku, qty, price), and the two
    parties are required.
    """
    with Case(body) as case:
        order_id = case.take("order", _id, None)
        return ReturnRequest(
            order=order_id,
            seller=None if order_id else case.need("seller", text_up_to(40)),
            buyer=None if order_id else case.need("buyer", text_up_to(40)),
            lines=_lines(case, _return_line) if order_id else [],
            loose=[] if order_id else _lines(case, _loose_return_line),
            reason=case.take("reason", text_up_to(300), ""),
            source=case.take("source", text_up_to(120), ""),
        )


def requested_return(body: object) -> tuple[UUID, list[ReturnPart], str]:
    """Return the order, the lines and the reason of a buyer's request to return goods."""
    with Case(body) as case:
        return case.need("order", _id), _lines(case, _return_line), case.need("reason", text_up_to(300))


def decline_answer(body: object) -> str:
    with Case(body or {}) as case:
        return case.need("answer", text_up_to(300))


def _id(value: object, path: str) -> UUID:
    try:
        return UUID(text(value, path))
    except ValueError:
        raise InvalidCase("not_an_id", _("This must be an id."), field=path) from None


def _return_line(value: object, path: str) -> ReturnPart:
    with Case(value, path) as line:
        return ReturnPart(
            line.need("position", positive), line.need("qty", count), line.take("free", count, 0)
        )


def _loose_return_line(value: object, path: str) -> PricedReturnPart:
    with Case(value, path) as line:
        found: Decimal = line.need("price", price)
        return PricedReturnPart(line.need("sku", _sku), line.need("qty", positive), found)


class StockChangeRequest(NamedTuple):
    party: str | None
    source: str
    mode: str
    lines: list[Counted]


def stock_change(body: object) -> StockChangeRequest:
    """Return the stock change; mode `count` sets the quantity on hand, `receipt` adds to it."""
    with Case(body) as case:
        return StockChangeRequest(
            case.take("party", text_up_to(40), None),
            case.need("source", text_up_to(100)),
            case.take("mode", one_of("count", "receipt"), "count"),
            _lines(case, _stock_line),
        )


def _stock_line(value: object, path: str) -> Counted:
    with Case(value, path) as line:
        return Counted(
            line.need("sku", _sku),
            line.need("on_hand", count),
            line.take("safety", count, None),
            line.take("quarantine", count, None),
        )
