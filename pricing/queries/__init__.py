from pricing.queries.quotes import STEPS_A_LINE, PricedOrder, quote_for, unavailable_to
from pricing.queries.trade_parties import (
    BuyerFacts,
    ContractNotInForce,
    ProductFacts,
    SellerFacts,
)

__all__ = [
    "STEPS_A_LINE",
    "BuyerFacts",
    "ContractNotInForce",
    "PricedOrder",
    "ProductFacts",
    "SellerFacts",
    "quote_for",
    "unavailable_to",
]
