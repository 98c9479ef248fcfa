"""The price ladders of a draft's rows, before and after publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.rights import MANUFACTURER
from dealers.models import Party
from pricing.domain.audience import Audience, Buyer
from pricing.domain.base_price import Candidate, PriceBook, PriceList
from pricing.domain.dry_run.changes import OfferedPrice
from pricing.domain.dry_run.ladder import (
    DEALER,
    FACTORY,
    MEMBER,
    OUTLET,
    STEPS,
    Inversion,
    Ladder,
    inversions,
)
from pricing.queries.dry_run.impact import Advice, PriceImpact
from pricing.queries.published_terms import price_lists_for
from pricing.queries.trade_parties import ProductFacts, two_parties

Books = dict[str, PriceBook]


@dataclass(frozen=True, slots=True)
class InvertedRow:
    """A row of the draft whose ladder has inverted steps. `before` are those without the draft."""

    sku: str
    qty: int
    ladder: Ladder
    before: Sequence[Inversion]
    after: Sequence[Inversion]


def inverted_rows(impact: PriceImpact) -> Iterator[InvertedRow]:
    """Return the rows of the draft with an inverted ladder, once for each level of buyers.

    Of the manufacturer's lists those for a level are the steps; a draft for another audience, such as a
    tier, takes the place of the step of its buyers. No statement for the manufacturer, three for a partner.
    """
    paid = _paid_by(impact)
    before = _books(impact, impact.before)
    for level in [None] if impact.draft.audience.kind in {"level", "everyone"} else _levels(impact):
        after = _books(impact, impact.after)
        if level is not None:
            after[level] = PriceBook([_for_level(impact.draft, level)], Buyer("", level=level), impact.on)
        for entry in impact.draft.entries:
            qty = max(1, entry.min_qty)
            ladder = _ladder(after, entry.sku, qty, impact.advice_after, paid)
            found = inversions(ladder)
            if found:
                old = _ladder(before, entry.sku, qty, impact.advice_before, paid)
                yield InvertedRow(entry.sku, qty, ladder, inversions(old), found)


def _levels(impact: PriceImpact) -> list[str]:
    return [step for step in STEPS if step in impact.audience_levels]


def _for_level(draft: PriceList, level: str) -> PriceList:
    return PriceList(draft.code, Audience("level", level), draft.entries, draft.priority, draft.period)


def _books(impact: PriceImpact, lists: Sequence[PriceList]) -> Books:
    """Return the prices of each step: of lists for its level, those of the factory for everyone too."""
    books = {}
    for step in STEPS:
        level = MANUFACTURER if step == FACTORY else step
        own = [one for one in lists if one.audience == Audience("level", level)]
        if step == FACTORY and not own:
            own = [one for one in lists if one.audience.kind == "everyone"]
        books[step] = PriceBook(own, Buyer("", level=level), impact.on)
    return books


def _ladder(
    books: Books, sku: str, qty: int, advice: Advice, paid: tuple[str, PriceBook] | None
) -> dict[str, Decimal]:
    """Return the price of each step for one base unit at a quantity.

    The last step is the advised resale price, or the own price for outlets where nothing is advised.
    """
    chosen = {step: book.choose(sku, qty) for step, book in books.items()}
    if paid is not None:
        bought_at, book = paid
        for step in STEPS[: STEPS.index(bought_at)]:
            chosen[step] = None
        chosen[bought_at] = book.choose(sku, qty)
    ladder = {step: _each(found) for step, found in chosen.items() if found is not None}
    for step in (MEMBER, DEALER):
        found = chosen[step]
        advised = found and advice.get((found.price_list.code, sku, found.entry.min_qty))
        if found and advised is not None and (paid is None or step != paid[0]):
            ladder[OUTLET] = OfferedPrice(advised, found.entry.per, "").each
            break
    return ladder


def _each(found: Candidate) -> Decimal:
    return OfferedPrice(found.entry.price, found.entry.per, found.price_list.code).each


def _paid_by(impact: PriceImpact) -> tuple[str, PriceBook] | None:
    """Return a partner's step with the prices at which it buys; None for the manufacturer."""
    seller = impact.seller
    if impact.is_manufacturers or seller.kind not in STEPS:
        return None
    supplier = (
        seller.parent_id or Party.objects.filter(kind=MANUFACTURER).values_list("id", flat=True).first()
    )
    if supplier is None:
        return None
    _supplier, buyer = two_parties(seller_id=supplier, buyer_id=seller.id, on=impact.on)
    products = [ProductFacts(product, sku, "", Decimal(0)) for sku, product in impact.products.items()]
    lists = price_lists_for(seller_id=supplier, buyer=buyer, on=impact.on, products=products)
    return seller.kind, PriceBook(lists, buyer.as_buyer(), impact.on)


def inversion_facts(row: InvertedRow) -> Mapping[str, object]:
    return {
        "qty": row.qty,
        "steps": {step: str(row.ladder[step]) for step in STEPS if step in row.ladder},
        "inversions": [{"before": one.before, "step": one.step, "gap": str(one.gap)} for one in row.after],
    }
