"""Free goods (8送1): the units earned, the units sent with each shipment, the credit of a return.

Source: rules.md, free-goods. Quantities are whole base units; an entitlement is never rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

from kernel.money import cents, exact
from kernel.refusals import Refusal
from kernel.translation import gettext as _

MODES = ("unit", "proportional", "whole")
COUNTS = ("exclusive", "inclusive")


class TooManyCancelled(Refusal):
    code = "too_many_cancelled"


class TooManyShipped(Refusal):
    code = "too_many_shipped"


class TooManyReturned(Refusal):
    code = "too_many_returned"


class NotWithInclusive(Refusal):
    code = "not_with_inclusive"


class UnitPriceMissing(Refusal):
    code = "missing"


@dataclass(frozen=True, slots=True)
class FreeGoodsRule:
    """`free` units for every `buy`. An inclusive rule counts the free units among the `buy`."""

    buy: int
    free: int
    mode: str = "unit"
    inclusive: bool = False
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Paid and free units that are sent back together."""

    paid: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What was shipped of a line and what became of it.

    `free` counts the free units that were neither sent back nor charged; `charged` those that the buyer paid
    for later, which are its own and come back as paid units; `returned` all paid units sent back.
    """

    shipped: int
    free: int
    returned: int = 0
    charged: int = 0

    @property
    def paid(self) -> int:
        """Return the paid units that earn free ones."""
        return max(0, self.shipped - self.returned)

    @property
    def returnable(self) -> int:
        """Return the units that may still come back as paid ones."""
        return self.shipped + self.charged - self.returned

    def less(self, back: Return) -> Holding:
        """Return the holding after a return."""
        return replace(self, returned=self.returned + back.paid, free=self.free - back.free)

    def unearned(self, earned: int) -> int:
        """Return the free units beyond the `earned` ones: they are charged."""
        return max(0, self.free - earned)

    def charge(self, units: int) -> Holding:
        return replace(self, free=self.free - units, charged=self.charged + units)


@dataclass(frozen=True, slots=True)
class FreeGoodsOrder:
    """The history of one line: units ordered, cancelled, shipped (paid units each) and returned."""

    rule: FreeGoodsRule
    ordered: int
    cancelled: int = 0
    shipments: tuple[int, ...] | None = None
    unit_price: Decimal | None = None
    returns: tuple[Return, ...] | None = None

    @property
    def remaining(self) -> int:
        return self.ordered - self.cancelled


@dataclass(frozen=True, slots=True)
class ReturnCredit:
    """The credit of one return, with its reasons.

    The buyer keeps `charged` free units that it no longer earns, and pays for them. The credit is negative
    if they cost more than what was returned; it is posted anyway. `still_paid` counts charged units too.
    """

    credit: Decimal
    charged: int
    still_paid: int
    still_free: int


@dataclass(frozen=True, slots=True)
class FreeGoodsAnswer:
    """What a line earns: free units in all, by shipment, and the credit of each return."""

    entitled: int
    paid: int
    free_by_shipment: tuple[int, ...] | None = None
    returns: tuple[ReturnCredit, ...] | None = None


def entitled(rule: FreeGoodsRule, qty: int) -> int:
    """Return the free units that `qty` units earn; for an inclusive rule `qty` includes the free ones."""
    if rule.mode == "proportional":
        free = qty * rule.free // rule.buy
    elif rule.mode == "whole" and qty % rule.buy:
        free = 0
    else:
        free = qty // rule.buy * rule.free
    return free if rule.cap is None else min(free, rule.cap)


def follow(order: FreeGoodsOrder) -> FreeGoodsAnswer:
    """Return what a line earns over its history.

    Raise TooManyCancelled, TooManyShipped, TooManyReturned, NotWithInclusive or UnitPriceMissing.
    """
    _check_keys(order)
    if order.cancelled > order.ordered:
        message = _("More is cancelled than was ordered.")
        raise TooManyCancelled(message, field="cancelled", ordered=order.ordered)
    remaining, sent = order.remaining, None
    free = entitled(order.rule, remaining)
    if order.rule.inclusive:
        return FreeGoodsAnswer(free, remaining - free)
    if order.shipments is not None:
        sent = free_by_shipment(order.rule, remaining, order.shipments)
    credits = None
    if order.returns and order.unit_price is not None:
        shipped = (remaining, free) if sent is None else (sum(order.shipments or ()), sum(sent))
        credits = return_credits(order.rule, *shipped, order.unit_price, order.returns)
    return FreeGoodsAnswer(free, remaining, sent, credits)


def _check_keys(order: FreeGoodsOrder) -> None:
    """Refuse what an inclusive rule does not take, and returns without a price. An empty list is absent."""
    for field, given in (("shipments", order.shipments), ("returns", order.returns)):
        if given and order.rule.inclusive:
            message = _("A rule that counts inclusively takes neither shipments nor returns.")
            raise NotWithInclusive(message, field=field)
    if order.returns and order.unit_price is None:
        message = _("A return cannot be credited without the unit price.")
        raise UnitPriceMissing(message, field="unit_price")


def free_sent(rule: FreeGoodsRule, shipped: int, remaining: int) -> int:
    """Return the free units sent with the first `shipped` of `remaining` paid units.

    In mode "whole" all free units are sent with the shipment that completes the order, none before.
    """
    return 0 if rule.mode == "whole" and shipped < remaining else entitled(rule, shipped)


def free_by_shipment(rule: FreeGoodsRule, remaining: int, shipments: Sequence[int]) -> tuple[int, ...]:
    """Return the free units sent with each shipment of paid units, out of `remaining` paid units in all.

    Counted cumulatively, so that the number of shipments does not matter. Raise TooManyShipped.
    """
    so_far = list(accumulate(shipments))
    for i, shipped in enumerate(so_far):
        if shipped > remaining:
            message = _("More is shipped than was ordered and not cancelled.")
            raise TooManyShipped(message, field=f"shipments[{i}]", ordered=remaining, shipped=shipped)
    earned = [free_sent(rule, shipped, remaining) for shipped in so_far]
    return tuple(now - before for now, before in zip(earned, [0, *earned], strict=False))


@exact
def return_credits(
    rule: FreeGoodsRule,
    paid: int,
    free: int,
    price: Decimal,
    returns: Sequence[Return],
) -> tuple[ReturnCredit, ...]:
    """Return the credit of each return of a buyer to whom `paid` and `free` units were shipped.

    Free units beyond those that the remaining paid units earn come back or are charged at `price`; a
    charged unit comes back as a paid one. Raise TooManyReturned.
    """
    holding, credits = Holding(paid, free), []
    for i, back in enumerate(returns):
        for field, units, held in (
            ("paid", back.paid, holding.returnable),
            ("free", back.free, holding.free),
        ):
            if units > held:
                message = _("More units are returned than the buyer holds.")
                raise TooManyReturned(message, field=f"returns[{i}].{field}", held=held)
        holding = holding.less(back)
        charged = holding.unearned(entitled(rule, holding.paid))
        holding = holding.charge(charged)
        credit = cents(price * (back.paid - charged))
        credits.append(ReturnCredit(credit, charged, holding.returnable, holding.free))
    return tuple(credits)
