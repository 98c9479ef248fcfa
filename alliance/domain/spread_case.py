"""Reading and writing the spread guarantee as JSON cases, in the shape of rules.md, spread."""

from typing import Any

from alliance.domain.spread import Sale, SpreadOwed, SpreadRequest
from kernel.cases import Case, count, plain, price

Json = dict[str, Any]


def read(value: object, path: str = "") -> SpreadRequest:
    """Read a spread request. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        return SpreadRequest(
            guaranteed=case.need("guaranteed", price),
            sales=tuple(case.each("sales", _sale)),
        )


def _sale(value: object, path: str) -> Sale:
    with Case(value, path) as sale:
        return Sale(
            purchase_price=sale.need("purchase_price", price),
            advised_resale=sale.need("advised_resale", price),
            qty=sale.need("qty", count),
        )


def write(request: SpreadRequest, answer: SpreadOwed) -> Json:
    """Return the result as JSON."""
    return {
        "lines": [
            {
                "spread": plain(line.spread),
                "shortfall": plain(line.shortfall),
                "amount": plain(line.amount),
                "kept": not line.shortfall,
            }
            for line in answer.lines
        ],
        "amount": plain(answer.amount),
    }
