from pricing.queries.quotes import PricedOrder, UnknownProduct, quote_for
from pricing.queries.trade_parties import (
    BuyerFacts,
    ContractNotInForce,
    ProductFacts,
    SellerFacts,
    UnknownParty,
)

__all__ = [
    "BuyerFacts",
    "ContractNotInForce",
    "PricedOrder",
    "ProductFacts",
    "SellerFacts",
    "UnknownParty",
    "UnknownProduct",
    "quote_for",
]
