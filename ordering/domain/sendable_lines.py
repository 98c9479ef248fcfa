"""Split the lines of a draft into those that can be sent, priced alone, and those that are blocked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pricing.domain.base_price import PriceEntry
from pricing.domain.quote import Quote, QuotedLine, QuoteRequest, quote
from pricing.domain.schemes import FreeGoods

BLOCKING = frozenset({"block", "no_price", "short", "unavailable"})


def split_sendable(
    request: QuoteRequest,
    found: Quote,
    stock: Mapping[str, int] | None,
    unavailable: Collection[str] = (),
) -> tuple[dict[str, tuple[str, QuotedLine]], QuoteRequest, Quote]:
    """Return the blocked lines by SKU with their reason, the request of the others, and its quote.

    The reason is block, no_price, short or, for a SKU in `unavailable`, unavailable. Without a blocked line
    the others may cost something else, so they are quoted again, from data read once, until no line is
    blocked. `stock` holds the available units
    of each SKU, gifts included; None if the seller tracks no stock here.
    """
    bad: dict[str, tuple[str, QuotedLine]] = {}
    again = None
    while worse := _worse(found, stock, unavailable):
        again = again or with_winning_prices(request, found.lines)
        bad |= worse
        again = replace(again, lines=[line for line in again.lines if line.sku not in bad])
        found = quote(again)
    return bad, replace(request, lines=again.lines) if again else request, found


def _worse(
    found: Quote, stock: Mapping[str, int] | None, unavailable: Collection[str]
) -> dict[str, tuple[str, QuotedLine]]:
    gifts: dict[str, int] = {}
    for gift in found.gifts:
        gifts[gift.sku] = gifts.get(gift.sku, 0) + gift.qty
    worse = {}
    for line in found.lines:
        if line.sku in unavailable:
            worse[line.sku] = ("unavailable", line)
        elif line.verdict in BLOCKING:
            worse[line.sku] = (line.verdict, line)
        elif stock is not None and line.qty + line.free_qty + gifts.get(line.sku, 0) > stock[line.sku]:
            worse[line.sku] = ("short", line)
    return worse


def with_winning_prices(
    request: QuoteRequest, lines: Sequence[QuotedLine], keep: Collection[str] = ()
) -> QuoteRequest:
    """Return the request with only the winning price of each quoted line.

    A quote of the same quantities gives the same result without comparing all prices again, which is the
    main cost of a long sheet. Gifts, lines with a manual price, and the SKUs in `keep`, keep all prices.
    """
    complete = {*keep, *(line.sku for line in lines if line.manual is not None)}
    complete |= {s.gift_sku for s in request.schemes if isinstance(s, FreeGoods) and s.gift_sku}
    won: dict[str, list[PriceEntry]] = {}
    for line in lines:
        if line.price_list is not None and line.sku not in complete:
            won.setdefault(line.price_list, []).append(PriceEntry(line.sku, line.base_price, line.per))
    lists = [
        replace(
            one, entries=[entry for entry in one.entries if entry.sku in complete] + won.get(one.code, [])
        )
        for one in request.price_lists
    ]
    return replace(request, price_lists=lists)
