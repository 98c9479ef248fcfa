"""The reasons of a price, for the panel beside a quote; computed on demand only.

Source: rules.md, quote 1, and the why-panel of the ordering screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pricing.domain.audience import precedence
from pricing.domain.base_price import Candidate, PriceEntry, PriceList
from pricing.domain.quote import QuoteRequest


@dataclass(frozen=True, slots=True)
class Considered:
    """A price that was considered, and the reason why it wins or loses.

    `reason`: wins, below_min_qty (`missing` units short), lower_audience, lower_priority,
    lower_min_qty, earlier_from, later_code; for a price that was no candidate: not_active,
    other_audience.
    """

    price_list: PriceList
    entry: PriceEntry
    reason: str
    missing: int = 0

    @property
    def wins(self) -> bool:
        return self.reason == "wins"


LeftOut = Mapping[str, Sequence[Considered]]


def considered(
    request: QuoteRequest, sku: str, qty: int, left_out: LeftOut | None = None
) -> tuple[Considered, ...]:
    """Return the prices of the SKU for `qty`: the winner, the losers in order, then non-candidates.

    For many SKUs pass the request's `no_candidates`, so that the lists are read once.
    """
    if left_out is None:
        left_out = no_candidates(request)
    winner = request.book.choose(sku, qty)
    winners, losers = [], []
    for candidate in request.book.candidates(sku):
        price_list, entry = candidate.price_list, candidate.entry
        if winner is not None and candidate is winner:
            winners.append(Considered(price_list, entry, "wins"))
        elif winner is None or entry.min_qty > qty:
            short = entry.min_qty - qty
            losers.append(Considered(price_list, entry, "below_min_qty", short))
        else:
            losers.append(Considered(price_list, entry, _why_behind(winner, candidate)))
    return (*winners, *losers, *left_out.get(sku, ()))


def _why_behind(winner: Candidate, loser: Candidate) -> str:
    if winner.rank != loser.rank:
        return "lower_audience"
    if winner.place != loser.place:
        return "lower_priority"
    if winner.entry.min_qty != loser.entry.min_qty:
        return "lower_min_qty"
    if winner.price_list.period.from_ != loser.price_list.period.from_:
        return "earlier_from"
    return "later_code"


def no_candidates(request: QuoteRequest) -> LeftOut:
    """Return by SKU the prices of lists that are not active on the day or exclude the buyer."""
    left_out: dict[str, list[Considered]] = {}
    for price_list in request.price_lists:
        if not price_list.period.active_on(request.on):
            reason = "not_active"
        elif precedence(price_list.audience, request.buyer) is None:
            reason = "other_audience"
        else:
            continue
        for entry in price_list.entries:
            left_out.setdefault(entry.sku, []).append(Considered(price_list, entry, reason))
    return left_out
