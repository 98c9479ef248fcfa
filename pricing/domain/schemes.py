"""The kinds of schemes. Source: rules.md, quote 2; bundles: docs/adr/0044-schemes-with-budgets.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from kernel.periods import ALWAYS, Period
from pricing.domain.audience import EVERYONE, Audience, Buyer, includes_buyer
from pricing.domain.free_goods import FreeGoodsRule


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the budget of a scheme, and of the limit of the buyer. None is unlimited.

    Money counts what the buyer saves, units what the scheme counts: the paid units that are cheaper, the
    free units, or the sets of a bundle.
    """

    money: Decimal | None = None
    units: int | None = None
    buyer_money: Decimal | None = None
    buyer_units: int | None = None

    def refusal(self, money: Decimal, units: int) -> str | None:
        """Return why a use exceeds what is left: budget_exhausted, buyer_limit, or None."""
        if _exceeds(money, self.money) or _exceeds(units, self.units):
            return "budget_exhausted"
        if _exceeds(money, self.buyer_money) or _exceeds(units, self.buyer_units):
            return "buyer_limit"
        return None


def _exceeds(wanted: Decimal | int, left: Decimal | int | None) -> bool:
    return left is not None and wanted > left


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The fields of all kinds. `skus` None covers every line; of a `group` only one scheme applies.

    A scheme applies to an order within its `allowance` or not at all.
    """

    kind: ClassVar[str]
    code: str
    skus: frozenset[str] | None = None
    audience: Audience = EVERYONE
    period: Period = ALWAYS
    priority: int = 0
    group: str | None = None
    allowance: Allowance | None = None

    @property
    def is_used_up(self) -> bool:
        """Return whether the allowance does not suffice for a single unit or cent."""
        return self.allowance is not None and self.allowance.refusal(Decimal("0.01"), 1) is not None

    def active_for(self, buyer: Buyer, on: date) -> bool:
        return self.period.active_on(on) and includes_buyer(self.audience, buyer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialPrice(Scheme):
    """特价: the unit price becomes `price`, for the same `per`, if that is lower."""

    kind: ClassVar[str] = "special_price"
    price: Decimal


@dataclass(frozen=True, slots=True)
class BundleItem:
    """Base units of a product in one set of a bundle."""

    sku: str
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle(Scheme):
    """组合套餐: as many complete sets of the `items` as an order has, each at `price`."""

    kind: ClassVar[str] = "bundle"
    items: tuple[BundleItem, ...]
    price: Decimal

    def missing(self, ordered: Mapping[str, int]) -> tuple[BundleItem, ...]:
        """Return what the next complete set needs beyond the `ordered` base units, by SKU."""
        sets = min(ordered.get(item.sku, 0) // item.qty for item in self.items)
        return tuple(
            BundleItem(item.sku, more)
            for item in self.items
            if (more := item.qty * (sets + 1) - ordered.get(item.sku, 0)) > 0
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A fraction off or an amount off, one of the two, from a measured value of `from_` on."""

    from_: Decimal
    percent_off: Decimal | None = None
    amount_off: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScheme(Scheme):
    """坎级: the highest step that the covered lines reach together applies to all of them."""

    kind: ClassVar[str] = "step"
    steps: tuple[Step, ...]
    by_quantity: bool = False

    def reached(self, measure: Decimal) -> Step | None:
        return next((step for step in reversed(self.steps) if measure >= step.from_), None)

    def next_after(self, measure: Decimal) -> Step | None:
        return next((step for step in self.steps if step.from_ > measure), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAmount(StepScheme):
    """满减: has the shape of a step scheme, and applies to the amounts left by the steps."""

    kind: ClassVar[str] = "order_amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeGoods(Scheme):
    """8送1: per line for the same SKU; over all covered lines together for a `gift_sku`."""

    kind: ClassVar[str] = "free_goods"
    rule: FreeGoodsRule
    gift_sku: str | None = None


KINDS = (SpecialPrice.kind, Bundle.kind, StepScheme.kind, OrderAmount.kind, FreeGoods.kind)
