from alliance.models.contract import Contract, ContractArea, ContractQuerySet, Signature
from alliance.models.guarantee import Evidence, GuaranteeKind, GuaranteeMonth, GuaranteeTotal, SpreadTerm
from alliance.models.outline import RegionOutline
from alliance.models.terms import (
    Clause,
    ContractPortfolio,
    ContractRole,
    GuaranteeShare,
    GuaranteeTerm,
    Kpi,
    KpiMetric,
    Link,
    Metric,
    ProofKind,
    Responsibility,
    Rhythm,
    Window,
)

__all__ = [
    "Clause",
    "Contract",
    "ContractArea",
    "ContractPortfolio",
    "ContractQuerySet",
    "ContractRole",
    "Evidence",
    "GuaranteeKind",
    "GuaranteeMonth",
    "GuaranteeShare",
    "GuaranteeTerm",
    "GuaranteeTotal",
    "Kpi",
    "KpiMetric",
    "Link",
    "Metric",
    "ProofKind",
    "RegionOutline",
    "Responsibility",
    "Rhythm",
    "Signature",
    "SpreadTerm",
    "Window",
]
