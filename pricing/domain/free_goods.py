"""Free goods (8送1): the units earned, the units sent with each shipment, the credit of a return.

Source: rules.md, free-goods. Quantities are whole base units; an entitlement is never rounded up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from kernel.money import cents, exact
from kernel.refusals import Refusal

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

    `excess` free units had to come back or be paid; the buyer did not return `charged` of them and
    pays for them. The credit is negative if they cost more than what was returned; it is posted anyway.
    """

    credit: Decimal
    excess: int
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
    if order.cancelled > order.ordered:
        message = "More is cancelled than was ordered."
        raise TooManyCancelled(message, field="cancelled", ordered=order.ordered)
    if order.rule.inclusive:
        return _inclusive(order)
    remaining, sent = order.remaining, None
    if order.shipments is not None:
        sent = free_by_shipment(order.rule, remaining, order.shipments)
    credits = None
    if order.returns is not None:
        credits = _credits(order, sent)
    return FreeGoodsAnswer(entitled(order.rule, remaining), remaining, sent, credits)


def _inclusive(order: FreeGoodsOrder) -> FreeGoodsAnswer:
    for field, given in (("shipments", order.shipments), ("returns", order.returns)):
        if given:
            message = f"A rule that counts inclusively takes no {field}."
            raise NotWithInclusive(message, field=field)
    free = entitled(order.rule, order.remaining)
    return FreeGoodsAnswer(free, order.remaining - free)


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
            message = "More is shipped than was ordered and not cancelled."
            raise TooManyShipped(message, field=f"shipments[{i}]", ordered=remaining, shipped=shipped)
    earned = [free_sent(rule, shipped, remaining) for shipped in so_far]
    return tuple(now - before for now, before in zip(earned, [0, *earned], strict=False))


def _credits(order: FreeGoodsOrder, sent: Sequence[int] | None) -> tuple[ReturnCredit, ...]:
    if not order.returns:
        return ()
    if order.unit_price is None:
        message = "A return cannot be credited without the unit price."
        raise UnitPriceMissing(message, field="unit_price")
    if sent is None:
        paid, free = order.remaining, entitled(order.rule, order.remaining)
    else:
        paid, free = sum(order.shipments or ()), sum(sent)
    return return_credits(order.rule, paid, free, order.unit_price, order.returns)


@exact
def return_credits(
    rule: FreeGoodsRule,
    paid: int,
    free: int,
    price: Decimal,
    returns: Sequence[Return],
) -> tuple[ReturnCredit, ...]:
    """Return the credit of each return of a buyer who holds `paid` and `free` units.

    Free units beyond those that the remaining paid units earn come back or are charged at `price`,
    once; then they belong to the buyer. Free units sent back beyond that earn no credit, but count as
    returned, so that a later return does not require them again. Raise TooManyReturned.
    """
    charged_before, credits = 0, []
    for i, back in enumerate(returns):
        for field, sent_back, held in (
            ("paid", back.paid, paid),
            ("free", back.free, free + charged_before),
        ):
            if sent_back > held:
                message = f"More {field} units are returned than the buyer holds."
                raise TooManyReturned(message, field=f"returns[{i}].{field}", held=held)
        paid -= back.paid
        excess = max(0, free - entitled(rule, paid))
        charged = max(0, excess - back.free)
        of_free = min(back.free, free)
        free -= charged + of_free
        charged_before += charged - (back.free - of_free)
        credit = cents(price * (back.paid - charged))
        credits.append(ReturnCredit(credit, excess, charged, paid, free))
    return tuple(credits)
