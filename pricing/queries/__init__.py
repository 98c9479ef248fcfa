from pricing.queries.facts import BuyerFacts, ContractNotInForce, ProductFacts, SellerFacts, UnknownParty
from pricing.queries.quoting import PricedOrder, UnknownProduct, quote_for

__all__ = [
    "BuyerFacts", "ContractNotInForce", "PricedOrder", "ProductFacts", "SellerFacts",
    "UnknownParty", "UnknownProduct", "quote_for",
]  # fmt: skip
