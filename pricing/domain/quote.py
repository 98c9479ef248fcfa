"""The price of an order: base prices, schemes and price protection. Source: rules.md, quote.

Where the rules leave a choice:

- A special price is a price, not a discount. A line is `unit_price × qty ÷ per − discount =
  amount`; `subtotal` is the sum of the former, `discount` that of steps and order amounts.
  `base_price` stays the price before the special price. The ordering screen adds up in this way.
- A scheme that would do nothing is not applied and is named on no line. A scheme with a discount
  is named on every covered line, also where the share of the line is 0.00.
- The schemes of a group that are active for the buyer are compared when the first of them has its
  turn, on the amounts of that moment; the best one is applied. A scheme that would do nothing
  loses to a gift without a price, whose value is 0.
- Free units of a SKU on the order are valued at the base price of its line; those of another SKU
  at the base price of the number of units given.
- An amount is as its list states it, with tax or without: `tax_included` of the line says which. Schemes
  and limits compare amounts and prices as listed, also where an order has lines of both kinds.
- A bundle is a discount on the units of its complete sets, at their prices after special prices.
- A scheme that would take more than its allowance does nothing, and loses in its group.
- A limit is compared with the net unit price as displayed, with 4 places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from kernel.money import ZERO_MONEY, as_cents, cents, exact, from_cents, unit_price
from kernel.quantities import line_amount
from kernel.refusals import Refusal
from kernel.translation import gettext as _
from pricing.domain.audience import Buyer
from pricing.domain.base_price import Candidate, PriceBook, PriceList
from pricing.domain.basket import Basket, Effect, FreeUnits, Gift, Nothing, Progress, effect
from pricing.domain.limits import Limit, worse
from pricing.domain.manual_price import ManualPrice
from pricing.domain.schemes import KINDS, Scheme


class DuplicateSku(Refusal):
    code = "duplicate"


class NoQuantity(Refusal):
    code = "zero"


@dataclass(frozen=True, slots=True)
class Line:
    """A product and its quantity in base units, at least 1. An order names a SKU once.

    A `manual` price replaces the price of the lists; the line then takes no schemes.
    """

    sku: str
    qty: int
    manual: ManualPrice | None = None


@dataclass(frozen=True)
class QuoteRequest:
    """The lines to price on a day for a buyer, with all lists, schemes and limits to consider."""

    on: date
    buyer: Buyer
    price_lists: Sequence[PriceList]
    lines: Sequence[Line]
    schemes: Sequence[Scheme] = ()
    limits: Sequence[Limit] = ()

    @cached_property
    def book(self) -> PriceBook:
        """Index the lists by SKU, once for the prices and for their reasons."""
        return PriceBook(self.price_lists, self.buyer, self.on)


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with its price, or without one (`verdict` no_price, `price_list` None).

    `unit_price` is for `per` base units, `net_unit_price` for one. `saved[i]` is the money that
    `schemes[i]` saved on this line; free units save none, they are in `free_qty`. `broken` are the limits
    outside which the net price lies. A line with a `manual` price has no list; `replaced` is the price of
    the lists in its place, None if they have none.
    """

    sku: str
    qty: int
    verdict: str
    price_list: str | None = None
    base_price: Decimal = ZERO_MONEY
    per: int = 1
    unit_price: Decimal = ZERO_MONEY
    free_qty: int = 0
    subtotal: Decimal = ZERO_MONEY
    discount: Decimal = ZERO_MONEY
    amount: Decimal = ZERO_MONEY
    net_unit_price: Decimal = ZERO_MONEY
    schemes: tuple[str, ...] = ()
    saved: tuple[Decimal, ...] = ()
    clauses: tuple[str, ...] = ()
    tax_included: bool = True
    broken: tuple[Limit, ...] = ()
    manual: ManualPrice | None = None
    replaced: Candidate | None = None

    @property
    def is_priced(self) -> bool:
        return self.price_list is not None

    @property
    def deciding_clauses(self) -> tuple[str, ...]:
        """Return the clauses of the limits whose action is the verdict: of a blocked line no mere advice."""
        return tuple([limit.clause for limit in self.broken if limit.action == self.verdict])


