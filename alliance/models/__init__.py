from alliance.models.contract import Contract, ContractArea, ContractQuerySet, Signature
from alliance.models.ending import EndedBy, EndReason, NoticeKind
from alliance.models.guarantee import Evidence, GuaranteeKind, GuaranteeMonth, GuaranteeTotal, SpreadTerm
from alliance.models.life import ContractNotice, SigningRequest
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
    "ContractNotice",
    "ContractPortfolio",
    "ContractQuerySet",
    "ContractRole",
    "EndReason",
    "EndedBy",
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
    "NoticeKind",
    "ProofKind",
    "Responsibility",
    "Rhythm",
    "Signature",
    "SigningRequest",
    "SpreadTerm",
    "Window",
]
