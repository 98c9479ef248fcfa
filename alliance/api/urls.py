"""API routes of the alliance."""

from django.urls import path

from alliance.api.duties import ContractKpis, DutyList, DutyReports, ResponsibilityList
from alliance.api.plans import (
    ObjectiveAgreement,
    ObjectiveCounterProposal,
    ObjectiveList,
    PlanDetail,
    PlanList,
)
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
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
]