@dataclass(frozen=True, slots=True)
class SchemeOutcome:
    """The outcome of a scheme. Outcomes are in the order in which the schemes were tried.

    `reason`: applied, not_active, other_audience, covers_nothing, not_lower, incomplete_set,
    below_first_step, nothing_off, too_few_units, budget_exhausted, buyer_limit, or group_taken (by
    `winner`). `worth` is the amount that it saves the buyer, or would have saved in place of the winner;
    `units` are what its budget counts. `free` are the free units that it gave, by SKU of the line.
    """

    code: str
    kind: str
    reason: str
    worth: Decimal = ZERO_MONEY
    progress: Progress | None = None
    winner: str | None = None
    units: int = 0
    free: tuple[tuple[str, int], ...] = ()

    @property
    def applied(self) -> bool:
        return self.reason == "applied"


@dataclass(frozen=True, slots=True)
class Quote:
    """The priced lines, gifts and totals, the worst verdict, and the outcome of each scheme."""

    lines: tuple[QuotedLine, ...]
    gifts: tuple[Gift, ...]
    subtotal: Decimal
    discount: Decimal
    total: Decimal
    verdict: str
    schemes: tuple[SchemeOutcome, ...] = ()


@exact
def quote(request: QuoteRequest) -> Quote:
    """Return the price of an order, with every scheme and limit that applies to it.

    Raise DuplicateSku for a SKU named twice and NoQuantity for a quantity below 1.
    """
    _check(request.lines)
    chosen = [request.book.choose(line.sku, line.qty) for line in request.lines]
    basket = _fill(request.lines, chosen, request.book)
    outcomes = _run(request, basket)
    lines = tuple(_show(request, chosen, basket))
    manual = sum(as_cents(line.amount) for line in lines if line.manual is not None)
    subtotal, total = sum(basket.gross) + manual, sum(basket.amount) + manual
    verdict = "ok"
    for line in lines:
        verdict = worse(verdict, line.verdict)
    return Quote(
        lines,
        tuple(basket.gifts),
        from_cents(subtotal),
        from_cents(subtotal - total),
        from_cents(total),
        verdict,
        tuple(outcomes),
    )


@exact
def scheme_outcomes(request: QuoteRequest) -> tuple[SchemeOutcome, ...]:
    """Return the outcomes of the schemes as in `quote`, without building its lines."""
    _check(request.lines)
    chosen = [request.book.choose(line.sku, line.qty) for line in request.lines]
    return tuple(_run(request, _fill(request.lines, chosen, request.book)))


def _check(lines: Sequence[Line]) -> None:
    skus = set()
    for i, line in enumerate(lines):
        if line.qty < 1:
            raise NoQuantity(_("A line needs at least one unit."), field=f"lines[{i}].qty")
        if line.sku in skus:
            message = _("An order names a SKU once, and %(sku)s is there twice.") % {"sku": line.sku}
            raise DuplicateSku(message, field=f"lines[{i}].sku")
        skus.add(line.sku)


def _fill(lines: Sequence[Line], chosen: Sequence[Candidate | None], book: PriceBook) -> Basket:
    skus, qty, prices = [], [], []
    for line, found in zip(lines, chosen, strict=True):
        if found is not None and line.manual is None:
            skus.append(line.sku)
            qty.append(line.qty)
            prices.append(found)
    return Basket(skus, qty, prices, book.choose)


def _run(request: QuoteRequest, basket: Basket) -> Iterable[SchemeOutcome]:
    """Apply the schemes kind by kind; return their outcomes."""
    outcomes, queues = [], {kind: list[Scheme]() for kind in KINDS}
    for scheme in sorted(request.schemes, key=lambda scheme: (-scheme.priority, scheme.code)):
        if scheme.active_for(request.buyer, request.on):
            queues[scheme.kind].append(scheme)
        else:
            active = scheme.period.active_on(request.on)
            reason = "other_audience" if active else "not_active"
            outcomes.append(SchemeOutcome(scheme.code, scheme.kind, reason))
    turns = []
    for queue in queues.values():
        groups: dict[str, list[Scheme]] = {}
        for scheme in queue:
            if scheme.group is not None:
                groups.setdefault(scheme.group, []).append(scheme)
        for scheme in queue:
            if scheme.group is None:
                turns += _settle([scheme], basket)
            elif scheme.group in groups:
                turns += _settle(groups.pop(scheme.group), basket)
    return [*turns, *outcomes]


