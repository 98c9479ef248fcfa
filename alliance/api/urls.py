"""API routes of the alliance."""

from django.urls import path

from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
]
