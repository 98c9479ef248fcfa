from alliance.models.contract import Contract, ContractArea, ContractQuerySet, Signature
from alliance.models.guarantee import Evidence, GuaranteeMonth, GuaranteeTotal, SpreadTerm

__all__ = [
    "Contract",
    "ContractArea",
    "ContractQuerySet",
    "Evidence",
    "GuaranteeMonth",
    "GuaranteeTotal",
    "Signature",
    "SpreadTerm",
]
