"""API routes of the alliance."""

from django.urls import path

from alliance.api.breaches import (
    BreachDecision,
    BreachDetail,
    BreachList,
    BreachReplies,
    GuaranteeList,
    ServiceFacts,
)
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
    path("contracts/<uuid:pk>/service-facts", ServiceFacts.as_view(), name="api-contract-service-facts"),
    path("guarantees", GuaranteeList.as_view(), name="api-guarantees"),
    path("breaches", BreachList.as_view(), name="api-breaches"),
    path("breaches/<uuid:pk>", BreachDetail.as_view(), name="api-breach"),
    path("breaches/<uuid:pk>/reply", BreachReplies.as_view(), name="api-breach-reply"),
    path("breaches/<uuid:pk>/decision", BreachDecision.as_view(), name="api-breach-decision"),
]
