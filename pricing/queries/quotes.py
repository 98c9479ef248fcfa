"""What an order costs one buyer today: the stored lists, schemes and limits handed to the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.refusals import Refusal
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.queries.applicable_terms import gift_skus, price_lists_for, products_and_limits, schemes_for
from pricing.queries.trade_parties import BuyerFacts, ProductFacts, SellerFacts, two_parties


class UnknownProduct(Refusal):
    code = "unknown_product"


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """A quote, and the facts that it was made from.

    `products` holds every SKU of the lines and of the gifts. `request` is what the rules were
    given: `pricing.domain.explain.considered(request, sku, qty)` tells from it why a price won.
    """

    quote: Quote
    buyer: BuyerFacts
    seller: SellerFacts
    products: dict[str, ProductFacts]
    request: QuoteRequest


def quote_for(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    lines: Sequence[tuple[str, int]],
    on: date,
    contract_id: UUID | None = None,
) -> PricedOrder:
    """The price of an order of (SKU, base units) lines from one seller; four statements.

    Without `contract_id` the contract in force between the two on the day counts. Refuses an
    unknown party (`not_found`), a SKU that is no product (`unknown_product`, with the line), one
    named twice (`duplicate`), a quantity below 1 (`zero`) and a contract that does not hold.
    """
    seller, buyer = two_parties(seller_id=seller_id, buyer_id=buyer_id, on=on, contract_id=contract_id)
    schemes = schemes_for(seller_id=seller_id, buyer=buyer, on=on)
    skus = [sku for sku, _qty in lines]
    products, limits = products_and_limits(
        skus=sorted({*skus, *gift_skus(schemes)}),
        seller_id=seller_id,
        contract_code=buyer.contract_code,
        on=on,
    )
    for place, sku in enumerate(skus):
        if sku not in products:
            message = _("There is no product with the SKU %(sku)s.") % {"sku": sku}
            raise UnknownProduct(message, field=f"lines[{place}].sku")
    for scheme in schemes:
        for sku in gift_skus([scheme]) - products.keys():
            message = _("The gift %(sku)s of the scheme %(scheme)s is no product.")
            message %= {"sku": sku, "scheme": scheme.code}
            raise UnknownProduct(message, field=f"schemes[{scheme.code}].gift_sku")
    request = QuoteRequest(
        on=on,
        buyer=buyer.as_buyer(),
        price_lists=price_lists_for(
            seller_id=seller_id, buyer=buyer, on=on, products=list(products.values())
        ),
        lines=[Line(sku, qty) for sku, qty in lines],
        schemes=schemes,
        limits=limits,
    )
    found = quote(request)
    return PricedOrder(found, buyer, seller, products, request)
