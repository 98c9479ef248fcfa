from alliance.models.contract import Contract, ContractArea, ContractQuerySet, Signature
from alliance.models.guarantee import Evidence, GuaranteeMonth, SpreadTerm

__all__ = [
    "Contract", "ContractArea", "ContractQuerySet", "Evidence", "GuaranteeMonth", "Signature", "SpreadTerm",
]  # fmt: skip
