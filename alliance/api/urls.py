"""API routes of the alliance."""

from django.urls import path

from alliance.api import life
from alliance.api.breaches import (
    BreachDecision,
    BreachDetail,
    BreachList,
    BreachReplies,
    GuaranteeList,
    ServiceFacts,
)
from alliance.api.draft_views import (
    ContractComparison,
    ContractDraft,
    ContractSubmission,
    ContractTemplateList,
)
from alliance.api.duties import ContractKpis, DutyList, DutyReports, ResponsibilityList
from alliance.api.plans import (
    ObjectiveAgreement,
    ObjectiveCounterProposal,
    ObjectiveList,
    PlanDetail,
    PlanList,
)
from alliance.api.recruitment import (
    ApplicationDecision,
    ApplicationDetail,
    ApplicationList,
    AuthorisationDetail,
    AuthorisationList,
    AuthorisationRevocation,
    AuthorisationVerification,
)
from alliance.api.regions import ConcernedContracts, RegionChangeList, RegionMapView, Remapping
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
    path("applications", ApplicationList.as_view(), name="api-applications"),
    path("applications/<uuid:pk>", ApplicationDetail.as_view(), name="api-application"),
    path("applications/<uuid:pk>/decision", ApplicationDecision.as_view(), name="api-application-decision"),
    path("authorisations", AuthorisationList.as_view(), name="api-authorisations"),
    path("authorisations/<uuid:pk>", AuthorisationDetail.as_view(), name="api-authorisation"),
    path(
        "authorisations/<uuid:pk>/revocation",
        AuthorisationRevocation.as_view(),
        name="api-authorisation-revocation",
    ),
    path(
        "authorisations/verification/<slug:code>",
        AuthorisationVerification.as_view(),
        name="api-authorisation-verification",
    ),
    path("contracts/<uuid:pk>/sign-state", life.SignState.as_view(), name="api-contract-sign-state"),
    path("contracts/<uuid:pk>/pdf", life.Pdf.as_view(), name="api-contract-pdf"),
    path("contracts/<uuid:pk>/end", life.End.as_view(), name="api-contract-end"),
    path("contracts/<uuid:pk>/deposit", life.Deposit.as_view(), name="api-contract-deposit"),
    path("contracts/verify/<slug:code>", life.Verification.as_view(), name="api-contract-verify"),
    path(
        "contracts/<uuid:pk>/responsibilities",
        ResponsibilityList.as_view(),
        name="api-contract-responsibilities",
    ),
    path("contracts/<uuid:pk>/kpis", ContractKpis.as_view(), name="api-contract-kpis"),
    path("duties", DutyList.as_view(), name="api-duties"),
    path("duties/<uuid:pk>/evidence", DutyReports.as_view(), name="api-duty-evidence"),
    path("plans", PlanList.as_view(), name="api-plans"),
    path("plans/<uuid:pk>", PlanDetail.as_view(), name="api-plan"),
    path("objectives", ObjectiveList.as_view(), name="api-objectives"),
    path("objectives/<uuid:pk>/agreement", ObjectiveAgreement.as_view(), name="api-objective-agreement"),
    path(
        "objectives/<uuid:pk>/counter-proposal",
        ObjectiveCounterProposal.as_view(),
        name="api-objective-counter-proposal",
    ),
    path("contracts/<uuid:pk>/remap", Remapping.as_view(), name="api-contract-remap"),
    path("regions/map", RegionMapView.as_view(), name="api-region-map"),
    path("regions/changes", RegionChangeList.as_view(), name="api-region-changes"),
    path("regions/changes/contracts", ConcernedContracts.as_view(), name="api-region-change-contracts"),
    path("contracts/<uuid:pk>/draft", ContractDraft.as_view(), name="api-contract-draft"),
    path("contracts/<uuid:pk>/submission", ContractSubmission.as_view(), name="api-contract-submission"),
    path("contracts/<uuid:pk>/comparison", ContractComparison.as_view(), name="api-contract-comparison"),
    path("contract-templates", ContractTemplateList.as_view(), name="api-contract-templates"),
    path("contracts/<uuid:pk>/service-facts", ServiceFacts.as_view(), name="api-contract-service-facts"),
    path("guarantees", GuaranteeList.as_view(), name="api-guarantees"),
    path("breaches", BreachList.as_view(), name="api-breaches"),
    path("breaches/<uuid:pk>", BreachDetail.as_view(), name="api-breach"),
    path("breaches/<uuid:pk>/reply", BreachReplies.as_view(), name="api-breach-reply"),
    path("breaches/<uuid:pk>/decision", BreachDecision.as_view(), name="api-breach-decision"),
]
