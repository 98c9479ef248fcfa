from alliance.models.application import Application, ApplicationDocument, ApplicationEntry
from alliance.models.authorisation import Authorisation, AuthorisationNotice
from alliance.models.breach import Breach, BreachReply, BreachShare, ServiceFact
from alliance.models.contract import Contract, ContractArea, ContractQuerySet, Signature
from alliance.models.drafting import ContractTemplate, WordingReview
from alliance.models.duty import Duty, DutyEvidence, DutyState, KpiMonth
from alliance.models.ending import EndedBy, EndReason, NoticeKind
from alliance.models.guarantee import Evidence, GuaranteeKind, GuaranteeMonth, GuaranteeTotal, SpreadTerm
from alliance.models.life import ContractNotice, SigningRequest
from alliance.models.outline import RegionOutline
from alliance.models.plan import ChannelPlan, PlanActual, PlanMetric, PlanObjective, PlanTarget
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
    "Application",
    "ApplicationDocument",
    "ApplicationEntry",
    "Authorisation",
    "AuthorisationNotice",
    "Breach",
    "BreachReply",
    "BreachShare",
    "ChannelPlan",
    "Clause",
    "Contract",
    "ContractArea",
    "ContractNotice",
    "ContractPortfolio",
    "ContractQuerySet",
    "ContractRole",
    "ContractTemplate",
    "Duty",
    "DutyEvidence",
    "DutyState",
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
    "KpiMonth",
    "Link",
    "Metric",
    "NoticeKind",
    "PlanActual",
    "PlanMetric",
    "PlanObjective",
    "PlanTarget",
    "ProofKind",
    "RegionOutline",
    "Responsibility",
    "Rhythm",
    "ServiceFact",
    "Signature",
    "SigningRequest",
    "SpreadTerm",
    "Window",
    "WordingReview",
]
