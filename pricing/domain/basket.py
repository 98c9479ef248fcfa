"""The priced lines of an order while schemes are applied to them.

Amounts are whole cents, so that sharing them is exact and fast. A scheme first returns its effect,
so that the schemes of a group can be compared; then the best effect is applied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from kernel.money import ZERO, as_cents, from_cents, share_cents
from kernel.quantities import line_amount
from pricing.domain.base_price import Candidate
from pricing.domain.free_goods import entitled
from pricing.domain.schemes import Bundle, FreeGoods, Scheme, SpecialPrice, Step, StepScheme

_FINE = Decimal("1e-12")
ChoosePrice = Callable[[str, int], Candidate | None]


class Gift(NamedTuple):
    """Free units of a SKU, given by the scheme with this code. The order need not have a line of the SKU."""

    sku: str
    qty: int
    scheme: str


class Basket:
    """Parallel lists over the priced lines; `gross` is the amount before any discount.

    `bundled` counts the units that are part of a bundle's sets.
    """

    __slots__ = (
        "amount",
        "bundled",
        "choose",
        "codes",
        "free",
        "gifts",
        "gross",
        "places",
        "price",
        "qty",
        "saved",
        "skus",
        "unit",
    )

    def __init__(
        self,
        skus: Sequence[str],
        qty: Sequence[int],
        price: Sequence[Candidate],
        choose: ChoosePrice,
    ) -> None:
        self.skus, self.qty, self.price, self.choose = skus, qty, price, choose
        self.unit = [found.entry.price for found in price]
        self.gross = [self.cost(i, unit) for i, unit in enumerate(self.unit)]
        self.amount = list(self.gross)
        self.free = [0] * len(skus)
        self.bundled = [0] * len(skus)
        self.codes: list[list[str]] = [[] for _ in skus]
        self.saved: list[list[int]] = [[] for _ in skus]
        self.gifts: list[Gift] = []
        self.places = {sku: i for i, sku in enumerate(skus)}

    def cost(self, i: int, unit: Decimal) -> int:
        """Return the cents that line `i` costs at a unit price."""
        return as_cents(line_amount(unit, self.qty[i], self.price[i].entry.per))

    def covered(self, skus: frozenset[str] | None) -> Sequence[int]:
        if skus is None:
            return range(len(self.skus))
        return [i for i, sku in enumerate(self.skus) if sku in skus]

    def note(self, i: int, code: str, saved: int) -> None:
        self.codes[i].append(code)
        self.saved[i].append(saved)

    def worth(self, sku: str, units: int) -> Decimal:
        """Return the value of free units at their base price; zero without a price."""
        i = self.places.get(sku)
        found = self.choose(sku, units) if i is None else self.price[i]
        if found is None:
            return ZERO
        return (found.entry.price * units / found.entry.per).quantize(_FINE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the covered lines came: the measured value, the step reached, and the next step."""

    measured: Decimal
    reached: Decimal | None = None
    next: Decimal | None = None


