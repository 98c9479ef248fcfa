"""The alternative for a blocked line: the largest smaller quantity that could be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.domain.sendable_lines import BLOCKING
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.domain.schemes import FreeGoods

MAX_TRIES, MAX_ROWS_WITH_ALTERNATIVE, MAX_LINES_PRICED_AGAIN = 6, 10, 300


def with_alternatives(
    rows: Sequence[SheetRow], request: QuoteRequest, found: Quote, stock: Mapping[str, int] | None
) -> list[SheetRow]:
    """Return the rows, the first blocked ones with their alternative where a few tries find one.

    `request` has every line, `found` is the quote of the lines that are not blocked.
    """
    left, answered = MAX_ROWS_WITH_ALTERNATIVE, []
    for row in rows:
        if row.is_blocked and left:
            left -= 1
            answered.append(_with_alternative(row, request, found, stock))
        else:
            answered.append(row)
    return answered


def _with_alternative(
    row: SheetRow, request: QuoteRequest, found: Quote, stock: Mapping[str, int] | None
) -> SheetRow:
    if row.state in {"no_price", "unavailable"}:
        return row
    net = row.quoted.net_unit_price
    sku = row.product.sku
    floors = [limit.floor for limit in row.quoted.broken if limit.action == row.quoted.verdict]
    row = replace(row, breaks_floor=any(floor is not None and net < floor for floor in floors))
    others: list[Line] = []
    if len(request.lines) <= MAX_LINES_PRICED_AGAIN:
        others = [line for line in request.lines if line.sku != sku]
    else:
        request = _one_product(sku, request)
    quantities = _smaller_quantities(row, request, found)
    for _try in range(MAX_TRIES):
        if not quantities:
            break
        qty = quantities.pop(0)
        spare = _spare(row, qty, others, request, stock)
        if spare is None:
            continue
        if spare >= 0:
            return replace(row, alternative=qty)
        fewer = qty + spare // row.factor
        if 0 < fewer < qty:
            quantities = sorted({fewer, *quantities}, reverse=True)
    return row


def _spare(
    row: SheetRow, qty: int, others: Sequence[Line], request: QuoteRequest, stock: Mapping[str, int] | None
) -> int | None:
    """Return the stock left after `qty` of the row, below 0 for what is missing; None: still blocked."""
    sku = row.product.sku
    again = quote(replace(request, lines=[*others, Line(sku, qty * row.factor, row.quoted.manual)]))
    line = again.lines[-1]
    gifts = sum(gift.qty for gift in again.gifts if gift.sku == sku)
    spare = 0 if stock is None else stock[sku] - line.qty - line.free_qty - gifts
    return None if line.verdict in BLOCKING and spare >= 0 else spare


def _one_product(sku: str, request: QuoteRequest) -> QuoteRequest:
    """Return the request for one product alone: of a long sheet the rest is not priced again."""
    lists: dict[str, PriceList] = {}
    entries: dict[str, list[PriceEntry]] = {}
    for candidate in request.book.candidates(sku):
        code = candidate.price_list.code
        lists[code] = candidate.price_list
        entries.setdefault(code, []).append(candidate.entry)
    return replace(
        request,
        price_lists=[replace(lists[code], entries=found) for code, found in entries.items()],
        limits=[one for one in request.limits if one.sku == sku],
    )


def _smaller_quantities(row: SheetRow, request: QuoteRequest, found: Quote) -> list[int]:
    """Return the quantities worth a try, the largest first.

    They are what the stock allows, with and without free units, and just short of free units.
    """
    limit = row.units if row.state != "short" else row.available or 0
    gifts = sum(gift.qty for gift in found.gifts if gift.sku == row.product.sku)
    tried = {limit, limit - gifts} if row.state == "short" else set()
    for scheme in request.schemes:
        if isinstance(scheme, FreeGoods) and (scheme.skus is None or row.product.sku in scheme.skus):
            buy, free = scheme.rule.buy, scheme.rule.free
            packs, rest = divmod(limit, buy + free)
            tried |= {buy - 1, limit * buy // (buy + free), packs * buy + min(rest, buy - 1)}
    quantities = {units // row.factor for units in tried if 0 < units <= limit}
    return sorted({qty for qty in quantities if 0 < qty < row.qty}, reverse=True)
