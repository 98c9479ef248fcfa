"""An example order of a scheme, priced by the quote itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from kernel.money import exact
from kernel.periods import ALWAYS
from pricing.domain.audience import EVERYONE, Buyer
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.domain.schemes import Bundle, FreeGoods, Scheme, StepScheme

ASSUMED_PRICE = Decimal(100)
MAX_EXAMPLE_UNITS = 1_000_000
UNITS = 10
SOME_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Priced:
    """The base price of a product, for `per` base units."""

    price: Decimal = ASSUMED_PRICE
    per: int = 1

    @property
    def each(self) -> Decimal:
        return self.price / self.per


@exact
def worked_examples(scheme: Scheme, prices: Mapping[str, Priced], sku: str) -> list[Quote]:
    """Return quotes of orders that a scheme applies to: one for each step, else one.

    `sku` is the product of the orders where the scheme covers it; `prices` need not have all products.
    """
    alone = replace(scheme, audience=EVERYONE, period=ALWAYS, group=None, allowance=None)
    covered = sku if scheme.skus is None or sku in scheme.skus else min(scheme.skus, default=sku)
    return [_quote(alone, lines, prices) for lines in _orders(alone, covered, prices)]


def _orders(scheme: Scheme, sku: str, prices: Mapping[str, Priced]) -> Sequence[Sequence[Line]]:
    match scheme:
        case Bundle(items=items):
            return [[Line(item.sku, 2 * item.qty) for item in items]]
        case StepScheme(steps=steps):
            each = Decimal(1) if scheme.by_quantity else prices.get(sku, Priced()).each
            return [[Line(sku, _units(step.from_, each))] for step in steps]
        case FreeGoods(rule=rule):
            return [[Line(sku, 2 * rule.buy)]]
        case _:
            return [[Line(sku, UNITS)]]


def _units(target: Decimal, each: Decimal) -> int:
    if each <= 0:
        return 1
    units = int((target / each).to_integral_value(ROUND_CEILING))
    return min(max(units, 1), MAX_EXAMPLE_UNITS)


def _quote(scheme: Scheme, lines: Sequence[Line], prices: Mapping[str, Priced]) -> Quote:
    gift = scheme.gift_sku if isinstance(scheme, FreeGoods) else None
    skus = {line.sku for line in lines} | ({gift} if gift else set())
    entries = [
        PriceEntry(sku, found.price, found.per)
        for sku in sorted(skus)
        for found in [prices.get(sku, Priced())]
    ]
    price_list = PriceList(code="-", audience=EVERYONE, entries=entries)
    return quote(QuoteRequest(SOME_DAY, Buyer("-"), [price_list], lines, [scheme]))
