"""Take what orders use of schemes within their budgets, and give it back.

Placing an order is one statement, which takes the call USE_SCHEMES and its parameters from here. A budget
is a row of its own that orders lock; a scheme without a budget locks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from kernel.array_literals import array_literal
from kernel.refusals import Refusal
from pricing.domain.scheme_use import LineLeft, Use, UsePart, use_left
from pricing.models import SchemeUse
from tenancy.context import active_tenant_id
from tenancy.models import new_id

USE_SCHEMES = (
    "use_schemes(%(tenant)s, %(order)s, %(number)s, %(buyer)s, %(at)s, %(use_ids)s, %(use_schemes)s,"
    " %(use_moneys)s, %(use_units)s, %(use_limited)s, %(use_parts)s)"
)


class SchemeExhausted(Refusal):
    """Another order has taken what was left of a scheme since this one was priced."""

    code = "scheme_exhausted"


class NewUse(NamedTuple):
    """What an order uses of a scheme; `limited` if the scheme has a budget or a limit of a buyer."""

    scheme_id: UUID
    code: str
    limited: bool
    use: Use


def use_columns(uses: Sequence[NewUse]) -> dict[str, Any]:
    """Return the parameters of USE_SCHEMES that placing an order does not have already."""
    return {
        "use_ids": [str(new_id()) for _use in uses],
        "use_schemes": [str(one.scheme_id) for one in uses],
        "use_moneys": [one.use.money for one in uses],
        "use_units": [one.use.units for one in uses],
        "use_limited": [one.limited for one in uses],
        "use_parts": orjson.dumps([[_plain(part) for part in one.use.parts] for one in uses]).decode(),
    }


def check_used(uses: Sequence[NewUse], exceeded: Sequence[UUID]) -> None:
    """Raise SchemeExhausted if USE_SCHEMES has returned a scheme; the caller rolls back."""
    codes = sorted(one.code for one in uses if one.scheme_id in exceeded)
    if codes:
        message = _("The scheme %(code)s is used up. Look at the new prices and order again.")
        raise SchemeExhausted(message % {"code": codes[0]}, field="schemes", schemes=codes)


def give_back(order_id: UUID, lines: Mapping[int, LineLeft]) -> None:
    """Give back what the `lines` of a locked order, by position, no longer use. Two statements.

    Repeated, it gives back nothing more: what is in use follows from the lines.
    """
    rows = SchemeUse.objects.filter(order_id=order_id).values_list(
        "id", "scheme_id", "first_units", "first_money", "units", "money", "parts"
    )
    changes = []
    for row_id, scheme_id, units, money, used_units, used_money, parts in rows:
        left = use_left(Use(units, money, tuple(_part(one) for one in parts)), lines)
        if left != (used_units, used_money):
            changes.append((row_id, scheme_id, *left, used_units - left[0], used_money - left[1]))
    if changes:
        _write(changes)


def _write(changes: Sequence[tuple[Any, ...]]) -> None:
    ids, schemes, units, moneys, units_back, money_back = zip(*changes, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH changed AS (SELECT * FROM unnest(%(ids)s::uuid[], %(schemes)s::uuid[], %(units)s::int[],"
            "  %(moneys)s::numeric[], %(units_back)s::int[], %(money_back)s::numeric[])"
            "  AS c(id, scheme, units, money, units_back, money_back)),"
            " locked AS MATERIALIZED (SELECT b.id, b.scheme_id FROM pricing_schemebudget b"
            "  WHERE b.tenant_id = %(tenant)s AND b.scheme_id = ANY(%(schemes)s::uuid[])"
            "  ORDER BY b.scheme_id FOR NO KEY UPDATE),"
            " budgets AS (UPDATE pricing_schemebudget b SET used_units = b.used_units - c.units_back,"
            "  used_money = b.used_money - c.money_back FROM changed c, locked l"
            "  WHERE b.tenant_id = %(tenant)s AND b.id = l.id AND c.scheme = l.scheme_id)"
            " UPDATE pricing_schemeuse u SET units = c.units, money = c.money FROM changed c"
            " WHERE u.tenant_id = %(tenant)s AND u.id = c.id",
            {
                "tenant": active_tenant_id(),
                "ids": array_literal(ids),
                "schemes": array_literal(schemes),
                "units": array_literal(units),
                "moneys": array_literal(moneys),
                "units_back": array_literal(units_back),
                "money_back": array_literal(money_back),
            },
        )


def _plain(part: UsePart) -> dict[str, Any]:
    return {"line": part.line, "units": part.units, "money": str(part.money), "free": part.free}


def _part(stored: dict[str, Any]) -> UsePart:
    return UsePart(stored["line"], stored["units"], Decimal(stored["money"]), stored["free"])
