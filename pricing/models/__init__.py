from pricing.models.audience import AudienceKind
from pricing.models.cost import ProductCost
from pricing.models.dry_run import DryRun, DryRunFinding
from pricing.models.limit import Limit
from pricing.models.price_list import PriceEntry, PriceList
from pricing.models.scheme import Scheme
from pricing.models.scheme_use import SchemeBudget, SchemeUse

__all__ = [
    "AudienceKind",
    "DryRun",
    "DryRunFinding",
    "Limit",
    "PriceEntry",
    "PriceList",
    "ProductCost",
    "Scheme",
    "SchemeBudget",
    "SchemeUse",
]
