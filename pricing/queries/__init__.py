from pricing.queries.quotes import PricedOrder, quote_for
from pricing.queries.trade_parties import (
    BuyerFacts,
    ContractNotInForce,
    ProductFacts,
    SellerFacts,
)

__all__ = [
    "BuyerFacts",
    "ContractNotInForce",
    "PricedOrder",
    "ProductFacts",
    "SellerFacts",
    "quote_for",
]
