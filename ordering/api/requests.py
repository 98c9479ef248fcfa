"""Bodies of requests, read strictly: what is wrong is named by its path, like lines[3].qty.

By hand and not by serializers, for an order has up to 5,000 lines; ordering.api.serializers
describes the same shapes for the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.cases import Case, InvalidCase, count, flag, one_of, positive, price, text
from kernel.quantities import MAX_LINES
from ordering.models import Order
from ordering.operations.placing import Window
from ordering.operations.returns import Back
from ordering.operations.returns_without_order import BackLoose
from ordering.operations.shipping import Part
from ordering.operations.stock_reports import Counted
from ordering.operations.trade_terms import NoSuchTrade
from tenancy.context import active_tenant_id


def words(most: int) -> Callable[[object, str], str]:
    """A reader of text that a column of `most` characters holds."""

    def read(value: object, path: str) -> str:
        found = text(value, path)
        if len(found) > most or (not found.isprintable() and not _is_plain(found)):
            raise InvalidCase(
                "bad_text", _("At most %(most)s characters, none of control.") % {"most": most}, field=path
            )
        return found

    return read


def _is_plain(found: str) -> bool:
    return all(letter in "\n\t\r\u3000\u00a0" or letter.isprintable() for letter in found)


def moment(value: object, path: str) -> datetime:
    """A date and time with its offset, like 2026-06-01T09:30:00+08:00; without, the tenant's."""
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


class AskedOrder(NamedTuple):
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


_sku, _kind = words(60), one_of(*Order.Kind.values)


def order(body: object) -> AskedOrder:
    with Case(body) as case:
        return AskedOrder(
            seller=case.take("seller", words(40), None),
            buyer=case.take("buyer", words(40), None),
            lines=_lines(case, _ordered),
            kind=case.take("kind", _kind, "standard"),
            window=case.take("window", _window, None),
            reference=case.take("reference", words(100), ""),
            note=case.take("note", words(500), ""),
            source=case.take("source", words(120), ""),
            hold=case.take("hold", flag, True),
            accept_review=case.take("accept_review", flag, False),
        )


def _ordered(value: object, path: str) -> tuple[str, int]:
    with Case(value, path) as line:
        return line.need("sku", _sku), line.need("qty", positive)


def _window(value: object, path: str) -> Window:
    with Case(value, path) as window:
        return Window(window.need("from", moment), window.need("until", moment))


def reason(body: object) -> str:
    with Case(body or {}) as case:
        return case.take("reason", words(300), "")


def nothing(body: object) -> None:
    with Case(body or {}):
        return


def shipped(body: object) -> list[Part] | None:
    """The parts to ship; None without `lines`: all that is left."""
    with Case(body or {}) as case:
        return _lines(case, _part) if case.has("lines") else None


def _part(value: object, path: str) -> Part:
    with Case(value, path) as line:
        return Part(line.need("position", positive), line.need("qty", count), line.take("free", count, None))


def signature(body: object) -> tuple[str, datetime | None]:
    with Case(body or {}) as case:
        return case.take("signed_by", words(100), ""), case.take("delivered_at", moment, None)


class AskedReturn(NamedTuple):
    order: UUID | None
    seller: str | None
    buyer: str | None
    lines: list[Back]
    loose: list[BackLoose]
    reason: str
    source: str


def returned(body: object) -> AskedReturn:
    """With `order` lines are (position, qty, free); without, (sku, qty, price) and the two parties."""
    with Case(body) as case:
        order_id = case.take("order", _id, None)
        return AskedReturn(
            order=order_id,
            seller=None if order_id else case.need("seller", words(40)),
            buyer=None if order_id else case.need("buyer", words(40)),
            lines=_lines(case, _back) if order_id else [],
            loose=[] if order_id else _lines(case, _loose),
            reason=case.take("reason", words(300), ""),
            source=case.take("source", words(120), ""),
        )


def _id(value: object, path: str) -> UUID:
    try:
        return UUID(text(value, path))
    except ValueError:
        raise InvalidCase("not_an_id", _("This must be an id."), field=path) from None


def _back(value: object, path: str) -> Back:
    with Case(value, path) as line:
        return Back(line.need("position", positive), line.need("qty", count), line.take("free", count, 0))


def _loose(value: object, path: str) -> BackLoose:
    with Case(value, path) as line:
        found: Decimal = line.need("price", price)
        return BackLoose(line.need("sku", _sku), line.need("qty", positive), found)


class AskedStock(NamedTuple):
    party: str | None
    source: str
    mode: str
    lines: list[Counted]


def stock(body: object) -> AskedStock:
    """`mode` count sets what is on hand, receipt adds to it."""
    with Case(body) as case:
        return AskedStock(
            case.take("party", words(40), None),
            case.need("source", words(100)),
            case.take("mode", one_of("count", "receipt"), "count"),
            _lines(case, _counted),
        )


def _counted(value: object, path: str) -> Counted:
    with Case(value, path) as line:
        return Counted(
            line.need("sku", _sku),
            line.need("on_hand", count),
            line.take("safety", count, None),
            line.take("quarantine", count, None),
        )


def traders(seller: str | None, buyer: str | None, by: Actor) -> tuple[UUID, UUID]:
    """The ids of the two, named by id or code: no statement for ids, one for codes.

    Without a buyer the actor's own party buys; without a seller its supplier sells.
    """
    buyer = buyer or (str(by.party_id) if by.party_id else None)
    if buyer is None:
        raise NoSuchTrade(_("There is no such party."), field="buyer")
    if seller is not None and (pair := (_as_id(seller), _as_id(buyer))) and None not in pair:
        return pair  # type: ignore[return-value]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, s.id FROM dealers_party b LEFT JOIN dealers_party s ON s.tenant_id = b.tenant_id"
            " AND CASE WHEN %(seller)s IS NULL THEN s.id = b.parent_id OR b.parent_id IS NULL"
            "  AND s.kind = 'manufacturer' ELSE s.id::text = %(seller)s OR s.code = %(seller)s END"
            " WHERE b.tenant_id = %(tenant)s AND (b.id::text = %(buyer)s OR b.code = %(buyer)s) LIMIT 1",
            {"tenant": active_tenant_id(), "seller": seller, "buyer": buyer},
        )
        row = cursor.fetchone()
    if row is None or row[1] is None:
        raise NoSuchTrade(_("There is no such party."), field="buyer" if row is None else "seller")
    return row[1], row[0]


def party(reference: str | None, by: Actor) -> UUID:
    """A party named by id or code; the actor's own without one."""
    found = by.party_id
    if reference:
        try:
            found = traders(reference, reference, by)[1]
        except NoSuchTrade as unknown:
            unknown.field = "party"
            raise
    if found is None:
        raise NoSuchTrade(_("There is no such party."), field="party")
    return found


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
