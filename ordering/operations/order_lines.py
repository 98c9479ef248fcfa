"""Turn a quote into the lines of an order, with their tax, their reasons and their free-goods rules.

A line stores its free-goods rules as `grants`, so that shipments and returns follow the rules of the day of
the order, even if the scheme changes later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from kernel.money import ZERO, ZERO_MONEY, taxed
from ordering.domain.price_overrides import PriceOverride
from ordering.queries.orders import LineFacts
from pricing.domain.free_goods import FreeGoodsRule, entitled, free_sent
from pricing.domain.limits import Limit
from pricing.domain.quote import QuotedLine
from pricing.domain.schemes import FreeGoods
from pricing.queries import PricedOrder
from tenancy.models import new_id

Json = dict[str, Any]


def lines_of(
    priced: PricedOrder, overrides: Mapping[str, PriceOverride] | None = None
) -> tuple[LineFacts, ...]:
    """Return the quoted lines, then the gifts as lines that cost nothing.

    A line stores the limits outside which it lies, as of now, and the manual price with its reason.

    A gift line stores the unit price that is charged if its units are not returned with a return.
    """
    request = priced.request
    rules = {s.code: s for s in request.schemes if isinstance(s, FreeGoods)}
    lines = [_line(place, quoted, priced, rules) for place, quoted in enumerate(priced.quote.lines, start=1)]
    for line in lines:
        if overrides and (override := overrides.get(line.sku)) is not None:
            line.why["manual"] = override.as_json()
    for place, gift in enumerate(priced.quote.gifts, start=len(lines) + 1):
        scheme = rules[gift.scheme]
        covered = [line.position for line in lines if scheme.skus is None or line.sku in scheme.skus]
        product = priced.products[gift.sku]
        why = {"verdict": "ok", "gift": gift.scheme, "grants": [_grant(scheme, covered)]}
        found = request.book.choose(gift.sku, gift.qty)
        price, per = (found.entry.price, found.entry.per) if found else (ZERO, 1)
        lines.append(
            LineFacts(
                new_id(),
                place,
                product.id,
                gift.sku,
                product.name,
                0,
                gift.qty,
                per,
                price,
                price,
                ZERO,
                ZERO_MONEY,
                ZERO_MONEY,
                product.tax_rate,
                ZERO_MONEY,
                ZERO_MONEY,
                "",
                why,
            )
        )
    return tuple(lines)


def _line(place: int, quoted: QuotedLine, priced: PricedOrder, rules: dict[str, FreeGoods]) -> LineFacts:
    product = priced.products[quoted.sku]
    split = taxed(quoted.amount, product.tax_rate, tax_in_price=quoted.tax_included)
    why: Json = {"verdict": quoted.verdict}
    if not quoted.tax_included:
        why["tax_included"] = False
    if quoted.schemes:
        why["schemes"] = [
            {"code": code, "saved": str(saved)}
            for code, saved in zip(quoted.schemes, quoted.saved, strict=True)
        ]
    if quoted.clauses:
        why["clauses"] = list(quoted.clauses)
        why["limits"] = [_limit(limit) for limit in quoted.broken]
    if quoted.replaced is not None:
        why["list"] = {
            "code": quoted.replaced.price_list.code,
            "price": str(quoted.replaced.entry.price),
            "per": quoted.replaced.entry.per,
        }
    if quoted.free_qty:
        why["grants"] = [_grant(rules[code], [place]) for code in quoted.schemes if code in rules]
    return LineFacts(
        new_id(),
        place,
        product.id,
        quoted.sku,
        product.name,
        quoted.qty,
        quoted.free_qty,
        quoted.per,
        quoted.base_price,
        quoted.unit_price,
        quoted.net_unit_price,
        quoted.discount,
        split.gross,
        product.tax_rate,
        split.net,
        split.tax,
        quoted.price_list or "",
        why,
    )


def _limit(limit: Limit) -> Json:
    bounds = {"floor": limit.floor, "ceiling": limit.ceiling}
    stored = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    return {"clause": limit.clause, "action": limit.action} | stored


def _grant(scheme: FreeGoods, covered: Sequence[int]) -> Json:
    rule = scheme.rule
    grant: Json = {"scheme": scheme.code, "buy": rule.buy, "free": rule.free, "mode": rule.mode}
    if rule.cap is not None:
        grant["cap"] = rule.cap
    if rule.inclusive:
        grant["inclusive"] = True
    return grant | {"lines": list(covered)}


def rule_of(grant: Json) -> FreeGoodsRule:
    """Return the free-goods rule that a line stores."""
    return FreeGoodsRule(
        grant["buy"], grant["free"], grant["mode"], grant.get("inclusive", False), grant.get("cap")
    )


def free_earned(grants: Iterable[Json], paid: dict[int, int], ordered: dict[int, int] | None = None) -> int:
    """Return the free units that the `paid` units, by position, earn together.

    `ordered` holds the paid units that the order comes to, by position. With it, a rule of mode `whole`
    earns nothing until `paid` reaches it: its free units travel with the last shipment.
    """
    units = 0
    for grant in grants:
        rule, lines = rule_of(grant), grant["lines"]
        got = sum(paid.get(place, 0) for place in lines)
        if ordered is None:
            units += entitled(rule, got)
        else:
            units += free_sent(rule, got, sum(ordered.get(place, 0) for place in lines))
    return units


def line_columns(order_id: UUID, lines: Sequence[LineFacts], *, reserved: bool) -> dict[str, Any]:
    """Return the parameters of the lines in WRITE_ORDER."""
    return {
        "order": order_id,
        "reserved": reserved,
        "line_ids": [str(line.id) for line in lines],
        "positions": [line.position for line in lines],
        "line_products": [str(line.product_id) for line in lines],
        "skus": [line.sku for line in lines],
        "qtys": [line.qty for line in lines],
        "free_qtys": [line.free_qty for line in lines],
        "pers": [line.per for line in lines],
        "base_prices": [line.base_price for line in lines],
        "unit_prices": [line.unit_price for line in lines],
        "net_unit_prices": [line.net_unit_price for line in lines],
        "discounts": [line.discount for line in lines],
        "line_amounts": [line.amount for line in lines],
        "tax_rates": [line.tax_rate for line in lines],
        "nets": [line.net for line in lines],
        "taxes": [line.tax for line in lines],
        "price_lists": [line.price_list for line in lines],
        "whys": orjson.dumps([line.why for line in lines]).decode(),
    }


def total_of(lines: Iterable[LineFacts], field: str) -> Decimal:
    """Return the sum of a money field over the lines."""
    return sum((getattr(line, field) for line in lines), ZERO_MONEY)