def _settle(contenders: Sequence[Scheme], basket: Basket) -> list[SchemeOutcome]:
    """Apply the scheme of the highest value; of equals the first by priority and code."""
    effects = [(scheme, _within_allowance(scheme, effect(scheme, basket))) for scheme in contenders]
    winner, best = max(effects, key=lambda pair: pair[1].worth)
    best.apply(basket, winner.code)
    return [
        _outcome(scheme, would, None if scheme is winner else winner.code, basket)
        for scheme, would in effects
    ]


def _within_allowance(scheme: Scheme, would: Effect) -> Effect:
    """Return the effect, or none where it takes more than is left of the scheme's budget."""
    if scheme.allowance is None or would.reason != "applied":
        return would
    refusal = scheme.allowance.refusal(cents(would.worth), would.units)
    return would if refusal is None else Nothing(refusal, would.progress)


def _outcome(scheme: Scheme, would: Effect, winner: str | None, basket: Basket) -> SchemeOutcome:
    lost = winner is not None and would.reason == "applied"
    free: tuple[tuple[str, int], ...] = ()
    if isinstance(would, FreeUnits) and not lost:
        free = tuple([(basket.skus[i], units) for i, units in would.lines])
    return SchemeOutcome(
        scheme.code,
        scheme.kind,
        "group_taken" if lost else would.reason,
        max(would.worth, ZERO_MONEY),
        would.progress,
        winner if lost else None,
        would.units,
        free,
    )


def _show(request: QuoteRequest, chosen: Sequence[Candidate | None], basket: Basket) -> Iterable[QuotedLine]:
    limits: dict[str, list[Limit]] = {}
    for limit in request.limits:
        limits.setdefault(limit.sku, []).append(limit)
    gifts: dict[str, int] = {}
    for gift in basket.gifts:
        gifts[gift.sku] = gifts.get(gift.sku, 0) + gift.qty
    i = -1
    for line, found in zip(request.lines, chosen, strict=True):
        if line.manual is not None:
            yield _manual_line(line, line.manual, found, gifts.get(line.sku, 0), limits.get(line.sku, ()))
            continue
        if found is None:
            yield QuotedLine(line.sku, line.qty, "no_price")
            continue
        i += 1
        amount = from_cents(basket.amount[i])
        units = line.qty + basket.free[i] + gifts.get(line.sku, 0)
        net = unit_price(amount / units)
        broken, verdict = _check_limits(limits.get(line.sku, ()), net)
        yield QuotedLine(
            sku=line.sku,
            qty=line.qty,
            verdict=verdict,
            price_list=found.price_list.code,
            base_price=found.entry.price,
            per=found.entry.per,
            unit_price=basket.unit[i],
            free_qty=basket.free[i],
            subtotal=from_cents(basket.gross[i]),
            discount=from_cents(basket.gross[i] - basket.amount[i]),
            amount=amount,
            net_unit_price=net,
            schemes=tuple(basket.codes[i]),
            saved=tuple([from_cents(saved) for saved in basket.saved[i]]),
            clauses=tuple([limit.clause for limit in broken]),
            tax_included=found.price_list.tax_included,
            broken=broken,
        )


def _check_limits(limits: Iterable[Limit], net: Decimal) -> tuple[tuple[Limit, ...], str]:
    """Return the limits outside which the net price lies, and the worst of their actions."""
    broken = tuple([limit for limit in limits if limit.broken_by(net)])
    verdict = "ok"
    for limit in broken:
        verdict = worse(verdict, limit.action)
    return broken, verdict


def _manual_line(
    line: Line, manual: ManualPrice, found: Candidate | None, gifts: int, limits: Iterable[Limit]
) -> QuotedLine:
    """Return a line at its manual price; free units of its SKU that other lines earn lower its net price."""
    amount = from_cents(as_cents(line_amount(manual.price, line.qty, manual.per)))
    net = unit_price(amount / (line.qty + gifts))
    broken, verdict = _check_limits(limits, net)
    return QuotedLine(
        sku=line.sku,
        qty=line.qty,
        verdict=verdict,
        price_list="",
        base_price=manual.price,
        per=manual.per,
        unit_price=manual.price,
        subtotal=amount,
        amount=amount,
        net_unit_price=net,
        clauses=tuple([limit.clause for limit in broken]),
        broken=broken,
        manual=manual,
        replaced=found,
        tax_included=found is None or found.price_list.tax_included,
    )
