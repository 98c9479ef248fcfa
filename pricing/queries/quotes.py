"""The price of an order for one buyer from the stored lists, schemes and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER
from assortment.queries.availability import Unavailable, unavailable_products
from catalogue.queries import UnknownProduct
from pricing.domain.manual_price import ManualPrice
from pricing.domain.quote import Line, Quote, QuoteRequest, quote
from pricing.queries.published_terms import (
    SchemeInForce,
    gift_skus,
    price_lists_for,
    products_and_limits,
    schemes_for,
)
from pricing.queries.trade_parties import BuyerFacts, ProductFacts, SellerFacts, TradeParties, two_parties

# The work of pricing a line, in the steps of accounts.work_budget: 500 lines take 40 ms.
STEPS_A_LINE = 40


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """A quote with the facts that it was calculated from.

    `products` has every SKU of the lines and of the gifts. `request` is the input of the rules;
    `pricing.domain.explain.considered(request, sku, qty)` derives from it why a price won. `unavailable`
    has the ordered products, by SKU, that this buyer cannot order, whatever they cost. `schemes` are
    those in force for the buyer.
    """

    quote: Quote
    buyer: BuyerFacts
    seller: SellerFacts
    products: dict[str, ProductFacts]
    request: QuoteRequest
    unavailable: Mapping[str, Unavailable] = field(default_factory=dict)
    schemes: Sequence[SchemeInForce] = ()

    @property
    def refused(self) -> list[Unavailable]:
        """Return the products that cannot be ordered, with their reasons."""
        return list(self.unavailable.values())


def quote_for(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    lines: Sequence[tuple[str, int]],
    on: date,
    contract_id: UUID | None = None,
    parties: TradeParties | None = None,
    manual: Mapping[str, ManualPrice] | None = None,
    is_order: bool = False,
) -> PricedOrder:
    """Return the price of an order of (SKU, base units) lines from one seller. Five statements,
    and one more for prices that this process has not read yet.

    Without `contract_id` the contract in force between the two parties on the day applies. A caller that
    has read the `parties` on that day saves a statement. `manual` are the prices, by SKU, that the seller
    set for lines of this order; the caller has checked who set them. An order (`is_order`) takes what is
    left of budgets now; otherwise a past day has no budgets, as what was left then is not known. Raise
    UnknownParty, UnknownProduct (which names the line), DuplicateSku, NoQuantity or ContractNotInForce.
    """
    seller, buyer = parties or two_parties(
        seller_id=seller_id, buyer_id=buyer_id, on=on, contract_id=contract_id
    )
    skus = [sku for sku, _qty in lines]
    in_force = schemes_for(seller_id=seller_id, buyer=buyer, skus=skus, on=on)
    if on < timezone.localdate() and not is_order:
        in_force = [replace(one, scheme=replace(one.scheme, allowance=None)) for one in in_force]
    schemes = [one.scheme for one in in_force]
    products, limits = products_and_limits(
        skus=sorted({*skus, *gift_skus(schemes)}),
        seller_id=seller_id,
        buyer=buyer,
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
    set_by_hand = manual or {}
    request = QuoteRequest(
        on=on,
        buyer=buyer.as_buyer(),
        price_lists=price_lists_for(
            seller_id=seller_id, buyer=buyer, on=on, products=list(products.values())
        ),
        lines=[Line(sku, qty, set_by_hand.get(sku)) for sku, qty in lines],
        schemes=schemes,
        limits=limits,
    )
    found = quote(request)
    unavailable = unavailable_to(seller, buyer, skus, on)
    return PricedOrder(found, buyer, seller, products, request, unavailable, in_force)


def unavailable_to(
    seller: SellerFacts, buyer: BuyerFacts, skus: Sequence[str], on: date
) -> dict[str, Unavailable]:
    """Return those of the products that the buyer cannot order from the seller, by SKU; one statement."""
    return unavailable_products(
        buyer_id=buyer.id,
        channel=buyer.channel,
        skus=skus,
        on=on,
        from_manufacturer=seller.kind == MANUFACTURER,
        has_stock_figures=seller.tracks_stock,
    )
