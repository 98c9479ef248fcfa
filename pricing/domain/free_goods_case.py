"""Reading and writing free goods as JSON cases, in the shape of rules.md, free-goods."""

from typing import Any

from kernel.cases import Case, InvalidCase, count, list_of, one_of, plain, positive, price
from kernel.translation import gettext as _
from pricing.domain.free_goods import (
    COUNTS,
    MODES,
    FreeGoodsAnswer,
    FreeGoodsOrder,
    FreeGoodsRule,
    Return,
)

Json = dict[str, Any]


def read(value: object, path: str = "") -> FreeGoodsOrder:
    """Read an order line. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        shipments = case.take("shipments", list_of(count), None)
        returns = case.take("returns", list_of(_return), None)
        order = FreeGoodsOrder(
            rule=case.need("rule", _rule),
            ordered=case.need("ordered", count),
            cancelled=case.take("cancelled", count, 0),
            shipments=None if shipments is None else tuple(shipments),
            unit_price=case.take("unit_price", price, None),
            returns=None if returns is None else tuple(returns),
        )
    if order.rule.inclusive and order.rule.free > order.rule.buy:
        message = _("More are free than there are to count.")
        raise InvalidCase("too_many_free", message, field=f"{case.at('rule')}.free")
    return order


def _rule(value: object, path: str) -> FreeGoodsRule:
    with Case(value, path) as case:
        return FreeGoodsRule(
            buy=case.need("buy", positive),
            free=case.need("free", count),
            mode=case.take("mode", one_of(*MODES), "unit"),
            inclusive=case.take("count", one_of(*COUNTS), "exclusive") == "inclusive",
            cap=case.take("cap", count, None),
        )


def _return(value: object, path: str) -> Return:
    with Case(value, path) as back:
        return Return(paid=back.need("paid", count), free=back.need("free", count))


def write(order: FreeGoodsOrder, answer: FreeGoodsAnswer) -> Json:
    """Return the result as JSON."""
    result: Json = {"entitled": answer.entitled, "paid": answer.paid}
    if answer.free_by_shipment is not None:
        result["free_by_shipment"] = list(answer.free_by_shipment)
    if answer.returns is not None:
        result["return_credits"] = [plain(back.credit) for back in answer.returns]
        result["explanation"] = [
            {
                "returned_paid": back.paid,
                "returned_free": back.free,
                "charged": credit.charged,
                "still_paid": credit.still_paid,
                "still_free": credit.still_free,
            }
            for back, credit in zip(order.returns or (), answer.returns, strict=True)
        ]
    return result
