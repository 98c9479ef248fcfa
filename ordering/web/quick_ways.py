"""The way out of a blocked line: the largest smaller quantity that could be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ordering.domain.sendable_lines import BLOCKING
from ordering.web.quick_rows import Row
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.domain.schemes import FreeGoods

TRIED, MAX_HELPED, MAX_BESIDE = 6, 10, 300


def with_way_out(row: Row, request: QuoteRequest, found: Quote, stock: Mapping[str, int] | None) -> Row:
    """With the largest smaller quantity that could be sent, where one is found in a few tries."""
    sku = row.product.sku
    if row.state == "no_price":
        return row
    broken = [one for one in request.limits if one.sku == sku and one.broken_by(row.quoted.net_unit_price)]
    floor = any(one.floor is not None and row.quoted.net_unit_price < one.floor for one in broken)
    beside = len(request.lines) <= MAX_BESIDE
    others = [line for line in request.lines if beside and line.sku != sku]
    if not beside:
        request = _only(sku, request)
    left = _fewer(row, request, found)
    for _try in range(TRIED):
        if not left:
            break
        qty = left.pop(0)
        again = quote(replace(request, lines=[*others, Line(sku, qty * row.factor)]))
        line, given = again.lines[-1], sum(gift.qty for gift in again.gifts if gift.sku == sku)
        spare = 0 if stock is None else stock[sku] - line.qty - line.free_qty - given
        if line.verdict not in BLOCKING and spare >= 0:
            return replace(row, instead=qty, breaks_floor=floor)
        fewer = qty + spare // row.factor
        if 0 < fewer < qty:
            left = sorted({fewer, *left}, reverse=True)
    return replace(row, breaks_floor=floor)


def _only(sku: str, request: QuoteRequest) -> QuoteRequest:
    """The same request for one product alone: of a long sheet the rest is not priced again."""
    lists = [
        replace(one, entries=[entry for entry in one.entries if entry.sku == sku])
        for one in request.price_lists
    ]
    return replace(request, price_lists=lists, limits=[one for one in request.limits if one.sku == sku])


def _fewer(row: Row, request: QuoteRequest, found: Quote) -> list[int]:
    """Smaller quantities worth a try: what there is, with its free units, and short of free units."""
    most = row.units if row.state != "short" else row.available or 0
    given = sum(gift.qty for gift in found.gifts if gift.sku == row.product.sku)
    tried = {most, most - given} if row.state == "short" else set()
    for scheme in request.schemes:
        if isinstance(scheme, FreeGoods) and (scheme.skus is None or row.product.sku in scheme.skus):
            buy, free = scheme.rule.buy, scheme.rule.free
            packs, rest = divmod(most, buy + free)
            tried |= {buy - 1, most * buy // (buy + free), packs * buy + min(rest, buy - 1)}
    whole = {units // row.factor for units in tried if 0 < units <= most}
    return sorted({qty for qty in whole if 0 < qty < row.qty}, reverse=True)
