"""The four kinds of schemes. Source: rules.md, quote 2."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from kernel.periods import ALWAYS, Period
from pricing.domain.audience import EVERYONE, Audience, Buyer, includes_buyer
from pricing.domain.free_goods import FreeGoodsRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The fields of all kinds. `skus` None covers every line; of a `group` only one scheme applies."""

    kind: ClassVar[str]
    code: str
    skus: frozenset[str] | None = None
    audience: Audience = EVERYONE
    period: Period = ALWAYS
    priority: int = 0
    group: str | None = None

    def active_for(self, buyer: Buyer, on: date) -> bool:
        return self.period.active_on(on) and includes_buyer(self.audience, buyer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialPrice(Scheme):
    """特价: the unit price becomes `price`, for the same `per`, if that is lower."""

    kind: ClassVar[str] = "special_price"
    price: Decimal


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


KINDS = (SpecialPrice.kind, StepScheme.kind, OrderAmount.kind, FreeGoods.kind)
