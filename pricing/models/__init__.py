from pricing.models.audience import AudienceKind
from pricing.models.limit import Limit
from pricing.models.price_list import PriceEntry, PriceList
from pricing.models.scheme import Scheme
from pricing.models.scheme_use import SchemeBudget, SchemeUse

__all__ = ["AudienceKind", "Limit", "PriceEntry", "PriceList", "Scheme", "SchemeBudget", "SchemeUse"]
