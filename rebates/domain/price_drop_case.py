"""Read and write compensations for a price drop as JSON cases; the format is in rules.md, price-drop."""

from dataclasses import dataclass
from typing import Any

from kernel.cases import Case, InvalidCase, amount, count, day, flag, fraction, plain, price
from kernel.money import ONE
from kernel.translation import gettext as _
from rebates.domain.price_drop import (
    Compensation,
    Layer,
    ProtectionTerms,
    Receipt,
    StockAtDrop,
    Transit,
    compensation,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PriceDropRequest:
    stock: StockAtDrop
    terms: ProtectionTerms


def read(value: object, path: str = "") -> PriceDropRequest:
    with Case(value, path) as case:
        request = PriceDropRequest(
            StockAtDrop(
                effective=case.need("effective", day),
                new_price=case.need("new_price", price),
                on_hand=case.need("on_hand", count),
                receipts=case.each("receipts", _receipt),
                in_transit=case.some("in_transit", _transit),
            ),
            ProtectionTerms(
                lookback_days=case.need("lookback_days", count),
                share=case.take("price_share", fraction, ONE),
                cap=case.take("cap", amount, None),
                in_transit_included=case.take("in_transit_included", flag, True),
            ),
        )
    for place, receipt in enumerate(request.stock.receipts):
        if receipt.day > request.stock.effective:
            message = _("This receipt is later than the day on which the price falls.")
            raise InvalidCase("too_late", message, field=f"{case.at('receipts')}[{place}].date")
    return request


def _receipt(value: object, path: str) -> Receipt:
    with Case(value, path) as one:
        return Receipt(day=one.need("date", day), qty=one.need("qty", count), price=one.need("price", price))


def _transit(value: object, path: str) -> Transit:
    with Case(value, path) as one:
        return Transit(qty=one.need("qty", count), price=one.need("price", price))


def answer(request: PriceDropRequest) -> Compensation:
    return compensation(request.stock, request.terms)


def write(request: PriceDropRequest, found: Compensation) -> Json:
    credits = found.credits
    return {
        "layers": [_layer(layer) for layer in found.layers],
        "unmatched": found.unmatched,
        "amount": plain(found.amount),
        "explanation": {
            "new_price": plain(request.stock.new_price),
            "credits": plain(credits),
            "capped": found.amount < credits,
        },
    }


def _layer(layer: Layer) -> Json:
    return {
        "date": layer.day and layer.day.isoformat(),
        "qty": layer.qty,
        "price": plain(layer.price),
        "reason": layer.reason,
        "credit": plain(layer.credit),
    }