class Effect(Protocol):
    """What a scheme would do to the basket. `reason` says why it would do nothing."""

    @property
    def reason(self) -> str: ...
    @property
    def worth(self) -> Decimal: ...
    @property
    def units(self) -> int: ...
    @property
    def progress(self) -> Progress | None: ...
    def apply(self, basket: Basket, code: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Nothing:
    """The effect of a scheme that does nothing, with the reason."""

    reason: str
    progress: Progress | None = None
    worth: Decimal = Decimal(-1)  # less than a gift without a price
    units: int = 0

    def apply(self, basket: Basket, code: str) -> None:
        """Leave the basket as it is."""


@dataclass(frozen=True, slots=True)
class Cheaper:
    """A lower unit price for some lines, with their new cost in cents."""

    lines: Sequence[tuple[int, int]]
    price: Decimal
    worth: Decimal
    units: int
    reason: str = "applied"
    progress: Progress | None = None

    def apply(self, basket: Basket, code: str) -> None:
        for i, cost in self.lines:
            basket.note(i, code, basket.amount[i] - cost)
            basket.unit[i] = self.price
            basket.gross[i] = basket.amount[i] = cost


@dataclass(frozen=True, slots=True)
class Discount:
    """Cents off, shared among the covered lines in proportion to their amounts."""

    lines: Sequence[int]
    cents: int
    units: int
    progress: Progress
    reason: str = "applied"

    @property
    def worth(self) -> Decimal:
        return from_cents(self.cents)

    def apply(self, basket: Basket, code: str) -> None:
        amount = basket.amount
        shares = share_cents(self.cents, [amount[i] for i in self.lines])
        for i, share in zip(self.lines, shares, strict=True):
            amount[i] -= share
            basket.note(i, code, share)


class SetPart(NamedTuple):
    """The units of a line that belong to the sets of a bundle, and the cents that they cost without it."""

    line: int
    units: int
    cents: int


@dataclass(frozen=True, slots=True)
class Sets:
    """Complete sets of a bundle: cents off, shared in proportion to what the units of the sets cost."""

    parts: Sequence[SetPart]
    cents: int
    units: int
    progress: Progress
    reason: str = "applied"

    @property
    def worth(self) -> Decimal:
        return from_cents(self.cents)

    def apply(self, basket: Basket, code: str) -> None:
        shares = share_cents(self.cents, [part.cents for part in self.parts])
        for part, share in zip(self.parts, shares, strict=True):
            basket.amount[part.line] -= share
            basket.bundled[part.line] += part.units
            basket.note(part.line, code, share)


@dataclass(frozen=True, slots=True)
class FreeUnits:
    """Free units of the SKUs of the lines."""

    lines: Sequence[tuple[int, int]]
    worth: Decimal
    units: int
    reason: str = "applied"
    progress: Progress | None = None

    def apply(self, basket: Basket, code: str) -> None:
        for i, units in self.lines:
            basket.free[i] += units
            basket.note(i, code, 0)


@dataclass(frozen=True, slots=True)
class Gifted:
    """Free units of one gift for all covered lines together."""

    sku: str
    units: int
    worth: Decimal
    progress: Progress
    reason: str = "applied"

    def apply(self, basket: Basket, code: str) -> None:
        basket.gifts.append(Gift(self.sku, self.units, code))


def effect(scheme: Scheme, basket: Basket) -> Effect:
    """Return what the scheme would do to the basket in its present state."""
    covered = basket.covered(scheme.skus)
    if not covered:
        return Nothing("covers_nothing")
    match scheme:
        case SpecialPrice():
            return _special_price(scheme, basket, covered)
        case Bundle():
            return _bundle(scheme, basket)
        case StepScheme():
            return _steps(scheme, basket, covered)
        case FreeGoods():
            return _free_goods(scheme, basket, covered)
        case _:
            raise TypeError(f"{scheme!r} is of no known kind")


def _special_price(scheme: SpecialPrice, basket: Basket, covered: Sequence[int]) -> Effect:
    lower = [(i, basket.cost(i, scheme.price)) for i in covered if scheme.price < basket.unit[i]]
    if not lower:
        return Nothing("not_lower")
    worth = sum(basket.amount[i] - cost for i, cost in lower)
    units = sum(basket.qty[i] for i, _cost in lower)
    return Cheaper(lower, scheme.price, from_cents(worth), units)


def _bundle(scheme: Bundle, basket: Basket) -> Effect:
    places = [basket.places.get(item.sku) for item in scheme.items]
    free = [0 if i is None else basket.qty[i] - basket.bundled[i] for i in places]
    sets = min(units // item.qty for units, item in zip(free, scheme.items, strict=True))
    progress = Progress(Decimal(sets), next=Decimal(sets + 1))
    if not sets:
        return Nothing("incomplete_set", progress)
    parts = [_set_part(basket, i, item.qty * sets) for i, item in zip(places, scheme.items, strict=True)]
    discount = sum(part.cents for part in parts) - as_cents(scheme.price * sets)
    if discount <= 0:
        return Nothing("not_lower", progress)
    return Sets(parts, discount, sets, progress)


def _set_part(basket: Basket, i: int | None, units: int) -> SetPart:
    """Return the part of a line, which costs no more than is left of the line."""
    assert i is not None
    cost = as_cents(line_amount(basket.unit[i], units, basket.price[i].entry.per))
    return SetPart(i, units, min(cost, basket.amount[i]))


def _steps(scheme: StepScheme, basket: Basket, covered: Sequence[int]) -> Effect:
    total = sum(basket.amount[i] for i in covered)
    units = sum(basket.qty[i] for i in covered)
    measured = Decimal(units) if scheme.by_quantity else from_cents(total)
    step, following = scheme.reached(measured), scheme.next_after(measured)
    progress = Progress(measured, step.from_ if step else None, following.from_ if following else None)
    if step is None:
        return Nothing("below_first_step", progress)
    discount = _cents_off(step, total)
    return Discount(covered, discount, units, progress) if discount else Nothing("nothing_off", progress)


def _cents_off(step: Step, total: int) -> int:
    if step.percent_off is not None:
        return as_cents(from_cents(total) * step.percent_off)
    return min(as_cents(step.amount_off or ZERO), total)


def _free_goods(scheme: FreeGoods, basket: Basket, covered: Sequence[int]) -> Effect:
    rule = scheme.rule
    if scheme.gift_sku is not None:
        paid = sum(basket.qty[i] for i in covered)
        units, progress = entitled(rule, paid), Progress(Decimal(paid))
        if not units:
            return Nothing("too_few_units", progress)
        worth = basket.worth(scheme.gift_sku, units)
        return Gifted(scheme.gift_sku, units, worth, progress)
    given = [(i, units) for i in covered if (units := entitled(rule, basket.qty[i]))]
    if not given:
        return Nothing("too_few_units")
    worth = sum((basket.worth(basket.skus[i], n) for i, n in given), ZERO)
    return FreeUnits(given, worth, sum(units for _i, units in given))
