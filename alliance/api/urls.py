"""API routes of the alliance."""

from django.urls import path

from alliance.api.draft_views import (
    ContractComparison,
    ContractDraft,
    ContractSubmission,
    ContractTemplateList,
)
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
    path("contracts/<uuid:pk>/draft", ContractDraft.as_view(), name="api-contract-draft"),
    path("contracts/<uuid:pk>/submission", ContractSubmission.as_view(), name="api-contract-submission"),
    path("contracts/<uuid:pk>/comparison", ContractComparison.as_view(), name="api-contract-comparison"),
    path("contract-templates", ContractTemplateList.as_view(), name="api-contract-templates"),
]
