from rebates.models.price_drop import (
    PriceDrop,
    PriceDropClaim,
    PriceDropDocument,
    PriceDropLayer,
    PriceDropLine,
    PriceProtectionPolicy,
)
from rebates.models.program import Program, ProgramProduct
from rebates.models.settlement import Audience, Carried, Settlement, Statement, Tally

__all__ = [
    "Audience",
    "Carried",
    "PriceDrop",
    "PriceDropClaim",
    "PriceDropDocument",
    "PriceDropLayer",
    "PriceDropLine",
    "PriceProtectionPolicy",
    "Program",
    "ProgramProduct",
    "Settlement",
    "Statement",
    "Tally",
]
