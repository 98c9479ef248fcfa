"""Why this price: what the why-panel shows beside a quote. Derived only when somebody asks.

Source: rules.md, quote 1, and the why-panel of the ordering screen.
"""

from dataclasses import dataclass

from pricing.domain.audience import precedence
from pricing.domain.prices import PriceBook, PriceEntry, PriceList
from pricing.domain.quote import QuoteRequest


@dataclass(frozen=True, slots=True)
class Considered:
    """A price that was looked at, and how it fared.

    `reason`: wins, below_min_qty (`missing` units short), lower_audience, lower_priority,
    lower_min_qty, earlier_from, later_code; or it was no candidate: not_active, other_audience.
    """

    price_list: PriceList
    entry: PriceEntry
    reason: str
    missing: int = 0

    @property
    def wins(self) -> bool:
        return self.reason == "wins"


def considered(
    request: QuoteRequest, sku: str, qty: int, book: PriceBook | None = None
) -> tuple[Considered, ...]:
    """Every price for `qty` of the SKU in the lists at hand: the winner, the losers in order,
    and those that were no candidates. For many SKUs hand in the `book` of the request."""
    if book is None:
        book = PriceBook(request.price_lists, request.buyer, request.on)
    winner = book.choose(sku, qty)
    told, losers = [], []
    for candidate in book.candidates(sku):
        price_list, entry = candidate.price_list, candidate.entry
        if winner is not None and candidate is winner:
            told.append(Considered(price_list, entry, "wins"))
        elif winner is None or entry.min_qty > qty:
            short = entry.min_qty - qty
            losers.append(Considered(price_list, entry, "below_min_qty", short))
        else:
            reason = _why_behind(request, winner.price_list, winner.entry, price_list, entry)
            losers.append(Considered(price_list, entry, reason))
    return (*told, *losers, *_no_candidates(request, sku))


def _why_behind(
    request: QuoteRequest,
    winner: PriceList,
    winning: PriceEntry,
    price_list: PriceList,
    entry: PriceEntry,
) -> str:
    buyer = request.buyer
    if precedence(winner.audience, buyer) != precedence(price_list.audience, buyer):
        return "lower_audience"
    if winner.priority != price_list.priority:
        return "lower_priority"
    if winning.min_qty != entry.min_qty:
        return "lower_min_qty"
    if winner.period.from_ != price_list.period.from_:
        return "earlier_from"
    return "later_code"


def _no_candidates(request: QuoteRequest, sku: str) -> list[Considered]:
    left_out = []
    for price_list in request.price_lists:
        if not price_list.period.active_on(request.on):
            reason = "not_active"
        elif precedence(price_list.audience, request.buyer) is None:
            reason = "other_audience"
        else:
            continue
        left_out += [
            Considered(price_list, entry, reason) for entry in price_list.entries if entry.sku == sku
        ]
    return left_out
